//! How many calls a token may make: so many a second, and as many at once after a pause.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most streams of events at once.
pub const STREAMS_MAX: usize = 128;

/// The limits of one server.
pub struct Limits {
    calls: DefaultKeyedRateLimiter<String>,
    streams: Arc<Semaphore>,
}

impl Limits {
    /// So many calls a second for each token.
    #[must_use]
    pub fn of(calls_a_second: NonZeroU32) -> Self {
        Self {
            calls: RateLimiter::keyed(Quota::per_second(calls_a_second)),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
        }
    }

    /// Notes a call of a token, and whether it is one too many.
    pub(crate) fn exceeds(&self, token: &String) -> bool {
        self.calls.check_key(token).is_err()
    }

    /// A place for one more stream of events, kept for as long as it goes on; none, where there are as many as there may be.
    pub(crate) fn stream(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.streams).try_acquire_owned().ok()
    }
}
