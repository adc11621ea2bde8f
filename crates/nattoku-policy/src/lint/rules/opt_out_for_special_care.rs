//! `opt-out-for-special-care`: special care data given on a notified opt-out.

use nattoku_model::policy::{Basis, Class, Rule};

use super::{classes_within, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of special care data that rest on an opt-out.
    OptOutForSpecialCare = "opt-out-for-special-care", Law, Warning, ["APPI-27-2", "APPI-2-3"];
    ja: "届け出たオプトアウト `basis opt-out=…` によって要配慮個人情報を渡す提供を報告します。",
        "要配慮個人情報はオプトアウトでは提供できません。本人の同意が要ります。";
    en: "Reports provisions of special care data on a notified opt-out, `basis opt-out=…`.",
        "The opt-out route is closed to special care data: they need the principal's consent.";
    kdl: r#"category health class=special_care { ja "健康"; en "Health" }
provision health_to_partners {
    activity partner_offers
    give health
    to partners
    basis opt-out=offers
}"#
    => r#"category health class=special_care { ja "健康"; en "Health" }
provision health_to_partners {
    activity partner_offers
    give health
    to partners
    basis consent=health_sharing
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        if !matches!(provision.basis, Basis::OptOut(_)) {
            continue;
        }
        let declared = Rule::new("provision", name);
        for category in &provision.gives {
            if !classes_within(cx.policy, category).contains(&Class::SpecialCare) {
                continue;
            }
            let message = Words::new(
                format!("要配慮個人情報 `{category}` はオプトアウトでは提供できません"),
                format!("`{category}` needs special care, and cannot be provided on an opt-out"),
            );
            let there =
                cx.part(&declared, "basis").saying(Words::new("オプトアウトによる提供", "on an opt-out"));
            let help = Words::new(
                "`basis consent=…` で同意を根拠にするか、`give` から除いてください",
                "rest it on consent, `basis consent=…`, or take it out of `give`",
            );
            out.push(
                rule.finding(word(cx, &declared, "give", category.as_str()), message).label(there).help(help),
            );
        }
    }
}
