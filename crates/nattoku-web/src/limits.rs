//! How many calls a caller may make: so many a second, and as many at once after a pause; and how long people wait.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::blocking::{AT_LENGTH_AT_ONCE, CHECKS_AT_ONCE, FOR_PEOPLE};
use crate::in_time::{AT_LENGTH, Patience, WITHIN};

/// Most streams of events at once.
pub const STREAMS_MAX: usize = 128;

/// The limits of one server.
pub struct Limits {
    all: DefaultKeyedRateLimiter<String>,
    /// Those of callers that have one of their own.
    own: HashMap<String, DefaultDirectRateLimiter>,
    streams: Arc<Semaphore>,
    /// Of those who ask for a page.
    pub(crate) patience: Patience,
    /// Of those for whom something is made from all that is known of them, which takes its time.
    pub(crate) at_length: Patience,
    /// Of those, whoever they are, who have a receipt checked.
    pub(crate) checking: Patience,
}

impl Limits {
    /// So many calls a second for each caller.
    #[must_use]
    pub fn of(calls_a_second: NonZeroU32) -> Self {
        Self {
            all: RateLimiter::keyed(Quota::per_second(calls_a_second)),
            own: HashMap::new(),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            patience: Patience::of(FOR_PEOPLE, WITHIN),
            at_length: Patience::of(AT_LENGTH_AT_ONCE, AT_LENGTH),
            checking: Patience::of(CHECKS_AT_ONCE, WITHIN),
        }
    }

    /// Where people wait so long for the store, instead of a moment.
    #[must_use]
    pub fn with_patience(self, within: Duration) -> Self {
        let patience = Patience::of(FOR_PEOPLE, within);
        Self { patience, checking: Patience::of(CHECKS_AT_ONCE, within), ..self }
    }

    /// With so many calls a second for this one.
    #[must_use]
    pub fn with(mut self, caller: String, calls_a_second: NonZeroU32) -> Self {
        self.own.insert(caller, RateLimiter::direct(Quota::per_second(calls_a_second)));
        self
    }

    /// Notes a call of a caller, and whether it is one too many.
    pub(crate) fn exceeds(&self, caller: &String) -> bool {
        match self.own.get(caller) {
            Some(own) => own.check().is_err(),
            None => self.all.check_key(caller).is_err(),
        }
    }

    /// A place for one more stream of events, kept for as long as it goes on; none, where there are as many as there may be.
    pub(crate) fn stream(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.streams).try_acquire_owned().ok()
    }
}
