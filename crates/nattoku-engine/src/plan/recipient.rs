//! Whether the recipient is of the right class for the flow and in good standing (R62 to R67). No principal bears on it.

use jiff::Timestamp;
use nattoku_model::Reason;
use nattoku_model::event::Revision;
use nattoku_model::name::RecipientName;
use nattoku_model::policy::{JointUse, Recipient, RecipientKind, Recurring};
use nattoku_model::request::Action;

use super::context::Context;
use crate::said::Said;

/// What the recipient gate says.
pub(crate) fn recipient(context: &Context<'_>) -> Said {
    let request = context.request;
    let name = match (&request.recipient, request.action.gives()) {
        (None, false) => return Said::permit(Reason::NobodyElse),
        (None, true) => return Said::deny(Reason::RecipientNotNamed),
        (Some(_), false) => return Said::deny(Reason::RecipientNotExpected),
        (Some(name), true) => name,
    };
    let Some(recipient) = context.recipient() else { return Said::deny(Reason::RecipientEnded) };
    let standing = context.general.standing(name);
    if standing.suspended.is_some() {
        return Said::deny(Reason::RecipientSuspended);
    }
    if standing.ended.is_some() {
        return Said::deny(Reason::RecipientEnded);
    }
    match (request.action, recipient.kind) {
        (Action::Entrust, RecipientKind::Processor) => {
            entrustment(context, recipient, standing.assessed, standing.supervised)
        }
        (Action::Share, RecipientKind::JointUser) => joint_use(context, name),
        (Action::Entrust | Action::Share, _) => Said::deny(Reason::RecipientClassMismatch),
        _ => Said::permit(Reason::InGoodStanding),
    }
}

/// When something was done, by the ledger.
type Done = Option<(Timestamp, Revision)>;

fn entrustment(context: &Context<'_>, recipient: &Recipient, assessed: Done, supervised: Done) -> Said {
    let in_agreement = recipient
        .agreement
        .is_some_and(|(from, until)| context.has_come(from) && until.is_none_or(|u| !context.has_come(u)));
    if !in_agreement {
        return Said::deny(Reason::NoEntrustmentAgreement);
    }
    let is_entrusted = recipient
        .may
        .iter()
        .any(|e| e.activity == context.request.activity && e.on.iter().any(|c| c.covers(context.category)));
    if !is_entrusted {
        return Said::deny(Reason::WorkNotEntrusted);
    }
    let duties = [
        (duty(context, recipient.assessed.as_ref(), assessed), Reason::AssessmentOverdue),
        (duty(context, recipient.supervised.as_ref(), supervised), Reason::SupervisionOverdue),
    ];
    for (duty, overdue) in duties {
        match duty {
            Duty::Kept => {}
            Duty::Overdue => return Said::deny(overdue),
            Duty::Unknown => return Said::refer(Reason::DutyUnknown),
        }
    }
    Said::permit(Reason::InGoodStanding)
}

fn joint_use(context: &Context<'_>, name: &RecipientName) -> Said {
    let mut published = context.policy.joint_uses.iter().filter(|(publication, joint_use)| {
        joint_use.users.contains(name)
            && (joint_use.published.is_some_and(|from| context.has_come(from))
                || context.general.published(publication).is_some())
    });
    let purposes = context.purposes();
    let covers = |joint_use: &JointUse| {
        joint_use.items.iter().any(|c| c.covers(context.category))
            && !purposes.is_empty()
            && purposes.iter().all(|p| joint_use.purposes.contains(p))
    };
    // All of them are looked at, so that the plan knows of each when it begins.
    let published: Vec<_> = published.by_ref().collect();
    if published.is_empty() {
        return Said::deny(Reason::JointUseNotPublished);
    }
    if published.into_iter().any(|(_, joint_use)| covers(joint_use)) {
        Said::permit(Reason::InGoodStanding)
    } else {
        Said::deny(Reason::OutsideJointUse)
    }
}

/// How a duty that falls due again and again stands (R63, R64, APPI-28-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty {
    Kept,
    Overdue,
    /// Whether it had been done by then, nobody wrote down.
    Unknown,
}

pub(crate) fn duty(context: &Context<'_>, recurring: Option<&Recurring>, recorded: Done) -> Duty {
    let Some(recurring) = recurring else { return Duty::Overdue };
    let written = context.has_come(recurring.last).then_some(recurring.last);
    match recorded.map(|(when, _)| when).max(written) {
        None => Duty::Unknown,
        Some(last) if context.has_lapsed(recurring.every, last) => Duty::Overdue,
        Some(_) => Duty::Kept,
    }
}
