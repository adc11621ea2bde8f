//! `opt-out-for-special-care`: special care data given on a notified opt-out.

use nattoku_model::law::Route;
use nattoku_model::policy::{Basis, Class, Policy, Rule};

use super::{classes_within, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of data that the law closes the opt-out route to.
    OptOutForSpecialCare = "opt-out-for-special-care", Law, Warning, ["APPI-27-2", "APPI-2-3"];
    ja: "届け出たオプトアウト `basis opt-out=…` によって、要配慮個人情報など、法令がこの経路を閉じている区分のデータを渡す提供を報告します。",
        "要配慮個人情報はオプトアウトでは提供できません。本人の同意が要ります。";
    en: "Reports provisions on a notified opt-out, `basis opt-out=…`, of special care data and of whatever else the policy's \
         laws close that route to.",
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

/// Whether a law of the policy has the opt-out route and closes it to the class.
fn is_closed(policy: &Policy, class: Class) -> bool {
    let routes = policy.packs.iter().filter_map(|law| law.routes.get(&Route::OptOut));
    routes.into_iter().any(|route| route.closed_for.contains(&class))
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        if !matches!(provision.basis, Basis::OptOut(_)) {
            continue;
        }
        let declared = Rule::new("provision", name);
        for category in &provision.gives {
            let classes = classes_within(cx.policy, category);
            let Some(class) = classes.into_iter().find(|class| is_closed(cx.policy, *class)) else { continue };
            let message = if class == Class::SpecialCare {
                Words::new(
                    format!("要配慮個人情報 `{category}` はオプトアウトでは提供できません"),
                    format!("`{category}` needs special care, and cannot be provided on an opt-out"),
                )
            } else {
                let class = class.as_str();
                Words::new(
                    format!("`{category}`（{class}）はオプトアウトでは提供できません"),
                    format!("`{category}` is of the class `{class}`, which cannot be provided on an opt-out"),
                )
            };
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
