//! Several respondents, so that many threads are answered at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::available_parallelism;

use super::{Following, Respondent};

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The number of this thread among those that have asked.
    static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

/// As many respondents as threads can run at once. A thread comes back to the same one, which has its plans at hand.
pub struct Respondents {
    first: Mutex<Respondent>,
    others: Vec<Mutex<Respondent>>,
}

impl Respondents {
    /// Respondents under the policy that stands.
    #[must_use]
    pub fn of(following: &Following) -> Self {
        let new = || Mutex::new(Respondent::new(following.standing()));
        let others = available_parallelism().map_or(0, |threads| threads.get() - 1);
        Self { first: new(), others: (0..others).map(|_| new()).collect() }
    }

    /// Asks one of them, under the policy that stands now.
    pub fn ask<T>(&self, following: &Following, ask: impl FnOnce(&mut Respondent) -> T) -> T {
        let mut respondent = self.free();
        let standing = following.standing();
        if !Arc::ptr_eq(respondent.standing(), &standing) {
            *respondent = Respondent::new(standing);
        }
        ask(&mut respondent)
    }

    /// This thread's own, or one that nobody asks at the moment, or else the first once it is free.
    fn free(&self) -> MutexGuard<'_, Respondent> {
        let own = NUMBER.with(|number| *number) % (self.others.len() + 1);
        let all = || std::iter::once(&self.first).chain(&self.others);
        for respondent in all().skip(own).chain(all().take(own)) {
            match respondent.try_lock() {
                Ok(free) => return free,
                // What a panic left half done was of one answer alone, and is written anew for the next.
                Err(TryLockError::Poisoned(left)) => return left.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
