//! A lease of which one thing is not as the protocol says: the same that the simulation of the protocol breaks
//! (`crates/nattoku-lease/tests/it/simulation/node.rs`).

use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nattoku_lease::{Asked, NodeLease, NodeTime, Sending, Terms};
use nattoku_model::Revision;
use nattoku_operations::Leasing;
use nattoku_store::time_since_boot;

use crate::gate::Gate;

/// What is done otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    Nothing,
    /// The lease is checked before a question is evaluated, and not before its answer is sent.
    CheckedBeforeEvaluating,
    /// The lease counts from the answer of the registry, and not from the asking.
    FromTheAnswer,
    /// It is not looked at whether the lease has run out.
    NeverStale,
}

impl FromStr for Broken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "nothing" => Self::Nothing,
            "checked-before-evaluating" => Self::CheckedBeforeEvaluating,
            "from-the-answer" => Self::FromTheAnswer,
            "never-stale" => Self::NeverStale,
            other => return Err(format!("`{other}` is nothing that is broken")),
        })
    }
}

/// The lease of a node. A copy is the same lease.
#[derive(Clone)]
pub(crate) struct BrokenLease {
    broken: Broken,
    lease: Arc<Mutex<NodeLease>>,
    /// What was said of the lease when the last question came in. Questions come one at a time here.
    checked: Arc<Mutex<Sending>>,
    answers: Gate,
}

impl BrokenLease {
    pub(crate) fn new(broken: Broken, answers: &Gate) -> Self {
        let lease = Arc::new(Mutex::new(NodeLease::new(Terms::default())));
        Self { broken, lease, checked: Arc::new(Mutex::new(Sending::Stale)), answers: answers.clone() }
    }

    /// A question comes in, and is not evaluated yet.
    pub(crate) fn check(&self) {
        let now = NodeTime(time_since_boot().unwrap());
        // What is going to be evaluated is the copy as it stands, and whatever lease there is has its head in that.
        let checked = self.lease().sending(Revision(u64::MAX), now);
        *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = checked;
    }

    fn lease(&self) -> MutexGuard<'_, NodeLease> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leasing for BrokenLease {
    fn asked(&mut self, now: NodeTime) -> Asked {
        self.lease().asked(now)
    }

    fn answered(&mut self, mut asked: Asked, head: Revision) {
        self.answers.pass();
        if self.broken == Broken::FromTheAnswer {
            asked = self.lease().asked(NodeTime(time_since_boot().unwrap()));
        }
        self.lease().answered(asked, head);
    }

    fn applied(&mut self, revision: Revision) {
        self.lease().applied(revision);
    }

    fn report(&mut self) -> Revision {
        self.lease().report()
    }

    fn sending(&self, evaluated: Revision, now: NodeTime) -> Sending {
        let lease = self.lease();
        match self.broken {
            Broken::Nothing | Broken::FromTheAnswer => lease.sending(evaluated, now),
            Broken::CheckedBeforeEvaluating => *self.checked.lock().unwrap_or_else(PoisonError::into_inner),
            Broken::NeverStale => lease.until().map_or(Sending::Stale, |until| {
                lease.sending(evaluated, NodeTime(until.0.saturating_sub(Terms::default().length())))
            }),
        }
    }

    fn ask_at(&self) -> Option<NodeTime> {
        self.lease().ask_at()
    }

    fn staleness(&self, now: NodeTime) -> Option<Duration> {
        self.lease().staleness(now)
    }

    fn remaining(&self, now: NodeTime) -> Duration {
        self.lease().remaining(now)
    }
}
