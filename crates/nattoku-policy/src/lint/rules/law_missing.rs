//! `law-missing`: a policy that does not say under which law it is written.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a policy that names no law.
    LawMissing = "law-missing", Law, Warning, ["R6", "CORE-10"];
    ja: "どの法令の、どの版の下で書かれたか `law` のないポリシーを報告します。",
        "条文の番号も義務も、法令の版によって違います。版が分からなければ、何を守ると約束したのかが読み取れません。書かれるまでは、施行されている個人情報保護法で判断します。";
    en: "Reports a policy that does not name in `law` the law it is written under, with its version.",
        "Articles and duties differ from one version of a law to the next. Without it nobody can read what the policy \
         promises to keep. Until then it is judged under APPI in force.";
    kdl: r#"policy carrier version="2019-12-11" { effective "2019-12-11"; timezone "Asia/Tokyo"; languages ja en }"#
    => r#"policy carrier version="2019-12-11" {
    effective "2019-12-11"; timezone "Asia/Tokyo"; languages ja en
    law appi "2022-04-01"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if cx.policy.laws.is_empty() {
        let message = Words::new(
            "どの法令の下で書かれたポリシーかが示されていません",
            "the policy does not name the law it is written under",
        );
        let help = Words::new(
            "`law appi \"2022-04-01\"` のように書いてください",
            "write for example `law appi \"2022-04-01\"`",
        );
        out.push(rule.finding(cx.policy_label(), message).help(help));
    }
}
