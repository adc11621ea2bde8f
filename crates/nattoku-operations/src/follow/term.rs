//! From which revision to which a policy is in force, where the ledger says so (G4).
//!
//! A population may be shared by the policy that ends and the one that begins, and goes on while somebody is still being answered under
//! the former. So whoever answers looks at the term while the population stands still: what it says by a state of another's term is
//! nobody's answer.

use std::sync::atomic::{AtomicU64, Ordering};

use nattoku_model::Revision;

/// Not known yet.
const OPEN: u64 = u64::MAX;

/// A policy's term. The end is written before the population that stands at it is.
#[derive(Debug)]
pub(crate) struct Term {
    from: Revision,
    /// The first revision at which another policy is in force.
    end: AtomicU64,
}

impl Term {
    /// One whose end nobody knows yet.
    pub(crate) const fn from(from: Revision) -> Self {
        Self { from, end: AtomicU64::new(OPEN) }
    }

    /// Another policy is in force from a revision on.
    pub(crate) fn ends_at(&self, end: Revision) {
        self.end.fetch_min(end.0, Ordering::Release);
    }

    /// Whether it begins before a revision.
    pub(crate) fn is_before(&self, revision: Revision) -> bool {
        self.from < revision
    }

    /// Where it ends, where that is known.
    pub(crate) fn end(&self) -> Option<Revision> {
        let end = self.end.load(Ordering::Acquire);
        (end != OPEN).then_some(Revision(end))
    }

    /// Whether the policy is in force at a revision, as far as is known.
    pub(crate) fn holds(&self, revision: Revision) -> bool {
        self.from <= revision && revision.0 < self.end.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_from_its_event_to_the_one_before_the_next() {
        let term = Term::from(Revision(5));
        let held = |term: &Term| (0..10).filter(|n| term.holds(Revision(*n))).collect::<Vec<_>>();
        assert_eq!((held(&term), term.end()), ((5..10).collect(), None));
        term.ends_at(Revision(8));
        assert_eq!((held(&term), term.end()), ((5..8).collect(), Some(Revision(8))));
        term.ends_at(Revision(9));
        assert_eq!(term.end(), Some(Revision(8)), "what was found first is the end");
    }
}
