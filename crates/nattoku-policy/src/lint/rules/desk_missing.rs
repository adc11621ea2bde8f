//! `desk-missing`: a policy with nowhere to ask.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a policy without a desk.
    DeskMissing = "desk-missing", Law, Warning, ["R70", "APPI-32-1", "APPI-40"];
    ja: "窓口 `desk` が一つもないポリシーを報告します。",
        "苦情の申し出先は、本人が知ることのできる状態に置く義務があります。";
    en: "Reports a policy without any `desk`.",
        "Where to complain has to be made known to principals.";
    kdl: r#"policy carrier version="2019-12-11" { effective "2019-12-11"; timezone "Asia/Tokyo"; languages ja en }"#
    => r#"desk customer_service {
    ja "お客さま窓口"; en "Customer service"
    phone "0570-000-000" toll=#true
    open from="10:00" to="18:00" calendar=office
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if cx.policy.desks.is_empty() {
        let message =
            Words::new("お客さまが尋ねる窓口がありません", "there is no desk where customers can ask");
        let help = Words::new("`desk` を宣言してください", "declare a `desk`");
        out.push(rule.finding(cx.policy_label(), message).help(help));
    }
}
