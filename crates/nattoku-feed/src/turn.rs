//! Which program of a deployment sends: the one that has the turn. It ends by itself, so that another takes it over from one that is gone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nattoku_store::{State, StoreError, time_since_boot};

/// How long a turn lasts, unless it is renewed.
pub(crate) const LENGTH: Duration = Duration::from_secs(30);
/// How long it is counted on: clocks may drift apart in that time.
const HELD: Duration = Duration::from_secs(28);

/// A turn at something that only one program does at a time.
#[derive(Debug)]
pub(crate) struct Turn {
    what: &'static str,
    holder: [u8; 16],
    /// Until when it is held, in microseconds since the machine was started.
    until: AtomicU64,
}

impl Turn {
    pub(crate) const fn new(what: &'static str, holder: [u8; 16]) -> Self {
        Self { what, holder, until: AtomicU64::new(0) }
    }

    /// Takes it, or renews it: whether it is held now. It counts from before it is asked for.
    pub(crate) fn take(&self, state: &dyn State) -> Result<bool, StoreError> {
        let asked = time_since_boot()?;
        let is_taken = state.take_turn(self.what, &self.holder, LENGTH)?;
        let until = if is_taken { asked + HELD } else { Duration::ZERO };
        self.until.store(u64::try_from(until.as_micros()).unwrap_or(u64::MAX), Ordering::Release);
        Ok(is_taken)
    }

    /// Whether it is held for so long yet: whatever takes no longer is done while nobody else does it.
    pub(crate) fn lasts(&self, time: Duration) -> bool {
        let until = Duration::from_micros(self.until.load(Ordering::Acquire));
        time_since_boot().is_ok_and(|now| now + time < until)
    }

    /// Gives it up: nothing is done under it any more.
    pub(crate) fn end(&self, state: &dyn State) -> Result<(), StoreError> {
        self.until.store(0, Ordering::Release);
        state.end_turn(self.what, &self.holder)
    }
}
