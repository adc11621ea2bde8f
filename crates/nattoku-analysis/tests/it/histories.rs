//! Proved is proved: no history, however long and strange, and no request gets past an invariant that holds.

use jiff::{SignedDuration, Timestamp};
use nattoku_analysis::invariant::forbids;
use nattoku_model::event::{By, Recorded, Revision};
use nattoku_model::policy::Versions;
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Event, Request};
use nattoku_spec::decide;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::carrier::{checked, sources};

struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("it is small") % n.max(1)
    }

    fn of<'x, T>(&mut self, all: &'x [T]) -> &'x T {
        &all[self.below(all.len())]
    }

    fn one_of<T: Clone>(&mut self, all: impl Iterator<Item = T>) -> T {
        let all: Vec<T> = all.collect();
        self.of(&all).clone()
    }

    /// An instant of about eleven years before, lately as often as long ago.
    fn before(&mut self, at: Timestamp) -> Timestamp {
        let hours = match self.below(3) {
            0 => self.below(24 * 40),
            1 => self.below(24 * 400),
            _ => self.below(24 * 4_000),
        };
        at - SignedDuration::from_hours(i64::try_from(hours).expect("it is small") + 1)
    }

    fn by(&mut self) -> By {
        match self.below(5) {
            0 => By::Guardian("g1".into()),
            1 => By::Agent("a1".into()),
            _ => By::Principal,
        }
    }

    fn event(&mut self, versions: &Versions) -> Event {
        let policy = versions.current();
        let channel = "scenario".to_owned();
        match self.below(14) {
            0 => Event::GuardianLinked { guardian: "g1".into(), until: None },
            1 | 2 => {
                Event::RelationshipStarted { relationship: self.one_of(policy.relationships.keys().cloned()) }
            }
            3 => Event::RelationshipEnded { relationship: self.one_of(policy.relationships.keys().cloned()) },
            4 | 5 => Event::DataAcquired {
                category: self.one_of(policy.categories.keys().cloned()),
                source: self.one_of(policy.sources.keys().cloned()),
                entrusted_from: (self.below(5) == 0).then(|| self.one_of(policy.entrusters.keys().cloned())),
                policy_version: None,
            },
            6 => Event::DataErased { category: self.one_of(policy.categories.keys().cloned()) },
            7 | 8 => {
                let item = self.one_of(policy.consents.keys().cloned());
                let text_version = self.one_of(policy.consents[&item].wordings.keys().cloned());
                let (by, shown) = (self.by(), self.below(2) == 0);
                let evidence = shown.then(|| "POA-1".to_owned());
                Event::ConsentGranted {
                    item,
                    text_version,
                    language: policy.prevails,
                    channel,
                    by,
                    until: None,
                    evidence,
                }
            }
            9 => Event::ConsentWithdrawn {
                item: self.one_of(policy.consents.keys().cloned()),
                channel,
                by: By::Principal,
            },
            10 => Event::ChoiceDeclined {
                choice: self.one_of(policy.choices.keys().cloned()),
                channel,
                by: By::Principal,
            },
            11 => Event::ChoiceRestored {
                choice: self.one_of(policy.choices.keys().cloned()),
                channel,
                by: By::Principal,
            },
            12 => Event::RestrictionPlaced {
                categories: vec![self.one_of(policy.categories.keys().cloned())],
                actions: vec![*self.of(&Action::ALL)],
                claim: None,
            },
            _ => Event::RecipientAssessed { recipient: self.one_of(policy.recipients.keys().cloned()) },
        }
    }

    fn history(&mut self, versions: &Versions, at: Timestamp) -> Vec<Recorded> {
        let mut events: Vec<(Timestamp, Event)> = Vec::new();
        if self.below(6) > 0 {
            let age = self.below(60);
            let born = (self.below(8) > 0)
                .then(|| jiff::civil::date(2026 - i16::try_from(age).expect("it is small"), 1, 10));
            let registered =
                Event::PrincipalRegistered { born, residence: None, unknown_relationships: Vec::new() };
            events.push((self.before(at), registered));
        }
        for _ in 0..self.below(24) {
            events.push((self.before(at), self.event(versions)));
        }
        events.sort_by_key(|(at, _)| *at);
        (1..)
            .zip(events)
            .map(|(n, (at, event))| Recorded { revision: Revision(n), at, recorded_at: at, event })
            .collect()
    }

    fn request(&mut self, versions: &Versions, at: Timestamp) -> Request {
        let policy = versions.current();
        let (name, activity) = self.one_of(policy.activities.iter());
        let action = *self.of(&Action::ALL);
        let categories = (0..=self.below(2))
            .map(|_| {
                if self.below(3) == 0 {
                    self.one_of(policy.categories.keys().cloned())
                } else {
                    self.of(&activity.needs).clone()
                }
            })
            .collect();
        let recipient = action.gives().then(|| {
            let given = policy.provisions.values().filter(|p| p.activity == *name).flat_map(|p| p.to.clone());
            let given: Vec<_> = given.collect();
            if given.is_empty() || self.below(2) == 0 {
                self.one_of(policy.recipients.keys().cloned())
            } else {
                self.of(&given).clone()
            }
        });
        let exception = (self.below(3) == 0).then(|| {
            let (name, exception) = self.one_of(policy.exceptions.iter());
            let categories =
                if exception.warrant { policy.categories.keys().cloned().collect() } else { Vec::new() };
            let skip = self.below(12);
            let brought = exception.requires.iter().enumerate().filter(|(i, _)| *i != skip);
            ExceptionClaim {
                name: name.clone(),
                categories,
                evidence: brought.map(|(_, r)| (r.as_str().to_owned(), "shown".to_owned())).collect(),
                until: Some(at + SignedDuration::from_hours(24)),
            }
        });
        Request {
            application: self.of(&activity.by).clone(),
            action,
            activity: name.clone(),
            purpose: (self.below(3) == 0).then(|| self.of(&activity.purposes).clone()),
            categories,
            recipient,
            at,
            known_at: None,
            exception,
        }
    }
}

#[test]
fn no_history_gets_past_an_invariant_that_was_proved() {
    let versions = checked(&sources()).versions.expect("the policy is sound");
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(18));
    let (mut n_permitted, mut n_forbidden) = (0, 0);
    for n in 0..20_000_i64 {
        // From before the version's first day to years after.
        let at = "2019-11-01T00:00:00Z".parse::<Timestamp>().expect("an instant")
            + SignedDuration::from_hours(n * 4);
        let events = draw.history(&versions, at);
        let request = draw.request(&versions, at);
        let permitted = decide(&versions, &events, &request, Revision(0)).verdict.is_permitted();
        n_permitted += usize::from(permitted);
        for invariant in &versions.current().invariants {
            let is_forbidden = forbids(invariant, &versions, &events, &request);
            n_forbidden += usize::from(is_forbidden);
            assert!(!(permitted && is_forbidden), "{invariant}\n{request:#?}\n{events:#?}");
        }
    }
    assert!(n_permitted > 1_000, "only {n_permitted} were permitted");
    assert!(n_forbidden > 1_000, "only {n_forbidden} were forbidden");
}
