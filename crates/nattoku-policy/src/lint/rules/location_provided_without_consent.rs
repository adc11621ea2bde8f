//! `location-provided-without-consent`: where somebody is, given without an individual consent.

use nattoku_model::law::{Handling, Need};
use nattoku_model::policy::{Basis, Class, Rule};

use super::{classes_within, protects, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of location without an individual consent.
    LocationProvidedWithoutConsent = "location-provided-without-consent", Law, Warning, ["TEL-3", "APPI-27-1"];
    ja: "位置情報を渡す提供のうち、個別の同意 `individual=#true` も法令も根拠にしていないものを報告します。",
        "位置情報は本人の意思に沿って渡すものです。包括的な同意や、止めないことを根拠にはできません。";
    en: "Reports provisions of location that rest neither on an individual consent, `individual=#true`, nor on law.",
        "Location is given as its user wills. Blanket consent, or not having declined, is not enough.";
    kdl: r#"provision whereabouts_to_stores {
    activity store_guidance
    give location
    to store_partners
    basis opt-out=offers
}"#
    => r#"provision whereabouts_to_stores {
    activity store_guidance
    give location
    to store_partners
    basis consent=location_sharing   // individual=#true
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !protects(cx.policy, Class::Location, Handling::Provide, Need::IndividualConsent) {
        return;
    }
    for (name, provision) in &cx.policy.provisions {
        let stands = match &provision.basis {
            Basis::Consent(item, _) => cx.policy.consents.get(item).is_some_and(|c| c.individual),
            Basis::OptOut(_) => false,
            Basis::Law(_) => true,
        };
        if stands {
            continue;
        }
        let declared = Rule::new("provision", name);
        for category in &provision.gives {
            if !classes_within(cx.policy, category).contains(&Class::Location) {
                continue;
            }
            let message = Words::new(
                format!("位置情報 `{category}` の提供 `{name}` に個別の同意がありません"),
                format!("`{name}` gives the location `{category}` without an individual consent"),
            );
            let there = cx.part(&declared, "basis").saying(Words::new("今の根拠", "what it rests on"));
            let help = Words::new(
                "`individual=#true` の同意事項を根拠にしてください",
                "rest it on a consent item with `individual=#true`",
            );
            out.push(
                rule.finding(word(cx, &declared, "give", category.as_str()), message).label(there).help(help),
            );
        }
    }
}
