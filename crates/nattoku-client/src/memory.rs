//! What a client remembers: answers for a moment, and the revisions of its own writes for good, so that it reads what it wrote.
//!
//! Principals are put into a fixed number of places by a hash of their id. A write about one of them drops the answers about all in the
//! same place, and makes their next questions ask for its revision: more than is needed, never less, and bounded however many there are.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hashlink::LruCache;

use crate::{Decision, Question};

/// How many places.
const PLACES: u64 = 4_096;

/// Answers and revisions.
pub(crate) struct Memory {
    age_max: Duration,
    hashing: RandomState,
    kept: Mutex<Kept>,
}

struct Kept {
    answers: LruCache<String, Answer>,
    places: Vec<Place>,
}

/// What is known of the principals of a place.
#[derive(Clone, Copy, Default)]
struct Place {
    /// How many times a write about one of them began or ended.
    writes: u64,
    /// The newest revision that this client has written about one of them.
    revision: u64,
}

struct Answer {
    decision: Decision,
    asked: Asked,
}

/// When a question was asked, and what was known then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    at: Instant,
    writes: u64,
    /// The revision that the answer has to have at least.
    pub(crate) known: u64,
}

impl Memory {
    pub(crate) fn new(age_max: Duration, answers_max: usize) -> Self {
        let places = vec![Place::default(); usize::try_from(PLACES).unwrap_or_default()];
        let kept = Kept { answers: LruCache::new(answers_max), places };
        Self { age_max, hashing: RandomState::new(), kept: Mutex::new(kept) }
    }

    /// The answer to a question where there is a fresh one; otherwise what to ask with.
    pub(crate) fn recall(&self, question: &Question, now: Instant) -> Result<Decision, Asked> {
        let index = self.index(question.principal());
        let mut kept = self.lock();
        let Place { writes, revision } = kept.places.get(index).copied().unwrap_or_default();
        let asked = Asked { at: now, writes, known: revision };
        let key = question.key();
        let Some(answer) = kept.answers.get(&key) else { return Err(asked) };
        let is_young = now.saturating_duration_since(answer.asked.at) < self.age_max;
        if !is_young || answer.asked.writes != writes {
            kept.answers.remove(&key);
            return Err(asked);
        }
        if answer.decision.revision < question.least(revision) {
            return Err(asked);
        }
        Ok(answer.decision.clone())
    }

    /// What to ask with, whatever is remembered.
    pub(crate) fn ask(&self, question: &Question, now: Instant) -> Asked {
        let place = self.lock().places.get(self.index(question.principal())).copied().unwrap_or_default();
        Asked { at: now, writes: place.writes, known: place.revision }
    }

    /// Remembers an answer. Where something was written about the principal since it was asked for, it is never used.
    pub(crate) fn keep(&self, question: &Question, asked: Asked, decision: &Decision) {
        if !self.age_max.is_zero() {
            self.lock().answers.insert(question.key(), Answer { decision: decision.clone(), asked });
        }
    }

    /// A write about a principal begins. Whatever becomes of it, no answer of before its end is used after it.
    pub(crate) fn write(&self, principal: &str) -> Writing<'_> {
        let writing = Writing { memory: self, index: self.index(principal) };
        writing.mark(0);
        writing
    }

    fn index(&self, principal: &str) -> usize {
        usize::try_from(self.hashing.hash_one(principal) % PLACES).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // What is kept holds together at every moment.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A write under way.
pub(crate) struct Writing<'m> {
    memory: &'m Memory,
    index: usize,
}

impl Writing<'_> {
    /// It is done, at a revision.
    pub(crate) fn done(self, revision: u64) {
        self.mark(revision);
    }

    fn mark(&self, revision: u64) {
        if let Some(place) = self.memory.lock().places.get_mut(self.index) {
            place.writes = place.writes.wrapping_add(1);
            place.revision = place.revision.max(revision);
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.mark(0);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn question(principal: &str) -> Question {
        Question::r#use(principal, "invoicing", "contact")
    }

    fn decision(principal: &str, revision: u64) -> Decision {
        let answer = json!({
            "decision": "permit", "permitted": true, "principal": principal, "obligations": [],
            "revision": revision, "categories": [{ "category": "contact", "verdict": "permit" }],
        });
        Decision::read(answer, principal).unwrap()
    }

    fn keep(memory: &Memory, principal: &str, now: Instant) {
        let asked = memory.recall(&question(principal), now).unwrap_err();
        memory.keep(&question(principal), asked, &decision(principal, 5));
    }

    #[test]
    fn an_answer_is_used_again_for_its_time_and_no_longer() {
        let (memory, now) = (Memory::new(Duration::from_secs(1), 10), Instant::now());
        keep(&memory, "sakura", now);
        let within = now + Duration::from_millis(999);
        assert!(memory.recall(&question("sakura"), within).unwrap().is_permitted());
        assert!(memory.recall(&question("ren"), within).is_err());
        assert!(memory.recall(&question("sakura").purpose("other"), within).is_err());
        assert!(memory.recall(&question("sakura").min_revision(6), within).is_err());
        assert!(memory.recall(&question("sakura").min_revision(5), within).is_ok());
        assert!(memory.recall(&question("sakura"), now + Duration::from_secs(1)).is_err());
        assert!(memory.recall(&question("sakura"), now).is_err(), "what was too old is forgotten");
    }

    #[test]
    fn a_write_drops_what_was_known_and_its_revision_is_asked_for() {
        let (memory, now) = (Memory::new(Duration::from_secs(1), 10), Instant::now());
        keep(&memory, "sakura", now);
        memory.write("sakura").done(9);
        let asked = memory.recall(&question("sakura"), now).unwrap_err();
        assert_eq!(asked.known, 9);
        // An older write that ends later takes nothing back.
        memory.write("sakura").done(8);
        assert_eq!(memory.recall(&question("sakura"), now).unwrap_err().known, 9);
    }

    #[test]
    fn an_answer_asked_for_before_a_write_ends_is_not_kept() {
        let (memory, now) = (Memory::new(Duration::from_secs(1), 10), Instant::now());
        let before = memory.recall(&question("sakura"), now).unwrap_err();
        let writing = memory.write("sakura");
        memory.keep(&question("sakura"), before, &decision("sakura", 5));
        assert!(memory.recall(&question("sakura"), now).is_err());
        keep(&memory, "sakura", now);
        // It is not known whether the write was done.
        drop(writing);
        assert!(memory.recall(&question("sakura"), now).is_err());
    }

    #[test]
    fn so_many_are_kept_and_no_more() {
        let (memory, now) = (Memory::new(Duration::from_secs(1), 2), Instant::now());
        for principal in ["a", "b", "c"] {
            keep(&memory, principal, now);
        }
        let is_kept = |principal| memory.recall(&question(principal), now).is_ok();
        assert_eq!([is_kept("a"), is_kept("b"), is_kept("c")], [false, true, true]);
    }

    #[test]
    fn nothing_is_kept_for_no_time() {
        let (memory, now) = (Memory::new(Duration::ZERO, 10), Instant::now());
        keep(&memory, "sakura", now);
        assert!(memory.recall(&question("sakura"), now).is_err());
    }
}
