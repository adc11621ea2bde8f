//! On what does giving data abroad rest: law, an equivalent country, a conforming system kept up, or informed consent
//! (APPI-28-1, APPI-28-3)? The route of entrustment or joint use does not help here (CORE-2). What is abroad, which
//! countries are equal and which of the conditions there are, the law packs say.

use nattoku_model::law::{Pack, TransferCondition};
use nattoku_model::name::{ConsentName, RecipientName};
use nattoku_model::policy::{Basis, Provision, Recipient, Recurring, Rule, Transfer};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::consent;
use crate::duty::{Duty, duty};
use crate::law::{citing, strictest};

/// Asks for consent where nothing else makes the transfer lawful; denies where a check is overdue.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let recipient = case.recipient().filter(|_| case.request.action.gives());
    let Some((name, recipient)) = case.request.recipient.as_ref().zip(recipient) else {
        return GateAnswer::new(Gate::Transfer, Verdict::Permit, Reason::Domestic);
    };
    strictest(Gate::Transfer, case.policy, |law| judge_under(law, case, name, recipient))
}

fn judge_under(law: &Pack, case: &Case<'_>, name: &RecipientName, recipient: &Recipient) -> GateAnswer {
    let say = |verdict, reason| {
        GateAnswer::new(Gate::Transfer, verdict, reason)
            .by_rule(Rule::new("recipient", name))
            .detail("recipient", name)
            .detail("country", &recipient.country)
    };
    let rule = &law.transfer;
    if !case.policy.is_abroad_under(law, recipient) {
        return say(Verdict::Permit, Reason::Domestic);
    }
    let under = |condition: TransferCondition| rule.conditions.get(&condition);
    // What law permits to be given needs no consent to go abroad (APPI-28-1).
    if case.request.action == Action::Provide
        && let Some(grounds) = under(TransferCondition::Law)
        && let Some((name, Provision { basis: Basis::Law(basis), .. })) = case.provision()
        && case.policy.counts_under(law, basis)
    {
        let by_law = say(Verdict::Permit, Reason::OnLaw).by_rule(Rule::new("provision", name));
        return citing(by_law.detail("basis", basis), grounds);
    }
    let needs_consent = || say(Verdict::NeedsConsent, Reason::NeedsForeignConsent);
    let (condition, answer) = match &recipient.transfer {
        Some(Transfer::EquivalentCountry) if case.policy.holds_equal(law, &recipient.country) => {
            (TransferCondition::EquivalentCountry, say(Verdict::Permit, Reason::EquivalentCountry))
        }
        Some(Transfer::ConformingSystem(check)) => {
            (TransferCondition::ConformingSystem, conforming(case, check, say))
        }
        Some(Transfer::Consent(item)) => {
            let answer = consented(case, item);
            let answer = answer.detail("recipient", name).detail("country", &recipient.country);
            (TransferCondition::Consent, answer)
        }
        Some(Transfer::EquivalentCountry) | None => (TransferCondition::Consent, needs_consent()),
    };
    match under(condition) {
        Some(grounds) => citing(answer, grounds),
        None => needs_consent(),
    }
}

/// A conforming system is checked again and again (APPI-28-3).
fn conforming(case: &Case<'_>, check: &Recurring, say: impl Fn(Verdict, Reason) -> GateAnswer) -> GateAnswer {
    match duty(case, Some(check), None) {
        Duty::Kept(_) => say(Verdict::Permit, Reason::ConformingSystem),
        Duty::Unknown => say(Verdict::Refer, Reason::DutyUnknown),
        Duty::Overdue(due) => say(Verdict::Deny, Reason::TransferCheckOverdue).detail("due", due),
    }
}

fn consented(case: &Case<'_>, item: &ConsentName) -> GateAnswer {
    let judged = consent::judge(Gate::Transfer, case.policy, case.history, item, None);
    let reason = match judged.verdict {
        Verdict::Permit => Reason::ForeignConsent,
        Verdict::NeedsConsent => Reason::NeedsForeignConsent,
        _ => judged.reason,
    };
    GateAnswer { reason, ..judged }
}
