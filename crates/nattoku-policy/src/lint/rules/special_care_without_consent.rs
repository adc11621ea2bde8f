//! `special-care-without-consent`: special care data that come in while nobody is ever asked.

use nattoku_model::law::{Handling, Need};
use nattoku_model::policy::{Activity, Class, Policy, Rule};

use super::{Tree, protects, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports sources of special care data for which no consent is ever asked.
    SpecialCareWithoutConsent = "special-care-without-consent", Law, Warning, ["APPI-20-2", "APPI-2-3"];
    ja: "取得元が渡す要配慮個人情報のうち、同意を求める利用も、法令を根拠とする利用もないものを報告します。",
        "要配慮個人情報は、取得する前に本人の同意が要ります。誰も同意を求めないなら、取得そのものが許されません。";
    en: "Reports special care data that a source gives while no activity that needs them asks for consent or rests on a \
         statute.",
        "Special care data may be acquired only with the principal's prior consent. Where nobody asks for it, acquiring \
         them is not allowed at all.";
    kdl: r#"category health class=special_care { ja "健康"; en "Health" }
source app_screen channel=direct { ja "アプリ"; en "App"; gives health }
activity health_survey purpose=improvement { ja "…"; en "…"; needs health; by survey_platform }"#
    => r#"category health class=special_care { ja "健康"; en "Health" }
source app_screen channel=direct { ja "アプリ"; en "App"; gives health }
activity health_survey purpose=improvement {
    ja "…"; en "…"
    needs health
    by survey_platform
    requires consent=health_survey
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !protects(cx.policy, Class::SpecialCare, Handling::Acquire, Need::IndividualConsent) {
        return;
    }
    let asked_for = asked_for(cx.policy);
    for (name, source) in &cx.policy.sources {
        for given in &source.gives {
            if !cx.policy.classes_of(given).contains(&Class::SpecialCare) || asked_for.meets(given) {
                continue;
            }
            let message = Words::new(
                format!("要配慮個人情報 `{given}` が取得されますが、同意を求める利用がありません"),
                format!(
                    "`{given}` needs special care and is acquired, while no activity asks for consent to it"
                ),
            );
            let help = Words::new(
                "必要とする利用に `requires consent=…` を書くか、`gives` から除いてください",
                "write `requires consent=…` in the activity that needs it, or take it out of `gives`",
            );
            let at = word(cx, &Rule::new("source", name), "gives", given.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
}

/// What activities need that ask for consent or rest on a statute for special care.
fn asked_for(policy: &Policy) -> Tree<'_> {
    let by_statute = |a: &Activity| a.statutes.iter().any(|s| s.class == Class::SpecialCare);
    let asking = policy.activities.values().filter(|a| !a.requires.is_empty() || by_statute(a));
    Tree::of(asking.flat_map(|a| &a.needs))
}
