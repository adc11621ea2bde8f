//! How many calls a caller may make: so many a second, and as many at once after a pause; how many may wait for the store at once; and
//! how long people wait.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::blocking::Places;
use crate::in_time::{AT_LENGTH, Patience, WITHIN};

/// Most streams of events at once.
pub const STREAMS_MAX: usize = 128;

/// How many threads for work that may wait a runtime has where nobody says otherwise.
const THREADS: usize = 512;
/// As many are left for what needs no store: pages for everybody, files, and the keys of issuers, one fetch for each at a time.
const LEFT: usize = 100;

/// How many of each kind may wait for the store at once. None takes the places of another: what waits for as long as a store says
/// nothing leaves threads for what waits for less, or for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorePlaces {
    /// Programs that ask, or read.
    pub asking: usize,
    /// Programs that write.
    pub appending: usize,
    /// Whoever it may be that reads the published log.
    pub log: usize,
    /// People, of whom each waits for [a moment](crate::in_time) only.
    pub people: usize,
    /// People for whom something is made from all that is known of them, or who come back from a provider.
    pub at_length: usize,
    /// Whoever it may be that has a receipt checked.
    pub checking: usize,
}

impl StorePlaces {
    /// Where nobody says otherwise.
    pub const USUAL: Self =
        Self { asking: 192, appending: 128, log: 16, people: 64, at_length: 8, checking: 4 };

    const fn all(self) -> usize {
        self.asking + self.appending + self.log + self.people + self.at_length + self.checking
    }
}

const _: () = assert!(StorePlaces::USUAL.all() + LEFT <= THREADS);

/// The limits of one server.
pub struct Limits {
    all: DefaultKeyedRateLimiter<String>,
    /// Those of callers that have one of their own.
    own: HashMap<String, DefaultDirectRateLimiter>,
    streams: Arc<Semaphore>,
    at_once: StorePlaces,
    /// Of programs that ask, or read.
    pub(crate) asking: Places,
    /// Of those that write.
    pub(crate) appending: Places,
    /// Of the published log.
    pub(crate) log: Places,
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
        let at_once = StorePlaces::USUAL;
        Self {
            all: RateLimiter::keyed(Quota::per_second(calls_a_second)),
            own: HashMap::new(),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            asking: Places::of(at_once.asking),
            appending: Places::of(at_once.appending),
            log: Places::of(at_once.log),
            patience: Patience::of(at_once.people, WITHIN),
            at_length: Patience::of(at_once.at_length, AT_LENGTH),
            checking: Patience::of(at_once.checking, WITHIN),
            at_once,
        }
    }

    /// Where people wait so long for the store, instead of a moment.
    #[must_use]
    pub fn with_patience(self, within: Duration) -> Self {
        let (patience, checking) = (self.at_once.people, self.at_once.checking);
        Self { patience: Patience::of(patience, within), checking: Patience::of(checking, within), ..self }
    }

    /// Where so many programs may wait for the store at once.
    #[must_use]
    pub fn with_programs(self, asking: usize, appending: usize) -> Self {
        let at_once = StorePlaces { asking, appending, ..self.at_once };
        Self { asking: Places::of(asking), appending: Places::of(appending), at_once, ..self }
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
