//! `charter-missing`: a policy that is made under nothing.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a policy without a parent instrument.
    CharterMissing = "charter-missing", Law, Warning, ["R2"];
    ja: "上位の文書 `document … parent=#true` のないポリシーを報告します。",
        "ポリシーは、組織が自らに課した憲章の下で定めるものです。上位の文書が示されなければ、何に照らして改められるのかが分かりません。";
    en: "Reports a policy without a parent instrument, `document … parent=#true`.",
        "A policy is made under the charter by which the organization binds itself. Without it nobody can tell by what the \
         policy is to be judged when it changes.";
    kdl: r#"document charter { ja "パーソナルデータ憲章"; en "Personal Data Charter" }"#
    => r#"document charter parent=#true { ja "パーソナルデータ憲章"; en "Personal Data Charter" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !cx.policy.documents.iter().any(|d| d.is_parent) {
        let message = Words::new(
            "ポリシーの上位の文書がありません",
            "there is no document under which the policy is made",
        );
        let help = Words::new(
            "憲章などの文書に `parent=#true` を書いてください",
            "mark the charter, or what stands in its place, with `parent=#true`",
        );
        out.push(rule.finding(cx.policy_label(), message).help(help));
    }
}
