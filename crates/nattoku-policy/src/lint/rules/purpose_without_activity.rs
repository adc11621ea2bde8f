//! `purpose-without-activity`: a published purpose that no registered use serves.

use std::collections::BTreeSet;

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports purposes that no activity serves.
    PurposeWithoutActivity = "purpose-without-activity", Language, Warning, ["R17", "APPI-17-1"];
    ja: "どの利用も果たさない利用目的を報告します。",
        "公表した目的のための利用が一つも登録されていなければ、その目的での依頼はすべて担当者に回ります。目的を広く構えているだけに見えます。";
    en: "Reports purposes that no activity serves.",
        "With no registered use, every request for that purpose is referred to a person, and the purpose looks as if it \
         was published to keep doors open.";
    kdl: r#"purpose proposals number="2" { ja "ご提案のため"; en "To make proposals" }"#
    => r#"purpose proposals number="2" { ja "ご提案のため"; en "To make proposals" }
activity rate_proposal purpose=proposals {
    ja "料金プランのご提案"; en "Proposing a rate plan"
    needs contract
    by customer_desk
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let served: BTreeSet<_> = cx.policy.activities.values().flat_map(|a| &a.purposes).collect();
    for name in cx.policy.purposes.keys().filter(|name| !served.contains(name)) {
        let message = Words::new(
            format!("利用目的 `{name}` を果たす利用がありません"),
            format!("no activity serves the purpose `{name}`"),
        );
        let help = Words::new(
            format!("`activity … purpose={name}` を登録するか、この利用目的を除いてください"),
            format!("register an `activity … purpose={name}`, or take the purpose out"),
        );
        out.push(rule.finding(cx.span_of(&Rule::new("purpose", name)), message).help(help));
    }
}
