//! `statute-without-effect`: a statute for a class of which the activity uses nothing.

use nattoku_model::policy::Rule;

use super::{classes_within, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports statutes for classes that none of the activity's categories has.
    StatuteWithoutEffect = "statute-without-effect", Law, Warning, ["TEL-1", "TEL-7"];
    ja: "利用が使う項目のどれも属さない区分についての `statute` を報告します。",
        "要らない根拠が残っていると、後からその区分のデータが加わったとき、同意なしに使えてしまいます。";
    en: "Reports a `statute` for a class that none of the categories of the activity has.",
        "A ground that nothing needs lets data of that class in without consent as soon as somebody adds them.";
    kdl: r#"activity invoicing purpose=contract {
    ja "請求"; en "Billing"
    needs billing
    by billing_system
    statute communications_secrecy basis="Telecommunications Business Act 4"
}"#
    => r#"activity invoicing purpose=contract {
    ja "請求"; en "Billing"
    needs billing
    by billing_system
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, activity) in &cx.policy.activities {
        for statute in &activity.statutes {
            if activity.needs.iter().any(|need| classes_within(cx.policy, need).contains(&statute.class)) {
                continue;
            }
            let class = statute.class.as_str();
            let message = Words::new(
                format!("利用 `{name}` が使う項目に `{class}` の区分のものはありません"),
                format!("no category that `{name}` needs is of the class `{class}`"),
            );
            let help = Words::new("`statute` を除いてください", "take the `statute` out");
            out.push(
                rule.finding(word(cx, &Rule::new("activity", name), "statute", class), message).help(help),
            );
        }
    }
}
