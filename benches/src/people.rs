//! As many synthetic customers of the reference policy's carrier as one wants, each drawn from a seed of its own, so that
//! nobody has to keep the others' events.
//!
//! The proportions are those of `nattoku demo`; besides there are cards, home lines and erasures, and what screens and devices
//! record since 2023 carries microseconds, while what came on paper or from the nightly batches is in whole seconds.

mod draw;
mod life;

use jiff::Timestamp;
use nattoku_engine::PrincipalId;
use nattoku_model::event::{Event, Recorded, Revision};
use nattoku_model::name::RecipientName;
use nattoku_model::policy::{RecipientKind, Versions};

use draw::Draw;
use life::Life;

/// A customer's id and everything that happened with them, in order of revisions.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Under which the ledger knows them.
    pub id: PrincipalId,
    /// In the order in which they were told.
    pub events: Vec<Recorded>,
}

/// Revisions that one customer's events may take up.
const REVISIONS: u64 = 64;

/// The customers of one seed.
#[derive(Debug, Clone)]
pub struct People(Draw);

impl People {
    /// The customers that come of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Draw::new(seed))
    }

    /// Draws the customer of a number into `person`, whose memory is used again.
    pub fn draw(&self, number: u32, person: &mut Person) {
        let draw = self.0.stream(u64::from(number));
        person.events.clear();
        let first = u64::from(number) * REVISIONS;
        person.id = Life::lead(draw, Revision(first), &mut person.events);
    }

    /// The customer of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> Person {
        let mut person = Person::default();
        self.draw(number, &mut person);
        person
    }
}

/// The instant at which everybody is asked about: after all that happened.
#[must_use]
pub fn today() -> Timestamp {
    life::second(2026, 11, 26)
}

/// What the ledger knows of processors: each was assessed and supervised this year.
#[must_use]
pub fn about_processors(versions: &Versions) -> Vec<Recorded> {
    let at = life::second(2026, 4, 1);
    let recorded = |event| Recorded { revision: Revision(0), at, recorded_at: at, event };
    let recipients = &versions.current().recipients;
    let processors = recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Processor);
    let done = |name: &RecipientName| {
        [
            Event::RecipientAssessed { recipient: name.clone() },
            Event::RecipientSupervised { recipient: name.clone() },
        ]
    };
    processors.flat_map(|(name, _)| done(name)).map(recorded).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_number_is_the_same_person_and_another_is_another() {
        let people = People::new(7);
        let (one, again, other) = (people.get(3), people.get(3), people.get(4));
        assert_eq!((one.id, &one.events), (again.id, &again.events));
        assert_ne!(one.id, other.id);
        assert_ne!(one.events, People::new(8).get(3).events);
    }

    #[test]
    fn a_thousand_people_lead_what_a_carrier_sees() {
        let people: Vec<Person> = (0..1_000).map(|n| People::new(1).get(n)).collect();
        let events = || people.iter().flat_map(|p| &p.events);
        let names: BTreeSet<&str> = events().map(|e| e.event.name()).collect();
        for name in [
            "principal_registered",
            "guardian_linked",
            "relationship_started",
            "relationship_ended",
            "data_acquired",
            "data_erased",
            "consent_granted",
            "consent_withdrawn",
            "choice_declined",
            "choice_restored",
            "restriction_placed",
        ] {
            assert!(names.contains(name), "{name}");
        }
        for person in &people {
            let acquired = person.events.iter().filter(|e| e.event.name() == "data_acquired").count();
            assert!((5..=24).contains(&acquired), "{acquired}");
            assert!(u64::try_from(person.events.len()).unwrap() < REVISIONS);
        }
        let finer = events().filter(|e| e.at.subsec_nanosecond() != 0).count();
        assert!(finer * 20 > events().count() && finer * 3 < events().count(), "{finer}");
        assert!(events().all(|e| e.at < today()));
    }
}
