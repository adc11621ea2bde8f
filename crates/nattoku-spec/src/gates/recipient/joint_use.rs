//! A joint user: within a published notice in force, its items and its purposes (R67, APPI-27-5c).

use nattoku_model::name::RecipientName;
use nattoku_model::policy::{JointUse, Rule};
use nattoku_model::{GateAnswer, Reason, Verdict};

use super::say;
use crate::case::Case;

/// Denies a flow that no published joint use covers.
pub(super) fn judge(case: &Case<'_>, name: &RecipientName) -> GateAnswer {
    let at = case.history.at;
    let published: Vec<_> = case
        .policy
        .joint_uses
        .iter()
        .filter(|(publication, joint_use)| {
            joint_use.users.contains(name)
                && (joint_use.published.is_some_and(|from| from <= at)
                    || case.history.published(publication).is_some())
        })
        .collect();
    if published.is_empty() {
        return say(name, Verdict::Deny, Reason::JointUseNotPublished);
    }
    match published.into_iter().find(|(_, joint_use)| covers(case, joint_use)) {
        Some((publication, _)) => say(name, Verdict::Permit, Reason::InGoodStanding)
            .by_rule(Rule::new("joint-use", publication))
            .on_events(case.history.published(publication).map(|(_, event)| event)),
        None => say(name, Verdict::Deny, Reason::OutsideJointUse),
    }
}

fn covers(case: &Case<'_>, joint_use: &JointUse) -> bool {
    let purposes = case.purposes();
    joint_use.items.iter().any(|c| c.covers(case.category))
        && !purposes.is_empty()
        && purposes.iter().all(|p| joint_use.purposes.contains(p))
}
