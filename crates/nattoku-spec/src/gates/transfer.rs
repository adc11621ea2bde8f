//! On what does giving data abroad rest: law, an equivalent country, a conforming system kept up, or informed consent
//! (APPI-28-1, APPI-28-3)? The route of entrustment or joint use does not help here (CORE-2).

use nattoku_model::policy::{Basis, Provision, Rule, Transfer};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::consent;
use crate::duty::{Duty, duty};

/// Asks for consent where nothing else makes the transfer lawful; denies where a check is overdue.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let recipient = case.recipient().filter(|_| case.request.action.gives());
    let Some((name, recipient)) = case.request.recipient.as_ref().zip(recipient) else {
        return GateAnswer::new(Gate::Transfer, Verdict::Permit, Reason::Domestic);
    };
    let say = |verdict, reason| {
        GateAnswer::new(Gate::Transfer, verdict, reason)
            .by_rule(Rule::new("recipient", name))
            .detail("recipient", name)
            .detail("country", &recipient.country)
    };
    if recipient.country == case.policy.controller.country {
        return say(Verdict::Permit, Reason::Domestic);
    }
    // What law permits to be given needs no consent to go abroad (APPI-28-1).
    if case.request.action == Action::Provide
        && let Some((name, Provision { basis: Basis::Law(basis), .. })) = case.provision()
    {
        let by_law = say(Verdict::Permit, Reason::OnLaw).by_rule(Rule::new("provision", name));
        return by_law.detail("basis", basis);
    }
    match &recipient.transfer {
        Some(Transfer::EquivalentCountry)
            if case.policy.equivalent_countries.contains(&recipient.country) =>
        {
            say(Verdict::Permit, Reason::EquivalentCountry)
        }
        Some(Transfer::ConformingSystem(check)) => match duty(case, Some(check), None) {
            Duty::Kept(_) => say(Verdict::Permit, Reason::ConformingSystem),
            Duty::Unknown => say(Verdict::Refer, Reason::DutyUnknown),
            Duty::Overdue(due) => say(Verdict::Deny, Reason::TransferCheckOverdue).detail("due", due),
        },
        Some(Transfer::Consent(item)) => {
            let judged = consent::judge(Gate::Transfer, case.policy, case.history, item, None);
            let reason = match judged.verdict {
                Verdict::Permit => Reason::ForeignConsent,
                Verdict::NeedsConsent => Reason::NeedsForeignConsent,
                _ => judged.reason,
            };
            GateAnswer { reason, ..judged }.detail("recipient", name).detail("country", &recipient.country)
        }
        Some(Transfer::EquivalentCountry) | None => say(Verdict::NeedsConsent, Reason::NeedsForeignConsent),
    }
}
