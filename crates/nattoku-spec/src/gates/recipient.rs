//! Is the recipient of the right class for this flow, and in good standing (R62 to R67)?

mod entrustment;
mod joint_use;

use nattoku_model::name::RecipientName;
use nattoku_model::policy::{Recipient, RecipientKind, Rule};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Denies what the flow's class does not allow, and any flow to a recipient that is suspended or gone.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let gives = case.request.action.gives();
    let name = match (&case.request.recipient, gives) {
        (None, false) => return GateAnswer::new(Gate::Recipient, Verdict::Permit, Reason::NobodyElse),
        (None, true) => return GateAnswer::new(Gate::Recipient, Verdict::Deny, Reason::RecipientNotNamed),
        (Some(name), false) => return say(name, Verdict::Deny, Reason::RecipientNotExpected),
        (Some(name), true) => name,
    };
    let Some(recipient) = case.recipient() else { return say(name, Verdict::Deny, Reason::RecipientEnded) };
    let standing = case.history.standing(name);
    if let Some(event) = standing.suspended {
        return say(name, Verdict::Deny, Reason::RecipientSuspended).on_events([event]);
    }
    if let Some(event) = standing.ended {
        return say(name, Verdict::Deny, Reason::RecipientEnded).on_events([event]);
    }
    match (case.request.action, recipient.kind) {
        (Action::Entrust, RecipientKind::Processor) => entrustment::judge(case, name, recipient, &standing),
        (Action::Share, RecipientKind::JointUser) => joint_use::judge(case, name),
        (Action::Entrust | Action::Share, _) => mismatch(case, name, recipient),
        // Whoever is *provided* with data uses them for itself, whatever else it is to us (R65).
        _ => say(name, Verdict::Permit, Reason::InGoodStanding),
    }
}

fn mismatch(case: &Case<'_>, name: &RecipientName, recipient: &Recipient) -> GateAnswer {
    say(name, Verdict::Deny, Reason::RecipientClassMismatch)
        .detail("kind", recipient.kind.as_str())
        .detail("action", case.request.action)
}

fn say(name: &RecipientName, verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Recipient, verdict, reason)
        .by_rule(Rule::new("recipient", name))
        .detail("recipient", name)
}
