//! `retention-missing`: a category that nothing says how long it is kept.

use std::collections::BTreeMap;

use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Policy, Rule};

use super::{Tree, with_those_above};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports categories without a retention.
    RetentionMissing = "retention-missing", Law, Warning, ["R38", "APPI-22"];
    ja: "自身にも上の項目にも保存期間 `retain` のない項目を報告します。",
        "期間のないデータは、契約が終わっても永久に残ります。要らなくなったデータは遅滞なく消すよう努める義務があります。";
    en: "Reports categories with no `retain` of their own or of a category above.",
        "Data without a period stay for ever, even after the contract ended. What is no longer needed is to be erased \
         without delay.";
    kdl: r#"category purchase { ja "購入履歴"; en "Purchase history" }"#
    => r#"category purchase { ja "購入履歴"; en "Purchase history" }
retain purchase for="5 years" after=acquired"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let endless = endless(cx.policy);
    for name in endless.topmost() {
        let message = Words::new(
            format!("項目 `{name}` の保存期間がありません"),
            format!("nothing says how long `{name}` is kept"),
        );
        let help = Words::new(
            format!("`retain {name} for=\"…\" after=acquired` のように書いてください"),
            format!("write for example `retain {name} for=\"…\" after=acquired`"),
        );
        out.push(rule.finding(cx.span_of(&Rule::new("category", name)), message).help(help));
    }
}

/// The categories of which nothing has an end: no period of their own, above them or anywhere below.
fn endless(policy: &Policy) -> Tree<'_> {
    let declared = Tree::of(policy.categories.keys());
    let kept = Tree::of(policy.retentions.iter().map(|r| &r.category));
    // Per category, how many there are at the ends of its tree and how many of those have no period.
    let mut ends: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for name in policy.categories.keys().filter(|name| !declared.has_below(name)) {
        let is_endless = usize::from(!kept.covers(name));
        for above in with_those_above(name.as_str()) {
            let (all, endless) = ends.entry(above).or_default();
            *all += 1;
            *endless += is_endless;
        }
    }
    let is_whole =
        |name: &&CategoryName| ends.get(name.as_str()).is_some_and(|(all, endless)| all == endless);
    Tree::of(policy.categories.keys().filter(is_whole))
}
