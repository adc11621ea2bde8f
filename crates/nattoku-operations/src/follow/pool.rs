//! Several respondents, so that many threads are answered at once.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread::available_parallelism;

use super::{Following, Respondent};

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The number of this thread among those that have asked.
    static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

/// As many respondents as threads can run at once. A thread comes back to the same one, which has its plans at hand.
pub struct Respondents(Vec<Mutex<Respondent>>);

impl Respondents {
    /// Respondents under the policy that stands.
    #[must_use]
    pub fn of(following: &Following) -> Self {
        let count = available_parallelism().map_or(1, NonZeroUsize::get);
        Self((0..count).map(|_| Mutex::new(Respondent::new(following.standing()))).collect())
    }

    /// Asks one that nobody asks at the moment, under the policy that stands now; nothing, where all are being asked.
    pub fn ask<T>(&self, following: &Following, ask: impl FnOnce(&mut Respondent) -> T) -> Option<T> {
        let mut respondent = self.free()?;
        let standing = following.look();
        if !Arc::ptr_eq(respondent.standing(), &standing) {
            *respondent = Respondent::new(Arc::clone(&standing));
        }
        Some(ask(&mut respondent))
    }

    /// This thread's own, or another that is free.
    fn free(&self) -> Option<MutexGuard<'_, Respondent>> {
        let own = NUMBER.with(|number| *number) % self.0.len().max(1);
        let (before, from) = self.0.split_at_checked(own)?;
        from.iter().chain(before).find_map(|respondent| match respondent.try_lock() {
            Ok(free) => Some(free),
            // What a panic left half done was of one answer alone, and is written anew for the next.
            Err(TryLockError::Poisoned(left)) => Some(left.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })
    }
}
