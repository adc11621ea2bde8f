//! Do the classes that a law protects have their own consent or statute: communications secrecy, special care, the
//! Individual Number (TEL-1, TEL-7, APPI-20-2)? Which those are, and for which handling, the law packs say.

use nattoku_model::history::Holding;
use nattoku_model::law::{Handling, Need, Pack, Protection};
use nattoku_model::policy::{Activity, Basis, Class, Provision};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::{Case, Needed};
use crate::consent;
use crate::law::{citing, strictest};

/// Asks for individual consent where no statute of its own covers a protected class; of exceptions, only a warrant helps.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    strictest(Gate::Secrecy, case.policy, |law| judge_under(law, case, holding))
}

fn judge_under(law: &Pack, case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let handling = Handling::of(case.request.action);
    let classes = case.classes(holding);
    let protected = classes.into_iter().filter_map(|class| Some((class, law.binding(class, handling)?)));
    let judged = protected.map(|(class, protection)| {
        if case.is_disclosure() {
            return say(Verdict::Permit, Reason::DisclosureToPrincipal);
        }
        let Some(activity) = case.activity() else { return case.unregistered(Gate::Secrecy) };
        citing(judge_class(law, case, activity, class, protection), &protection.grounds)
    });
    judged.reduce(GateAnswer::worse).unwrap_or_else(|| say(Verdict::Permit, Reason::NotProtected))
}

fn judge_class(
    law: &Pack,
    case: &Case<'_>,
    activity: &Activity,
    class: Class,
    protection: &Protection,
) -> GateAnswer {
    let by_activity =
        |verdict, reason| say(verdict, reason).by_rule(case.activity_rule()).detail("class", class.as_str());
    let statute = activity.statutes.iter().find(|s| {
        s.class == class && case.policy.counts_under(law, &s.basis) && is_ordered(law, case, activity)
    });
    if let Some(statute) = statute {
        return by_activity(Verdict::Permit, Reason::ByStatute).detail("basis", &statute.basis);
    }
    if protection.needs == Need::Statute {
        return by_activity(Verdict::Deny, Reason::MyNumberOutsideStatute);
    }
    if let Some(claim) = case.claim.filter(|c| protection.warrant && c.is_warrant_for(case.category, law)) {
        return say(Verdict::PermitWithConditions, Reason::ByWarrant).by_rule(claim.rule());
    }
    given_consent(case, activity, protection.needs)
        .unwrap_or_else(|| by_activity(Verdict::NeedsConsent, Reason::NeedsIndividualConsent))
}

/// Whether the act is the activity's own: what an exception lets it have or combine besides, neither its statute nor its
/// consent ever looked at.
fn is_its_own(case: &Case<'_>, activity: &Activity) -> bool {
    activity.is_necessary(case.category) && (case.request.action != Action::Combine || activity.combines)
}

/// Whether the activity's statute speaks of the act: of what is its own, and of providing others only where law orders that
/// too.
fn is_ordered(law: &Pack, case: &Case<'_>, activity: &Activity) -> bool {
    let is_provided_by_law = || match case.provision() {
        Some((_, Provision { basis: Basis::Law(basis), .. })) => case.policy.counts_under(law, basis),
        _ => false,
    };
    is_its_own(case, activity) && (case.request.action != Action::Provide || is_provided_by_law())
}

/// A consent that the act needs and that is given; where the class needs one about this one matter, a blanket consent does
/// not do. What the activity asks for speaks of what is its own, and of providing others only where it provides them.
fn given_consent(case: &Case<'_>, activity: &Activity, needs: Need) -> Option<GateAnswer> {
    let is_individual = |needed: &Needed<'_>| {
        needs == Need::Consent || case.policy.consents.get(needed.item).is_some_and(|item| item.individual)
    };
    let speaks_of_the_act =
        is_its_own(case, activity) && (case.request.action != Action::Provide || case.provision().is_some());
    let is_about_this = |needed: &Needed<'_>| {
        is_individual(needed) && (speaks_of_the_act || needed.rule != case.activity_rule())
    };
    case.needed_consents().into_iter().filter(is_about_this).find_map(|needed| {
        let judged = consent::judge(Gate::Secrecy, case.policy, case.history, needed.item, needed.accepts);
        (judged.verdict == Verdict::Permit)
            .then_some(GateAnswer { reason: Reason::IndividualConsent, ..judged })
    })
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Secrecy, verdict, reason)
}
