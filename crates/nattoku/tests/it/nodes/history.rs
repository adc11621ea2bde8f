//! What was asked and withdrawn, and whether it goes together.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A moment on the one clock of this test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Instant);

impl Moment {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }
}

/// A withdrawal, and what it was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Withdrawn {
    pub(super) answered: Moment,
    pub(super) revision: u64,
    /// Otherwise it is durable.
    pub(super) is_enforced: bool,
}

/// Something that was permitted and must not have been.
#[derive(Debug)]
pub(super) enum Breach {
    /// Too long after a durable withdrawal was answered (G1).
    Bounded { principal: usize, late: Duration },
    /// Asked with the revision of the withdrawal (G2).
    ByRevision { principal: usize },
    /// After an enforced withdrawal was answered (G3).
    Enforced { principal: usize, late: Duration },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bounded { principal, late } => {
                write!(f, "principal {principal} was permitted {late:?} after a durable withdrawal")
            }
            Self::ByRevision { principal } => {
                write!(f, "principal {principal} was permitted by the revision of the withdrawal")
            }
            Self::Enforced { principal, late } => {
                write!(f, "principal {principal} was permitted {late:?} after an enforced withdrawal")
            }
        }
    }
}

/// What a history has that holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) asked: usize,
    /// Of those, with the revision of a withdrawal.
    pub(super) by_revision: usize,
    pub(super) permitted: usize,
    pub(super) withdrawn: usize,
    /// Of those, enforced.
    pub(super) enforced: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, by_revision, permitted, withdrawn, enforced } = self;
        write!(f, "{asked} questions ({by_revision} of them by revision, {permitted} permitted) and ")?;
        write!(f, "{withdrawn} withdrawals ({enforced} of them enforced) hold")
    }
}

/// What has happened so far. Of each principal it has no more than decides whether it holds, so that it may be as long as one wants.
#[derive(Debug, Default)]
pub(super) struct History(Mutex<Happened>);

#[derive(Debug, Default)]
struct Happened {
    counts: Counts,
    /// Who was permitted, and the last moment at which that had not been answered yet.
    permitted: HashMap<usize, Moment>,
    withdrawn: HashMap<usize, Withdrawn>,
    by_revision: Option<usize>,
}

impl History {
    /// Somebody was asked about, and the answer was sent after a moment: that at which the question was, or a later one at which it is
    /// known that there was none yet.
    pub(super) fn asked(&self, principal: usize, unanswered: Moment, permitted: bool) {
        let mut happened = self.happened();
        happened.counts.asked += 1;
        if permitted {
            happened.counts.permitted += 1;
            let last = happened.permitted.entry(principal).or_insert(unanswered);
            *last = unanswered.max(*last);
        }
    }

    /// Somebody was asked about with the revision of their withdrawal.
    pub(super) fn asked_by_revision(&self, principal: usize, permitted: bool) {
        let mut happened = self.happened();
        happened.counts.asked += 1;
        happened.counts.by_revision += 1;
        if permitted {
            happened.by_revision = Some(principal);
        }
    }

    pub(super) fn withdrawn(&self, principal: usize, withdrawn: Withdrawn) {
        let mut happened = self.happened();
        happened.counts.withdrawn += 1;
        happened.counts.enforced += usize::from(withdrawn.is_enforced);
        happened.withdrawn.insert(principal, withdrawn);
    }

    /// At which revision somebody has withdrawn.
    pub(super) fn revision_of(&self, principal: usize) -> Option<u64> {
        self.happened().withdrawn.get(&principal).map(|withdrawn| withdrawn.revision)
    }

    /// Holds every question against every withdrawal: with its revision none is permitted (G2), after an enforced one none at all (G3),
    /// after a durable one none once the bound has passed (G1).
    pub(super) fn check(&self, bound: Duration) -> Result<Counts, Breach> {
        let happened = self.happened();
        if let Some(principal) = happened.by_revision {
            return Err(Breach::ByRevision { principal });
        }
        for (&principal, withdrawn) in &happened.withdrawn {
            let Some(permitted) = happened.permitted.get(&principal) else { continue };
            let late = permitted.0.saturating_duration_since(withdrawn.answered.0);
            if withdrawn.is_enforced && !late.is_zero() {
                return Err(Breach::Enforced { principal, late });
            }
            if late > bound {
                return Err(Breach::Bounded { principal, late });
            }
        }
        Ok(happened.counts)
    }

    fn happened(&self) -> MutexGuard<'_, Happened> {
        self.0.lock().unwrap()
    }
}

#[test]
fn a_history_tells_what_was_permitted_too_late() {
    let began = Instant::now();
    let at = |milliseconds| Moment(began + Duration::from_millis(milliseconds));
    let bound = Duration::from_secs(2);
    let of = |is_enforced, permitted: &[u64]| {
        let history = History::default();
        assert_eq!(history.revision_of(0), None);
        history.withdrawn(0, Withdrawn { answered: at(1_000), revision: 7, is_enforced });
        assert_eq!(history.revision_of(0), Some(7));
        for moment in permitted {
            history.asked(0, at(*moment), true);
        }
        history.asked(0, at(9_000), false);
        history.asked(1, at(9_000), true);
        history
    };
    let counts = of(true, &[900, 1_000]).check(bound).unwrap();
    assert_eq!(counts, Counts { asked: 4, by_revision: 0, permitted: 3, withdrawn: 1, enforced: 1 });
    assert!(matches!(of(true, &[1_001, 0]).check(bound), Err(Breach::Enforced { principal: 0, .. })));
    assert!(of(false, &[2_999, 3_000]).check(bound).is_ok());
    assert!(matches!(of(false, &[3_001, 0]).check(bound), Err(Breach::Bounded { principal: 0, .. })));
    let history = of(false, &[]);
    history.asked_by_revision(0, false);
    assert_eq!(history.check(bound).unwrap().by_revision, 1);
    history.asked_by_revision(0, true);
    assert!(matches!(history.check(bound), Err(Breach::ByRevision { principal: 0 })));
}
