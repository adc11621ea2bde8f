//! What a consent item or a choice reaches: the data it is about and who gets them, read off the policy.

use std::collections::BTreeSet;

use nattoku_model::name::{ActivityName, CategoryName, ChoiceName, ConsentName, RecipientName};
use nattoku_model::policy::{Basis, Choice, Cover, Policy, Provision, RecipientKind, Transfer};
use nattoku_model::request::Action;

/// What one consent item or choice is about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// The uses.
    pub(crate) activities: BTreeSet<ActivityName>,
    /// The data.
    pub(crate) categories: BTreeSet<CategoryName>,
    /// Who else gets them.
    pub(crate) recipients: BTreeSet<RecipientName>,
}

impl Reach {
    /// What rests on a consent item: activities that require it, provisions on its basis, transfers under it.
    pub(crate) fn of_consent(policy: &Policy, item: &ConsentName) -> Self {
        let mut reach = Self::default();
        for (name, activity) in &policy.activities {
            if activity.requires.contains(item) {
                reach.add_activity(policy, name, true);
            }
        }
        for provision in policy.provisions.values() {
            if matches!(&provision.basis, Basis::Consent(needed, _) if needed == item) {
                reach.add_provision(provision);
            }
        }
        for (name, recipient) in &policy.recipients {
            if matches!(&recipient.transfer, Some(Transfer::Consent(needed)) if needed == item) {
                reach.recipients.insert(name.clone());
            }
        }
        reach
    }

    /// What a choice covers, and the provisions that are open until it is declined.
    pub(crate) fn of_choice(policy: &Policy, name: &ChoiceName, choice: &Choice) -> Self {
        let mut reach = Self::default();
        for cover in &choice.covers {
            match cover {
                Cover::Activity(activity, action) => reach.add_activity(policy, activity, gives(*action)),
                Cover::Purpose(purpose, action) => {
                    for (activity, _) in
                        policy.activities.iter().filter(|(_, a)| a.purposes.contains(purpose))
                    {
                        reach.add_activity(policy, activity, gives(*action));
                    }
                }
                Cover::Recipients(kind) => reach.add_recipients(policy, *kind),
            }
        }
        for provision in policy.provisions.values() {
            if matches!(&provision.basis, Basis::OptOut(open) if open == name) {
                reach.add_provision(provision);
            }
        }
        reach
    }

    fn add_activity(&mut self, policy: &Policy, name: &ActivityName, with_recipients: bool) {
        self.activities.insert(name.clone());
        if let Some(activity) = policy.activities.get(name) {
            self.categories.extend(activity.needs.iter().cloned());
        }
        if with_recipients {
            for provision in policy.provisions.values().filter(|p| p.activity == *name) {
                self.recipients.extend(provision.to.iter().cloned());
            }
        }
    }

    fn add_provision(&mut self, provision: &Provision) {
        self.activities.insert(provision.activity.clone());
        self.categories.extend(provision.gives.iter().cloned());
        self.recipients.extend(provision.to.iter().cloned());
    }

    fn add_recipients(&mut self, policy: &Policy, kind: RecipientKind) {
        let of_kind = |name: &RecipientName| policy.recipients.get(name).is_some_and(|r| r.kind == kind);
        self.recipients.extend(policy.recipients.keys().filter(|name| of_kind(name)).cloned());
        for provision in policy.provisions.values().filter(|p| p.to.iter().any(of_kind)) {
            self.activities.insert(provision.activity.clone());
            self.categories.extend(provision.gives.iter().cloned());
        }
    }
}

/// Whether acts so narrowed can give data to others.
fn gives(action: Option<Action>) -> bool {
    action.is_none_or(Action::gives)
}
