//! What is right: every principal's acts in the order in which they were made, and what has to be answered by them.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The bound within which what is answered `durable` is respected (S): lease and drift.
const BOUND: Duration = Duration::from_millis(2_100);

/// An act about a principal. Whoever makes it waits until it is answered before the next about the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Grant,
    Withdraw,
}

/// An act that was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) act: Act,
    pub(super) revision: u64,
    answered: Instant,
    is_enforced: bool,
}

/// What a decision came to.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) sent: Instant,
    pub(super) revision: u64,
    pub(super) permitted: bool,
    /// The answer, for whoever reads of a fault.
    pub(super) shown: String,
}

#[derive(Debug, Default)]
struct Person {
    written: Vec<Written>,
    /// An act that is not answered yet: which revision it has is not known, or whether it is there at all.
    is_written_to: bool,
    /// What was told meanwhile, and is looked at when that is known.
    waiting: Vec<Told>,
    /// The revisions of uses that were recorded.
    uses: Vec<u64>,
}

/// All principals, by their numbers.
#[derive(Debug)]
pub(super) struct Book {
    persons: Vec<Mutex<Person>>,
    imported: u64,
}

/// What the ledger has at a revision after the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Act(Act),
    Use,
}

impl Kept {
    /// By the name of its event.
    pub(super) fn of(event: &str) -> Option<Self> {
        match event {
            "consent_granted" => Some(Self::Act(Act::Grant)),
            "consent_withdrawn" => Some(Self::Act(Act::Withdraw)),
            "data_used" => Some(Self::Use),
            _ => None,
        }
    }
}

impl Person {
    /// Whether it is permitted by the acts up to a revision: everybody had agreed.
    fn permits_at(&self, revision: u64) -> bool {
        let n_before = self.written.partition_point(|written| written.revision <= revision);
        n_before == 0 || self.written[n_before - 1].act == Act::Grant
    }

    fn check(&self, principal: usize, told: &Told) {
        let right = self.permits_at(told.revision);
        assert_eq!(told.permitted, right, "p{principal} by {:?}: {}", self.written, told.shown);
        if !told.permitted {
            return;
        }
        let is_respected = |written: &&Written| {
            let wait = if written.is_enforced { Duration::ZERO } else { BOUND };
            written.act == Act::Withdraw && written.answered + wait < told.sent
        };
        if let Some(withdrawn) = self.written.iter().rev().find(is_respected) {
            let shown = &told.shown;
            assert!(
                told.revision >= withdrawn.revision,
                "p{principal} permitted after {withdrawn:?}: {shown}"
            );
        }
    }
}

impl Book {
    /// So many principals, of each of whom so many events are imported.
    pub(super) fn new(principals: usize, imported_each: u64) -> Self {
        let persons = (0..principals).map(|_| Mutex::default()).collect();
        Self { persons, imported: u64::try_from(principals).unwrap() * imported_each }
    }

    pub(super) fn principals(&self) -> usize {
        self.persons.len()
    }

    /// How many events the ledger had when it began.
    pub(super) const fn imported(&self) -> u64 {
        self.imported
    }

    /// Notes that an act is about to be sent, and gives it: the opposite of the one before.
    pub(super) fn begin(&self, principal: usize) -> Act {
        let mut person = self.persons[principal].lock().unwrap();
        assert!(!person.is_written_to, "one after the other");
        person.is_written_to = true;
        if person.permits_at(u64::MAX) { Act::Withdraw } else { Act::Grant }
    }

    /// Notes that it was answered, and looks at what was told meanwhile.
    pub(super) fn answered(&self, principal: usize, act: Act, revision: u64, is_enforced: bool) {
        let mut person = self.persons[principal].lock().unwrap();
        let before = person.written.last().map_or(self.imported, |written| written.revision);
        assert!(revision > before, "p{principal}: revision {revision} comes after {before}");
        person.written.push(Written { act, revision, answered: Instant::now(), is_enforced });
        person.is_written_to = false;
        for told in std::mem::take(&mut person.waiting) {
            person.check(principal, &told);
        }
    }

    /// Holds what was told of a principal to what is right, now or as soon as that is known.
    pub(super) fn told(&self, principal: usize, told: Told) {
        let mut person = self.persons[principal].lock().unwrap();
        if person.is_written_to {
            person.waiting.push(told);
        } else {
            person.check(principal, &told);
        }
    }

    /// Whether it is permitted now, and as of which revision at least; nothing while that is not known.
    pub(super) fn stands(&self, principal: usize) -> Option<(bool, u64)> {
        let person = self.persons[principal].lock().unwrap();
        let newest = person.written.last().map_or(self.imported, |written| written.revision);
        (!person.is_written_to).then(|| (person.permits_at(newest), newest))
    }

    pub(super) fn used(&self, principal: usize, revision: u64) {
        self.persons[principal].lock().unwrap().uses.push(revision);
    }

    /// Holds what a history tells, acts with their revisions, to what was answered: up to `revision` it is whole. Of whoever is being
    /// written about nothing is said.
    pub(super) fn history(&self, principal: usize, acts: &[(u64, Act)], revision: u64) {
        let person = self.persons[principal].lock().unwrap();
        if person.is_written_to {
            return;
        }
        let until = acts.iter().map(|(of, _)| *of).max().unwrap_or_default().max(revision);
        let right: Vec<(u64, Act)> = person.written.iter().map(|w| (w.revision, w.act)).collect();
        let right: Vec<(u64, Act)> = right.into_iter().filter(|(of, _)| *of <= until).collect();
        assert_eq!(acts, right, "p{principal} up to {revision}");
    }

    /// Everything that was answered, in the order of the ledger: no revision was answered twice.
    pub(super) fn everything(&self) -> Vec<(u64, usize, Kept)> {
        let mut all = Vec::new();
        for (principal, person) in self.persons.iter().enumerate() {
            let person = person.lock().unwrap();
            assert!(!person.is_written_to && person.waiting.is_empty(), "p{principal}");
            all.extend(person.written.iter().map(|w| (w.revision, principal, Kept::Act(w.act))));
            all.extend(person.uses.iter().map(|revision| (*revision, principal, Kept::Use)));
        }
        all.sort_unstable_by_key(|(revision, ..)| *revision);
        all
    }
}
