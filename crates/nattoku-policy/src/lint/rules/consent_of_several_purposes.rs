//! `consent-of-several-purposes`: one answer for uses of several purposes.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ConsentName, PurposeName};
use nattoku_model::policy::{Rule, acts};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports consent items on which uses of several purposes rest.
    ConsentOfSeveralPurposes = "consent-of-several-purposes", Language, Note, [];
    ja: "複数の目的の利用が、一つの同意事項にもとづいているものを報告します。",
        "一つの目的には使ってよいが別の目的には使ってほしくない、と答えられません。目的ごとに答えられるようにします。";
    en: "Reports consent items on which uses of more than one purpose rest.",
        "Somebody who agrees to one of the purposes and not to the other cannot say so. Each purpose has a switch of its own.";
    kdl: r#"activity advice purpose=contract { ja "ご相談"; en "Advice"; needs health; by till; requires consent=health }
activity offers purpose=proposals { ja "ご案内"; en "Offers"; needs health; by till; requires consent=health }"#
    => r#"activity advice purpose=contract { ja "ご相談"; en "Advice"; needs health; by till; requires consent=health_advice }
activity offers purpose=proposals { ja "ご案内"; en "Offers"; needs health; by till; requires consent=health_offers }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let acts = acts(cx.policy);
    let mut served: BTreeMap<&ConsentName, BTreeSet<&PurposeName>> = BTreeMap::new();
    for act in &acts {
        for item in &act.consents {
            served.entry(item).or_default().insert(&act.purpose);
        }
    }
    for (item, purposes) in served.into_iter().filter(|(_, purposes)| purposes.len() > 1) {
        let names: Vec<String> = purposes.iter().map(|name| format!("`{name}`")).collect();
        let message = Words::new(
            format!("同意事項 `{item}` に、複数の目的の利用がもとづいています: {}", names.join("、")),
            format!("uses of several purposes rest on the consent item `{item}`: {}", names.join(", ")),
        );
        let help = Words::new(
            "目的ごとに同意事項を分けてください",
            "make a consent item of its own for each purpose",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("consent", item)), message).help(help));
    }
}
