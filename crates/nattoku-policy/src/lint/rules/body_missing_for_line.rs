//! `body-missing-for-line`: a line of business without an accredited body.

use std::collections::BTreeSet;

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports lines of business that no accredited body covers.
    BodyMissingForLine = "body-missing-for-line", Law, Warning, ["R71", "APPI-47", "APPI-32-1"];
    ja: "認定個人情報保護団体 `body` のない事業分野を報告します。",
        "その分野の苦情をどこに申し出られるかを、お客さまに案内できません。";
    en: "Reports lines of business without an accredited body, `body`.",
        "Customers cannot be told where to take complaints about that business.";
    kdl: r#"line credit_cards { ja "クレジットカード事業"; en "Credit cards" }"#
    => r#"line credit_cards { ja "クレジットカード事業"; en "Credit cards" }
body credit_association line=credit_cards { ja "信用保護協会"; en "Credit association" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let covered: BTreeSet<&str> = cx.policy.bodies.iter().map(|b| b.line.as_str()).collect();
    for line in cx.policy.lines.iter().filter(|line| !covered.contains(line.name.as_str())) {
        let name = &line.name;
        let message = Words::new(
            format!("事業分野 `{name}` の苦情を受ける認定団体がありません"),
            format!("no accredited body takes complaints about `{name}`"),
        );
        let help = Words::new(
            format!("`body … line={name}` を宣言するか、事業分野を除いてください"),
            format!("declare a `body … line={name}`, or take the line of business out"),
        );
        out.push(rule.finding(cx.span_of(&Rule::new("line", name)), message).help(help));
    }
}
