//! `equivalent-country-unlisted`: a transfer that rests on a country which is not on the list.

use nattoku_model::law::Pack;
use nattoku_model::policy::{Rule, Transfer};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports transfers to an equivalent country that is not listed as one.
    EquivalentCountryUnlisted = "equivalent-country-unlisted", Law, Warning, ["APPI-28-1"];
    ja: "`transfer equivalent_country` としながら、その国が法令の同等の国でない、または `equivalent-countries` にない相手方を報告します。",
        "同等の国は規則で指定されたものに限られます。指定のない国へは、別の条件がなければ渡せません。";
    en: "Reports recipients with `transfer equivalent_country` whose country the law does not hold equal, or which \
         `equivalent-countries` leaves out.",
        "Only designated countries count as equivalent. To any other nothing is given without another condition.";
    kdl: r#"equivalent-countries DE FR
recipient lab kind=third_party country=US { ja "研究所"; en "Lab"; transfer equivalent_country }"#
    => r#"equivalent-countries DE FR
recipient lab kind=third_party country=US { ja "研究所"; en "Lab"; transfer consent=foreign_provision }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, recipient) in &cx.policy.recipients {
        let country = &recipient.country;
        let policy = cx.policy;
        let is_unlisted = |law: &Pack| policy.is_abroad_under(law, recipient) && !policy.holds_equal(law, country);
        let Some(law) = policy.packs.iter().find(|law| is_unlisted(law)) else { continue };
        if recipient.transfer != Some(Transfer::EquivalentCountry) {
            continue;
        }
        let declared = Rule::new("recipient", name);
        let message = Words::new(
            format!("`{country}` は同等の国の一覧にありません"),
            format!("`{country}` is not on the list of equivalent countries"),
        );
        let there = cx.part(&declared, "country").saying(Words::new("相手方の国", "where the recipient is"));
        let help = if law.transfer.equivalent_countries.contains(country) {
            Words::new(
                format!("`equivalent-countries` に `{country}` を加えるか、別の条件を書いてください"),
                format!("add `{country}` to `equivalent-countries`, or write another condition"),
            )
        } else {
            Words::new(
                format!("法令 `{}` の版 `{}` が同等とする国ではありません。別の条件を書いてください", law.law, law.version),
                format!("`{}` `{}` does not hold it equal: write another condition", law.law, law.version),
            )
        };
        out.push(rule.finding(cx.part(&declared, "transfer"), message).label(there).help(help));
    }
}
