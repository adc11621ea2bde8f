//! The acts that a policy knows: each activity used for each of its purposes, joined where it may be, provided as the
//! provisions say, and shared as the joint uses say.

use std::collections::BTreeSet;

use crate::name::{
    ActivityName, ApplicationName, CategoryName, ChoiceName, ConsentName, PurposeName, RecipientName,
};
use crate::policy::{Activity, Basis, Policy, Refusability, Transfer};
use crate::request::Action;

/// One thing that may be done with data, as the policy registers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The activity it is part of.
    pub activity: ActivityName,
    /// The purpose it is done for: where an activity serves several, each is an act of its own (R35).
    pub purpose: PurposeName,
    /// What is done.
    pub action: Action,
    /// The application that asks: the activity's first.
    pub application: ApplicationName,
    /// Who else gets the data.
    pub recipient: Option<RecipientName>,
    /// The categories it concerns.
    pub categories: Vec<CategoryName>,
    /// Every consent item that it rests on: the activity's, the provision's, and that of the transfer abroad.
    pub consents: BTreeSet<ConsentName>,
    /// The choices on whose notified opt-out the provision rests.
    pub opt_outs: BTreeSet<ChoiceName>,
}

/// Every act by which the policy's data are used, joined, provided or shared, by activity.
#[must_use]
pub fn acts(policy: &Policy) -> Vec<Act> {
    let mut acts = Vec::new();
    for (name, activity) in &policy.activities {
        let Some(application) = activity.by.first() else { continue };
        for purpose in &activity.purposes {
            let act = |action, recipient: Option<&RecipientName>, categories: Vec<CategoryName>| Act {
                activity: name.clone(),
                purpose: purpose.clone(),
                action,
                application: application.clone(),
                recipient: recipient.cloned(),
                categories,
                consents: activity.requires.iter().cloned().collect(),
                opt_outs: BTreeSet::new(),
            };
            acts.push(act(Action::Use, None, activity.needs.clone()));
            if activity.combines {
                acts.push(act(Action::Combine, None, activity.needs.clone()));
            }
            for recipient in policy.recipients.keys() {
                acts.extend(provided(policy, name, recipient, |c| act(Action::Provide, Some(recipient), c)));
                let shared = shared(policy, activity, purpose, recipient);
                if !shared.is_empty() && !activity.to_nobody {
                    acts.push(act(Action::Share, Some(recipient), shared));
                }
            }
        }
    }
    acts
}

/// Every act by which a processor is entrusted with data: each purpose of each activity that it may be part of (R62).
#[must_use]
pub fn entrustments(policy: &Policy) -> Vec<Act> {
    let mut acts = Vec::new();
    for (recipient, entrusted) in
        policy.recipients.iter().flat_map(|(n, r)| r.may.iter().map(move |m| (n, m)))
    {
        let Some(activity) = policy.activities.get(&entrusted.activity) else { continue };
        let Some(application) = activity.by.first() else { continue };
        acts.extend(activity.purposes.iter().map(|purpose| Act {
            activity: entrusted.activity.clone(),
            purpose: purpose.clone(),
            action: Action::Entrust,
            application: application.clone(),
            recipient: Some(recipient.clone()),
            categories: entrusted.on.clone(),
            consents: activity.requires.iter().cloned().collect(),
            opt_outs: BTreeSet::new(),
        }));
    }
    acts
}

/// The act of providing, where a provision says so.
fn provided(
    policy: &Policy,
    activity: &ActivityName,
    recipient: &RecipientName,
    act: impl Fn(Vec<CategoryName>) -> Act,
) -> Option<Act> {
    let rules = || policy.provisions.values().filter(|p| p.activity == *activity && p.to.contains(recipient));
    let gives: BTreeSet<CategoryName> = rules().flat_map(|p| p.gives.iter().cloned()).collect();
    if gives.is_empty() {
        return None;
    }
    let mut act = act(gives.into_iter().collect());
    for rule in rules() {
        match &rule.basis {
            Basis::Consent(item, _) => _ = act.consents.insert(item.clone()),
            Basis::OptOut(choice) => _ = act.opt_outs.insert(choice.clone()),
            Basis::Law(_) => {}
        }
    }
    let abroad = policy.recipients.get(recipient).filter(|r| policy.is_abroad(r));
    if let Some(Transfer::Consent(item)) = abroad.and_then(|r| r.transfer.as_ref())
        && !rules().any(|p| matches!(p.basis, Basis::Law(_)))
    {
        act.consents.insert(item.clone());
    }
    Some(act)
}

/// What a joint user may see for this activity and purpose.
fn shared(
    policy: &Policy,
    activity: &Activity,
    purpose: &PurposeName,
    recipient: &RecipientName,
) -> Vec<CategoryName> {
    let joint = policy.joint_uses.values();
    let joint = joint.filter(|j| j.users.contains(recipient) && j.purposes.contains(purpose));
    let items = joint.flat_map(|j| &j.items);
    let both = items.flat_map(|item| {
        activity.needs.iter().filter_map(move |need| match (need.covers(item), item.covers(need)) {
            (true, _) => Some(item.clone()),
            (_, true) => Some(need.clone()),
            _ => None,
        })
    });
    both.collect::<BTreeSet<_>>().into_iter().collect()
}

impl Act {
    /// Whether a choice covers the act, as the choice gate sees it (R35, R50).
    #[must_use]
    pub fn is_covered_by(&self, policy: &Policy, name: &ChoiceName) -> bool {
        let Some(choice) = policy.choices.get(name) else { return false };
        let kind = self.recipient.as_ref().and_then(|name| policy.recipients.get(name)).map(|r| r.kind);
        let flow = kind.and_then(|kind| kind.of_flow(self.action));
        choice.covers_act(self.action, &self.activity, &[&self.purpose], flow) || self.opt_outs.contains(name)
    }

    /// Whether the principal has some way to stop the act: a consent to withdraw, or a choice that can be declined and
    /// leaves nothing of it.
    #[must_use]
    pub fn can_be_stopped(&self, policy: &Policy) -> bool {
        !self.consents.is_empty()
            || policy.choices.iter().any(|(name, choice)| {
                choice.refusability != Refusability::NotRefusable
                    && self.is_covered_by(policy, name)
                    && !choice.residue.iter().any(|r| r.activity == self.activity)
            })
    }
}
