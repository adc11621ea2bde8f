//! `indirect-source-unconfirmed`: an indirect source that nothing confirms.

use nattoku_model::policy::{Channel, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports indirect sources without a confirmation.
    IndirectSourceUnconfirmed = "indirect-source-unconfirmed", Law, Warning, ["R8", "R15", "APPI-30-1"];
    ja: "間接の取得元のうち、`confirmed-by` のないものを報告します。",
        "ほかの者から受け取るときは、その者が適正に取得したことを確認する義務があります。確認のない取得元から来たデータは隔離され、使えません。";
    en: "Reports indirect sources without `confirmed-by`.",
        "Whoever receives data from others must confirm that those acquired them rightly. What comes from an unconfirmed \
         source is quarantined and cannot be used.";
    kdl: r#"source member_store channel=indirect { ja "加盟店"; en "Member stores"; gives purchase }"#
    => r#"source member_store channel=indirect {
    ja "加盟店"; en "Member stores"
    confirmed-by agreement
    gives purchase
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, source) in &cx.policy.sources {
        if source.channel != Channel::Indirect || source.confirmed_by.is_some() {
            continue;
        }
        let message = Words::new(
            format!("間接の取得元 `{name}` の確認の方法がありません"),
            format!("nothing confirms that the indirect source `{name}` acquired its data rightly"),
        );
        let help = Words::new(
            "`confirmed-by agreement` のように書いてください",
            "write what confirms it, such as `confirmed-by agreement`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("source", name)), message).help(help));
    }
}
