//! When it is looked whether the ledger has become longer: as soon as that is heard, and from time to time all the same.
//!
//! Nothing rests on what is heard. A lease counts from when its node asked for the ledger's head, and what was not heard is found at the
//! next look. That comes soon where nothing is heard, and later where what is new was heard of so far.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nattoku_model::Revision;

/// How long it is until the next look, where nothing is heard.
const SOON: Duration = Duration::from_millis(20);
/// How long it is where what is new is heard.
const LATER: Duration = Duration::from_millis(250);

/// What one who listens tells another who looks.
#[derive(Debug, Default)]
pub struct Hearing {
    state: Mutex<Told>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Told {
    /// Whether what is new is heard, as far as is known.
    is_heard: bool,
    /// Whether something was heard since the last look.
    is_new: bool,
    /// How long the ledger is at least, as far as was heard.
    revision: Revision,
}

impl Told {
    const fn until_next_look(&self) -> Duration {
        if self.is_heard { LATER } else { SOON }
    }
}

impl Hearing {
    /// Somebody listens from now on. What came before nobody heard, however much it is: it is looked at once.
    pub fn listens(&self) {
        self.tell(true, Revision(u64::MAX));
    }

    /// Something was heard: that the ledger is so long.
    pub fn hears(&self, revision: Revision) {
        self.tell(true, revision);
    }

    /// Nobody listens any more. What came meanwhile may not have been heard.
    pub fn is_deaf(&self) {
        self.tell(false, Revision(u64::MAX));
    }

    /// A look that nothing was heard before has found something: what tells of it may have been lost on the way.
    pub fn missed(&self) {
        self.told().is_heard = false;
    }

    /// Waits until it is time to look, at most so long: how long the ledger is at least by what was heard, where something was.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> Option<Revision> {
        let told = self.told();
        let wait = told.until_next_look().min(at_most);
        let (mut told, _) = self
            .changed
            .wait_timeout_while(told, wait, |told| !told.is_new)
            .unwrap_or_else(PoisonError::into_inner);
        let revision = std::mem::take(&mut told.revision);
        std::mem::take(&mut told.is_new).then_some(revision)
    }

    fn tell(&self, is_heard: bool, revision: Revision) {
        let mut told = self.told();
        // What was heard and not looked at yet stays to be looked at.
        *told = Told { is_heard, is_new: true, revision: told.revision.max(revision) };
        drop(told);
        self.changed.notify_all();
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Hearing {
        fn next_look(&self) -> Duration {
            self.told().until_next_look()
        }
    }

    #[test]
    fn looks_are_rarer_while_what_is_new_is_heard() {
        let hearing = Hearing::default();
        assert_eq!(hearing.next_look(), SOON, "nobody listens yet");
        assert_eq!(hearing.wait(Duration::ZERO), None);
        hearing.listens();
        assert_eq!(hearing.next_look(), LATER);
        assert_eq!(
            hearing.wait(Duration::MAX),
            Some(Revision(u64::MAX)),
            "what came before is looked for at once"
        );
        assert_eq!(hearing.wait(Duration::ZERO), None, "and once");
        hearing.missed();
        assert_eq!(hearing.next_look(), SOON);
        hearing.hears(Revision(7));
        hearing.hears(Revision(5));
        assert_eq!(hearing.next_look(), LATER);
        assert_eq!(
            hearing.wait(Duration::MAX),
            Some(Revision(7)),
            "the longest that it is by what was heard"
        );
        hearing.hears(Revision(8));
        hearing.is_deaf();
        assert_eq!(hearing.next_look(), SOON);
        assert_eq!(hearing.wait(Duration::MAX), Some(Revision(u64::MAX)));
    }

    #[test]
    fn whoever_waits_is_woken() {
        let hearing = Hearing::default();
        hearing.listens();
        assert!(hearing.wait(Duration::ZERO).is_some());
        std::thread::scope(|scope| {
            scope.spawn(|| hearing.hears(Revision(1)));
            while hearing.wait(Duration::MAX).is_none() {}
        });
    }
}
