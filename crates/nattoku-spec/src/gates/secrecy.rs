//! Do communications secrecy, special care and the Individual Number have their own consent or statute (TEL-1, TEL-7)?

use nattoku_model::history::Holding;
use nattoku_model::policy::{Activity, Class};
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::consent;

/// Asks for individual consent where no statute of its own covers a protected class; of exceptions, only a warrant helps.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let mut protected: Vec<Class> = case.classes(holding).into_iter().filter(|c| is_protected(*c)).collect();
    protected.sort();
    if protected.is_empty() {
        return say(Verdict::Permit, Reason::NotProtected);
    }
    if case.is_disclosure() {
        return say(Verdict::Permit, Reason::DisclosureToPrincipal);
    }
    let Some(activity) = case.activity() else { return case.unregistered(Gate::Secrecy) };
    protected
        .into_iter()
        .map(|class| judge_class(case, activity, class))
        .reduce(GateAnswer::worse)
        .unwrap_or_else(|| say(Verdict::Permit, Reason::NotProtected))
}

const fn is_protected(class: Class) -> bool {
    matches!(class, Class::SpecialCare | Class::CommunicationsSecrecy | Class::MyNumber)
}

fn judge_class(case: &Case<'_>, activity: &Activity, class: Class) -> GateAnswer {
    let by_activity =
        |verdict, reason| say(verdict, reason).by_rule(case.activity_rule()).detail("class", class.as_str());
    if let Some(statute) = activity.statutes.iter().find(|s| s.class == class) {
        return by_activity(Verdict::Permit, Reason::ByStatute).detail("basis", &statute.basis);
    }
    if class == Class::MyNumber {
        return by_activity(Verdict::Deny, Reason::MyNumberOutsideStatute);
    }
    if let Some(claim) = case.claim.filter(|c| c.is_warrant_for(case.category)) {
        return say(Verdict::PermitWithConditions, Reason::ByWarrant).by_rule(claim.rule());
    }
    individual_consent(case)
        .unwrap_or_else(|| by_activity(Verdict::NeedsConsent, Reason::NeedsIndividualConsent))
}

/// A consent about this one matter that the act needs and that is given; a blanket consent does not do.
fn individual_consent(case: &Case<'_>) -> Option<GateAnswer> {
    case.needed_consents().into_iter().find_map(|needed| {
        let item = case.policy.consents.get(needed.item).filter(|i| i.individual);
        item?;
        let judged = consent::judge(Gate::Secrecy, case.policy, case.history, needed.item, needed.accepts);
        (judged.verdict == Verdict::Permit)
            .then_some(GateAnswer { reason: Reason::IndividualConsent, ..judged })
    })
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Secrecy, verdict, reason)
}
