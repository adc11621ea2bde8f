//! On what does a provision to a third party rest: consent, a notified opt-out, or law (APPI-27-1)?

use nattoku_model::history::Holding;
use nattoku_model::policy::{Basis, Class, RecipientKind, Rule};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Without a rule of the policy, a third party gets data only with the principal's consent; by an activity that gives data
/// to nobody, not even then (R30). Whether the consent or the choice it rests on stands, their own gates say.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let gives_for_itself = matches!(case.request.action, Action::Provide | Action::Share);
    if gives_for_itself && case.activity().is_some_and(|a| a.to_nobody) {
        return to_nobody(case);
    }
    let is_succession = case.recipient().is_some_and(|r| r.kind == RecipientKind::Successor);
    if case.request.action != Action::Provide || is_succession {
        return say(Verdict::Permit, Reason::NotAThirdParty);
    }
    if case.activity().is_none() {
        return case.unregistered(Gate::Provision);
    }
    let Some((name, provision)) = case.provision() else {
        return say(Verdict::NeedsConsent, Reason::NoBasis);
    };
    let by_rule = |verdict, reason| say(verdict, reason).by_rule(Rule::new("provision", name));
    match &provision.basis {
        Basis::Consent(item, _) => by_rule(Verdict::Permit, Reason::OnConsent).detail("item", item),
        // The opt-out route is closed to special care data (APPI-27-2).
        Basis::OptOut(_) if case.classes(holding).contains(&Class::SpecialCare) => {
            by_rule(Verdict::NeedsConsent, Reason::NoBasis)
        }
        Basis::OptOut(choice) => by_rule(Verdict::Permit, Reason::OnOptOut).detail("choice", choice),
        Basis::Law(basis) => by_rule(Verdict::Permit, Reason::OnLaw).detail("basis", basis),
    }
}

fn to_nobody(case: &Case<'_>) -> GateAnswer {
    say(Verdict::Deny, Reason::ToNobody)
        .by_rule(case.activity_rule())
        .detail("activity", &case.request.activity)
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Provision, verdict, reason)
}
