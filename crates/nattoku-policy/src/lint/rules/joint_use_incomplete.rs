//! `joint-use-incomplete`: a joint use that lacks one of the items to be published.

use std::collections::BTreeSet;

use nattoku_model::Language;
use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports joint uses without all the items that must be published.
    JointUseIncomplete = "joint-use-incomplete", Law, Error, ["R67", "APPI-27-5c"];
    ja: "データの項目 `items`、共同利用者の範囲 `users`、利用目的 `purposes`、管理責任者 `responsible` のどれかがない共同利用を報告します。",
        "共同利用が第三者提供にならないのは、これらをあらかじめ知らせている場合だけです。一つ欠ければ、同意のない提供です。";
    en: "Reports joint uses that lack the data `items`, the `users`, their `purposes` or who is `responsible`.",
        "Joint use is no provision to third parties only where all of these are made known beforehand. Where one is \
         missing it is a provision without consent.";
    kdl: r#"joint-use group_points {
    ja "グループのポイント"; en "Points within our group"
    items club.number
    users affiliate_card
    purposes proposals
}"#
    => r#"joint-use group_points {
    ja "グループのポイント"; en "Points within our group"
    items club.number
    users affiliate_card
    purposes proposals
    responsible { ja "当社（所在地、代表者）"; en "The company, its address and representative" }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, joint_use) in &cx.policy.joint_uses {
        let mut told = BTreeSet::new();
        let asked = cx.policy.packs.iter().filter_map(|law| law.joint_use.as_ref()).flat_map(|r| &r.items);
        for (item, title) in asked.filter(|(item, _)| item.is_missing(joint_use)) {
            if !told.insert(*item) {
                continue;
            }
            let (ja, en) = (title.get(Language::Ja), title.get(Language::En));
            let message = Words::new(
                format!("共同利用 `{name}` に{ja}がありません"),
                format!("the joint use `{name}` does not tell {en}"),
            );
            let node = item.as_str();
            let help = Words::new(format!("`{node}` を書いてください"), format!("write `{node}`"));
            out.push(rule.finding(cx.span_of(&Rule::new("joint-use", name)), message).help(help));
        }
    }
}
