//! `blanket-consent-for-secrecy`: communications secrecy or special care data without a consent of their own.

use std::collections::BTreeSet;

use nattoku_model::law::{Need, Strength};
use nattoku_model::name::{ActivityName, CategoryName, ConsentName};
use nattoku_model::policy::{Activity, Basis, Class, Policy, Rule};

use super::{classes_within, word};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports activities and provisions that touch protected classes without statute or individual consent.
    BlanketConsentForSecrecy = "blanket-consent-for-secrecy", Law, Warning, ["TEL-1", "R29", "APPI-20-2"];
    ja: "通信の秘密や要配慮個人情報を使う利用と、それを渡す提供のうち、`statute` も個別の同意 `individual=#true` もないものを報告します。令状による例外だけで使う利用は対象外です。",
        "通信の秘密は、契約約款などの包括的な同意では使えません。一つの事柄についての個別で明確な同意が要ります。";
    en: "Reports activities that use communications secrecy or special care data, and provisions that give them, with \
         neither a `statute` nor a consent item with `individual=#true`. An activity that rests on a warrant alone is \
         left out.",
        "Secrecy of communications does not yield to blanket consent in general terms. It needs an explicit consent to \
         one matter.";
    kdl: r#"consent general_terms text="1" { ja "約款"; en "General terms" }
activity rate_proposal purpose=proposals {
    ja "ご提案"; en "Proposals"
    needs call_history
    by customer_desk
    requires consent=general_terms
}"#
    => r#"consent call_history_use text="1" individual=#true { ja "通信履歴の利用"; en "Use of communication history" }
activity rate_proposal purpose=proposals {
    ja "ご提案"; en "Proposals"
    needs call_history
    by customer_desk
    requires consent=call_history_use
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let rests_on_warrant = resting_on_warrant(cx.policy);
    for (name, activity) in &cx.policy.activities {
        if rests_on_warrant.contains(name) || is_individual(cx.policy, &activity.requires) {
            continue;
        }
        let declared = Rule::new("activity", name);
        for need in &activity.needs {
            if let Some(class) = unguarded(cx.policy, activity, need) {
                let at = word(cx, &declared, "needs", need.as_str());
                out.push(finding(rule, at, ("利用", name.as_str()), need, class));
            }
        }
    }
    for (name, provision) in &cx.policy.provisions {
        let Some(activity) = cx.policy.activities.get(&provision.activity) else { continue };
        let mut consents = activity.requires.clone();
        if let Basis::Consent(item, _) = &provision.basis {
            consents.push(item.clone());
        }
        if is_individual(cx.policy, &consents) {
            continue;
        }
        for category in &provision.gives {
            if let Some(class) = unguarded(cx.policy, activity, category) {
                let at = word(cx, &Rule::new("provision", name), "give", category.as_str());
                out.push(finding(rule, at, ("提供", name.as_str()), category, class));
            }
        }
    }
}

fn finding(
    rule: &dyn LintRule,
    at: Label,
    (kind, name): (&str, &str),
    category: &CategoryName,
    class: Class,
) -> Diagnostic {
    let class = class.as_str();
    let message = Words::new(
        format!("{kind} `{name}` の `{category}` には、個別の同意も法令の根拠もありません（{class}）"),
        format!("`{name}` has neither an individual consent nor a statute for `{category}` ({class})"),
    );
    let help = Words::new(
        "`individual=#true` の同意事項を求めるか、`statute` に根拠を書いてください",
        "require a consent item with `individual=#true`, or write its ground as a `statute`",
    );
    rule.finding(at, message).help(help)
}

/// The protected class of the category, one that a law of the policy wants a consent of its own for, that no statute of the
/// activity covers.
fn unguarded(policy: &Policy, activity: &Activity, category: &CategoryName) -> Option<Class> {
    let classes = classes_within(policy, category);
    let by_statute = |class: &Class| activity.statutes.iter().any(|s| s.class == *class);
    let is_protected = |class: &Class| {
        policy.packs.iter().filter_map(|law| law.protections.get(class)).any(|p| {
            p.needs == Need::IndividualConsent && p.strength == Strength::Statute
        })
    };
    classes.into_iter().find(|class| is_protected(class) && !by_statute(class))
}

fn is_individual(policy: &Policy, items: &[ConsentName]) -> bool {
    items.iter().any(|item| policy.consents.get(item).is_some_and(|c| c.individual))
}

/// The activities that ask for no consent at all, so that a warrant alone, where the policy knows one, opens them.
fn resting_on_warrant(policy: &Policy) -> BTreeSet<&ActivityName> {
    if !policy.exceptions.values().any(|e| e.warrant) {
        return BTreeSet::new();
    }
    let on_consent = policy.provisions.values().filter(|p| matches!(p.basis, Basis::Consent(..)));
    let asking: BTreeSet<&ActivityName> = on_consent.map(|p| &p.activity).collect();
    let silent = policy.activities.iter().filter(|(name, a)| a.requires.is_empty() && !asking.contains(name));
    silent.map(|(name, _)| name).collect()
}
