//! `my-number-outside-statute`: the Individual Number used or given without a statute.

use nattoku_model::law::{Handling, Need};
use nattoku_model::policy::{Basis, Class, Rule};

use super::{classes_within, protects, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports uses and provisions of the Individual Number that no statute allows.
    MyNumberOutsideStatute = "my-number-outside-statute", Law, Warning, ["TEL-7", "R78"];
    ja: "個人番号を使う利用のうち `statute my_number` のないもの、個人番号を渡す提供のうち `basis law=…` でないものを報告します。",
        "個人番号は法律が定める事務にしか使えず、同意によって広げることもできません。";
    en: "Reports activities that use the Individual Number without a `statute my_number`, and provisions that give it on \
         anything but `basis law=…`.",
        "The Individual Number serves the work that statutes name and nothing else; consent cannot widen it.";
    kdl: r#"category my_number class=my_number { ja "個人番号"; en "Individual Number" }
activity prize_tax_report purpose=legal_duty {
    ja "支払調書"; en "Payment records"
    needs my_number
    by privacy_office
}"#
    => r#"category my_number class=my_number { ja "個人番号"; en "Individual Number" }
activity prize_tax_report purpose=legal_duty {
    ja "支払調書"; en "Payment records"
    needs my_number
    by privacy_office
    statute my_number basis="Number Act 9(4)"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let policy = cx.policy;
    if !protects(policy, Class::MyNumber, Handling::Use, Need::Statute) {
        return;
    }
    for (name, activity) in &policy.activities {
        if activity.statutes.iter().any(|s| s.class == Class::MyNumber) {
            continue;
        }
        for need in activity.needs.iter().filter(|n| classes_within(policy, n).contains(&Class::MyNumber)) {
            let message = Words::new(
                format!("利用 `{name}` が個人番号 `{need}` を使う法令の根拠がありません"),
                format!("`{name}` uses the Individual Number `{need}` without a statute"),
            );
            let help = Words::new(
                "`statute my_number basis=\"…\"` に根拠を書くか、`needs` から除いてください",
                "write its ground, `statute my_number basis=\"…\"`, or take it out of `needs`",
            );
            let at = word(cx, &Rule::new("activity", name), "needs", need.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
    for (name, provision) in policy.provisions.iter().filter(|(_, p)| !matches!(p.basis, Basis::Law(_))) {
        let declared = Rule::new("provision", name);
        for category in
            provision.gives.iter().filter(|c| classes_within(policy, c).contains(&Class::MyNumber))
        {
            let message = Words::new(
                format!("個人番号 `{category}` の提供 `{name}` が法令を根拠にしていません"),
                format!("`{name}` gives the Individual Number `{category}` on other ground than law"),
            );
            let there = cx
                .part(&declared, "basis")
                .saying(Words::new("同意では広げられません", "consent cannot widen what statutes allow"));
            let help = Words::new(
                "`basis law=\"…\"` に根拠を書くか、`give` から除いてください",
                "write its ground, `basis law=\"…\"`, or take it out of `give`",
            );
            let at = word(cx, &declared, "give", category.as_str());
            out.push(rule.finding(at, message).label(there).help(help));
        }
    }
}
