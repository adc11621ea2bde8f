//! "Which version applies to you, because …": the answer of the decision's first gate, in words (R75).

use jiff::Timestamp;
use nattoku_model::history::History;
use nattoku_model::policy::{Policy, Transition};
use nattoku_model::{Reason, Recorded};
use nattoku_operations::GoverningLine;

use crate::refusal::Refusal;
use crate::visit::Visit;

/// What is needed to say why a version applies to one person.
pub(super) struct Why<'v> {
    visit: &'v Visit,
    events: Vec<Recorded>,
    /// The instant it is said of.
    at: Timestamp,
}

impl<'v> Why<'v> {
    /// Why a version applies now.
    pub(super) fn now(visit: &'v Visit, principal: &str) -> Result<Self, Refusal> {
        Self::at(visit, principal, visit.now)
    }

    /// Why a version applies at an instant.
    pub(super) fn at(visit: &'v Visit, principal: &str, at: Timestamp) -> Result<Self, Refusal> {
        let events = visit.nattoku().events_of(principal).map_err(Refusal::of)?;
        Ok(Self { visit, events, at })
    }

    /// One sentence for each version that governs some of what is held.
    pub(super) fn sentences<'l>(&self, lines: impl IntoIterator<Item = &'l GoverningLine>) -> Vec<String> {
        lines.into_iter().map(|line| self.sentence(line)).collect()
    }

    fn sentence(&self, line: &GoverningLine) -> String {
        let (words, dates) = (self.visit.words, &self.visit.dates);
        let which = match (&line.acquired_from, &line.acquired_before) {
            (_, Some(before)) => words.fill("data-before", &dates.day(before)),
            (Some(from), None) => words.fill("data-from", &dates.day(from)),
            (None, None) => words.get("data-all"),
        };
        let mut sentence = words.fill2("governing", &which, line.version.as_str());
        sentence.push_str(&self.because(line));
        if line.reason == Reason::VersionTextAbsent {
            sentence.push_str(&words.get("because-text-absent"));
        }
        sentence
    }

    /// Why: a transition that applies or does not, or what is missing to tell.
    fn because(&self, line: &GoverningLine) -> String {
        let words = self.visit.words;
        if line.reason == Reason::NoVersionInForce {
            return words.get("because-none-in-force");
        }
        let policy = self.in_force();
        let kept = line.acquired_before.and_then(|before| {
            policy.transitions.iter().find(|t| t.acquired_before == before && t.governing == line.version)
        });
        match (kept, line.acquired_from) {
            (Some(kept), _) => match &kept.unless {
                None => words.get("because-kept"),
                Some(_) if line.reason == Reason::HistoryUnknown => {
                    self.about("because-unknown", policy, kept)
                }
                Some(_) => self.about("because-was-not", policy, kept),
            },
            (None, from) => {
                let unless = || policy.transitions.iter().rev().filter(|t| t.unless.is_some());
                if let Some(left) = unless().find(|t| self.is_left(t)) {
                    return self.about("because-was", policy, left);
                }
                match (unless().next(), from) {
                    (Some(kept), Some(_)) => self.about("because-new", policy, kept),
                    (None, Some(from)) => words.fill("because-after", &self.visit.dates.day(&from)),
                    (_, None) => words.get("because-all"),
                }
            }
        }
    }

    /// The version whose transitions count.
    fn in_force(&self) -> &'v Policy {
        let versions = self.visit.nattoku().versions();
        versions.in_force(self.at).filter(|p| !p.text_absent).unwrap_or_else(|| versions.current())
    }

    /// Whether the relationship that ends a transition touched the time from its day on (A4).
    fn is_left(&self, transition: &Transition) -> bool {
        let history = History::new(&self.events, self.at, None);
        transition.unless.as_ref().is_some_and(|(relationship, since)| {
            history.intervals(relationship).iter().any(|i| i.until.is_none_or(|(until, _)| until > *since))
        })
    }

    /// A sentence about the relationship of a transition and its day.
    fn about(&self, key: &str, policy: &Policy, transition: &Transition) -> String {
        let Some((relationship, since)) = &transition.unless else { return String::new() };
        let title = policy.relationships.get(relationship).map(|r| r.title.get(self.visit.language));
        let day = self.visit.dates.day(since);
        self.visit.words.fill2(key, &day, title.unwrap_or(relationship.as_str()))
    }
}
