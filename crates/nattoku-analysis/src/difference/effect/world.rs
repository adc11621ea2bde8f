//! A version as if it were the only one, with typical principals in it.
//!
//! Dates are set aside: every duty is just done, every agreement runs, every publication stands, every relationship is alive
//! and nothing is kept too long. What is left is what the version says; that a date passes is no change of it.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::name::{CategoryName, ChoiceName, EntrusterName, WordingName};
use nattoku_model::policy::{Act, ConsentItem, Policy, Recurring, Transfer, Versions};
use nattoku_model::{Language, Request};

/// What a typical principal wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Will {
    /// Agreed to nothing and declined nothing.
    Silent,
    /// Agreed to everything there was to agree to in the older version, in the wording shown then.
    Agreed,
    /// Agreed to everything and then declined everything that could be declined in the older version.
    Declined,
}

impl Will {
    /// Every will, in the order in which [`super::Whom`] is told.
    pub(super) const ALL: [Self; 3] = [Self::Silent, Self::Agreed, Self::Declined];
}

/// A version alone, and what has happened to a typical principal of each will.
pub(super) struct World {
    versions: Versions,
    at: Timestamp,
    /// In the order of [`Will::ALL`].
    events: [Vec<Recorded>; 3],
    /// What has happened to somebody who agreed to everything in an earlier wording: one for each that an item had at most.
    earlier: Vec<Vec<Recorded>>,
}

impl World {
    /// The world of `policy`, which is one of the two. What principals have agreed to and declined, they did under `old`.
    pub(super) fn new(policy: &Policy, old: &Policy, new: &Policy) -> Self {
        let at = old.effective.max(new.effective);
        let policy = dateless(policy, at);
        let agreed = |will: Will| (will != Will::Silent).then_some(&today as &Wording<'_>);
        let events =
            Will::ALL.map(|will| happened(&policy, [old, new], agreed(will), will == Will::Declined, at));
        let n_earlier =
            old.consents.values().map(|consent| earlier(consent).count()).max().unwrap_or_default();
        let earlier = (0..n_earlier).map(|number| {
            let wording =
                |consent: &ConsentItem| earlier(consent).nth(number).unwrap_or_else(|| today(consent));
            happened(&policy, [old, new], Some(&wording), false, at)
        });
        let earlier = earlier.collect();
        Self { versions: Versions::new(policy, []), at, events, earlier }
    }

    /// In how many earlier wordings somebody may have agreed.
    pub(super) const fn n_earlier(&self) -> usize {
        self.earlier.len()
    }

    /// The same as [`permits`](Self::permits) for somebody who agreed in an earlier wording.
    pub(super) fn permits_earlier(
        &self,
        act: &Act,
        category: &CategoryName,
        number: usize,
    ) -> Option<BTreeSet<String>> {
        self.decides(act, category, self.earlier.get(number)?)
    }

    /// What an act on a category obliges to where it is permitted; nothing where it is not.
    pub(super) fn permits(&self, act: &Act, category: &CategoryName, will: Will) -> Option<BTreeSet<String>> {
        let [silent, agreed, declined] = &self.events;
        self.decides(
            act,
            category,
            match will {
                Will::Silent => silent,
                Will::Agreed => agreed,
                Will::Declined => declined,
            },
        )
    }

    /// Whether an act on a category is permitted for somebody who agreed to everything and declined one choice.
    pub(super) fn permits_declining(&self, act: &Act, category: &CategoryName, choice: &ChoiceName) -> bool {
        let [_, agreed, _] = &self.events;
        let mut events = agreed.clone();
        let event = declined(choice);
        events.push(Recorded { revision: Revision(800_000), at: self.at, recorded_at: self.at, event });
        self.decides(act, category, &events).is_some()
    }

    fn decides(&self, act: &Act, category: &CategoryName, events: &[Recorded]) -> Option<BTreeSet<String>> {
        let policy = self.versions.current();
        if !policy.categories.contains_key(category) {
            return None;
        }
        let request = Request {
            application: act.application.clone(),
            action: act.action,
            activity: act.activity.clone(),
            purpose: Some(act.purpose.clone()),
            categories: vec![category.clone()],
            recipient: act.recipient.clone(),
            at: self.at,
            known_at: None,
            exception: None,
        };
        let entruster = policy.activities.get(&act.activity).and_then(|a| a.entrusted_by.as_ref());
        let decide =
            |events: &[Recorded]| nattoku_spec::decide(&self.versions, events, &request, Revision(1_000_000));
        let decision = match entruster {
            None => decide(events),
            Some(entruster) => {
                let mut events = events.to_vec();
                events.extend(acquired(policy, category, Some(entruster), self.at));
                decide(&events)
            }
        };
        decision
            .verdict
            .is_permitted()
            .then(|| decision.obligations.into_iter().map(|obligation| obligation.kind).collect())
    }
}

/// In which wording somebody agreed to an item.
type Wording<'a> = dyn Fn(&ConsentItem) -> WordingName + 'a;

/// The wording that a version shows.
fn today(consent: &ConsentItem) -> WordingName {
    consent.text.clone()
}

/// Those that it showed before, the oldest first.
fn earlier(consent: &ConsentItem) -> impl Iterator<Item = WordingName> {
    consent.wordings.keys().filter(|wording| **wording != consent.text).cloned()
}

fn declined(choice: &ChoiceName) -> Event {
    Event::ChoiceDeclined { choice: choice.clone(), channel: "web".to_owned(), by: By::Principal }
}

/// The version with its dates set aside.
fn dateless(policy: &Policy, at: Timestamp) -> Policy {
    let mut policy = policy.clone();
    policy.effective = at;
    policy.transitions.clear();
    let renew = |recurring: &mut Recurring| recurring.last = at;
    for recipient in policy.recipients.values_mut() {
        recipient.assessed.iter_mut().for_each(renew);
        recipient.supervised.iter_mut().for_each(renew);
        if let Some(Transfer::ConformingSystem(recurring)) = &mut recipient.transfer {
            renew(recurring);
        }
        if let Some(agreement) = &mut recipient.agreement {
            *agreement = (at, None);
        }
    }
    policy.joint_uses.values_mut().for_each(|j| j.published = j.published.and(Some(at)));
    policy.anonymized_sets.values_mut().for_each(|a| a.published = a.published.and(Some(at)));
    policy
}

/// What has happened to a typical principal: forty years old, in every relationship, with every occasion just arisen. `agreed` gives the
/// wording in which they agreed to each item, where they did.
fn happened(
    policy: &Policy,
    [old, new]: [&Policy; 2],
    agreed: Option<&Wording<'_>>,
    declines: bool,
    at: Timestamp,
) -> Vec<Recorded> {
    let today = at.to_zoned_datetime(TimeZone::UTC).date();
    let mut happened = vec![Event::PrincipalRegistered {
        born: today.checked_sub(40.years()).ok(),
        residence: None,
        unknown_relationships: Vec::new(),
    }];
    let started = |relationship: &_| Event::RelationshipStarted { relationship: Clone::clone(relationship) };
    happened.extend(policy.relationships.keys().map(started));
    if let Some(wording) = agreed {
        happened.extend(old.consents.iter().map(|(item, consent)| Event::ConsentGranted {
            item: item.clone(),
            text_version: wording(consent),
            language: Language::Ja,
            channel: "web".to_owned(),
            by: By::Principal,
            until: None,
            evidence: None,
        }));
    }
    if declines {
        happened.extend(old.choices.keys().map(declined));
    }
    let mut events: Vec<Recorded> = (1..)
        .zip(happened)
        .map(|(revision, event)| Recorded { revision: Revision(revision), at, recorded_at: at, event })
        .collect();
    let occasions: BTreeSet<CategoryName> = [old, new]
        .into_iter()
        .flat_map(|p| p.activities.values())
        .flat_map(|a| a.occasions.iter().map(|o| o.category.clone()))
        .collect();
    events.extend(occasions.iter().filter_map(|category| acquired(policy, category, None, at)));
    events
}

/// The acquisition of a category, from a source that the version vouches for.
fn acquired(
    policy: &Policy,
    category: &CategoryName,
    entruster: Option<&EntrusterName>,
    at: Timestamp,
) -> Option<Recorded> {
    let (source, _) = policy
        .sources
        .iter()
        .find(|(_, s)| entruster.is_some() || s.gives.iter().any(|c| c.covers(category)))?;
    let event = Event::DataAcquired {
        category: category.clone(),
        source: source.clone(),
        entrusted_from: entruster.cloned(),
        policy_version: None,
    };
    Some(Recorded { revision: Revision(900_000), at, recorded_at: at, event })
}
