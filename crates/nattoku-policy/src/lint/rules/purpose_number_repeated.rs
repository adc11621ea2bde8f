//! `purpose-number-repeated`: two purposes under one number.

use std::collections::BTreeMap;

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports two purposes with the same number.
    PurposeNumberRepeated = "purpose-number-repeated", Language, Warning, ["R73"];
    ja: "同じ番号を持つ二つの利用目的を報告します。",
        "お客さまも担当者も、利用目的を番号で呼びます。番号が重なると、どちらを止めたのかが分かりません。";
    en: "Reports two purposes with the same number.",
        "Customers and staff speak of purposes by number. Where two share one, nobody can tell which was stopped.";
    kdl: r#"purpose contract number="1" { ja "契約"; en "Contract" }
purpose proposals number="1" { ja "ご提案"; en "Proposals" }"#
    => r#"purpose contract number="1" { ja "契約"; en "Contract" }
purpose proposals number="2" { ja "ご提案"; en "Proposals" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, Rule> = BTreeMap::new();
    for declaration in cx.declared("purpose") {
        let Some(purpose) = cx.policy.purposes.get(declaration.rule.name.as_str()) else { continue };
        let number = purpose.number.as_str();
        let Some(earlier) = first.get(number) else {
            first.insert(number, declaration.rule.clone());
            continue;
        };
        let message = Words::new(
            format!("番号 `{number}` の利用目的が二つあります"),
            format!("two purposes have the number `{number}`"),
        );
        let there = cx.part(earlier, "number").saying(Words::new("最初の番号", "the first with this number"));
        let help = Words::new("別の番号を付けてください", "give one of them another number");
        out.push(rule.finding(cx.part(&declaration.rule, "number"), message).label(there).help(help));
    }
}
