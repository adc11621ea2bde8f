//! A processor: an agreement in force, an assessment and supervision not overdue, and work within what it was given
//! (R62 to R64, APPI-25).

use nattoku_model::history::RecipientStanding;
use nattoku_model::name::RecipientName;
use nattoku_model::policy::Recipient;
use nattoku_model::{GateAnswer, Reason, Verdict};

use super::say;
use crate::case::Case;
use crate::duty::{Duty, duty};

/// Denies the flow for the first of these that does not hold.
pub(super) fn judge(
    case: &Case<'_>,
    name: &RecipientName,
    recipient: &Recipient,
    standing: &RecipientStanding,
) -> GateAnswer {
    let at = case.history.at;
    let in_agreement =
        recipient.agreement.is_some_and(|(from, until)| from <= at && until.is_none_or(|until| at < until));
    if !in_agreement {
        return say(name, Verdict::Deny, Reason::NoEntrustmentAgreement);
    }
    let is_entrusted = recipient
        .may
        .iter()
        .any(|e| e.activity == case.request.activity && e.on.iter().any(|c| c.covers(case.category)));
    if !is_entrusted {
        return say(name, Verdict::Deny, Reason::WorkNotEntrusted);
    }
    let duties = [
        (duty(case, recipient.assessed.as_ref(), standing.assessed), Reason::AssessmentOverdue),
        (duty(case, recipient.supervised.as_ref(), standing.supervised), Reason::SupervisionOverdue),
    ];
    let mut relied_on = Vec::new();
    for (duty, reason) in duties {
        match duty {
            Duty::Overdue(due) => return say(name, Verdict::Deny, reason).detail("due", due),
            Duty::Unknown => return say(name, Verdict::Refer, Reason::DutyUnknown),
            Duty::Kept(event) => relied_on.extend(event),
        }
    }
    say(name, Verdict::Permit, Reason::InGoodStanding).on_events(relied_on)
}
