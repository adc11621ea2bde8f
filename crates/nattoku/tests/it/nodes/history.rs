//! What was asked and withdrawn, and whether it goes together.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A moment on the one clock of this test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Instant);

impl Moment {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }
}

#[derive(Debug)]
struct Asked {
    principal: usize,
    sent: Moment,
    permitted: bool,
}

#[derive(Debug)]
struct Withdrawn {
    principal: usize,
    answered: Moment,
    is_enforced: bool,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub(super) struct History {
    asked: Mutex<Vec<Asked>>,
    withdrawn: Mutex<Vec<Withdrawn>>,
}

impl History {
    pub(super) fn asked(&self, principal: usize, sent: Moment, permitted: bool) {
        self.asked.lock().unwrap().push(Asked { principal, sent, permitted });
    }

    pub(super) fn withdrawn(&self, principal: usize, answered: Moment, is_enforced: bool) {
        self.withdrawn.lock().unwrap().push(Withdrawn { principal, answered, is_enforced });
    }

    /// Holds every question against every withdrawal: after an enforced one none is permitted (G3), after a durable one none once the
    /// bound has passed (G1). Tells how many of both there were.
    pub(super) fn check(&self, bound: Duration) -> (usize, usize) {
        let (asked, withdrawn) = (self.asked.lock().unwrap(), self.withdrawn.lock().unwrap());
        let mut last_permitted: HashMap<usize, &Asked> = HashMap::new();
        for question in asked.iter().filter(|question| question.permitted) {
            let last = last_permitted.entry(question.principal).or_insert(question);
            *last = if question.sent > last.sent { question } else { last };
        }
        for withdrawal in withdrawn.iter() {
            let wait = if withdrawal.is_enforced { Duration::ZERO } else { bound };
            let respected = withdrawal.answered.0 + wait;
            let last = last_permitted.get(&withdrawal.principal);
            let wrong = last.filter(|question| question.sent.0 > respected);
            assert!(wrong.is_none(), "{wrong:?} was permitted after {withdrawal:?}");
        }
        (asked.len(), withdrawn.len())
    }
}
