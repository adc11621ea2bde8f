//! The clock that all programs of one machine share and that nobody sets: the time since the machine was started, sleep included.

use std::time::Duration;

use crate::error::StoreError;

/// The system has no clock of the time since it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this system has no clock of the time since it was started")]
pub struct NoClock;

impl From<NoClock> for StoreError {
    fn from(error: NoClock) -> Self {
        Self::Unavailable { source: error.into() }
    }
}

/// The time since the machine was started, by a clock that goes on while it sleeps and is not set when somebody sets the date.
///
/// # Errors
/// The system has none.
#[cfg(unix)]
pub fn time_since_boot() -> Result<Duration, NoClock> {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    // Where it goes on in sleep by this name.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    Duration::try_from(clock_gettime(CLOCK)).map_err(|_| NoClock)
}

/// The time since the machine was started, by a clock that goes on while it sleeps and is not set when somebody sets the date.
///
/// # Errors
/// The system has none.
#[cfg(not(unix))]
pub fn time_since_boot() -> Result<Duration, NoClock> {
    Err(NoClock)
}

/// Microseconds since the machine was started.
pub(super) fn now() -> Result<i64, StoreError> {
    i64::try_from(time_since_boot()?.as_micros()).map_err(|_| NoClock.into())
}

/// Which boot of the machine this is, and what is left in it of leases.
#[derive(Debug)]
pub(super) struct Boot {
    /// What tells this boot from others; none where the system does not say.
    pub(super) id: Option<String>,
}

impl Boot {
    pub(super) fn this() -> Self {
        let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        Self { id: told.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()) }
    }

    /// How much is left at `now` of a lease of some length that was to end at an instant of this or of another boot; none where it
    /// is over. Whatever held a lease in another boot runs no more.
    pub(super) fn left(&self, boot: Option<&str>, ends_at: i64, length: i64, now: i64) -> Option<i64> {
        let is_told = match (boot, self.id.as_deref()) {
            (Some(then), Some(this)) if then != this => return None,
            (then, this) => then.is_some() && this.is_some(),
        };
        match ends_at.saturating_sub(now) {
            ..=0 => None,
            left if left <= length => Some(left),
            // In one boot that cannot be, and then it is taken for as long as it may be.
            _ if is_told => Some(length),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: i64 = 10;

    #[test]
    fn a_lease_of_another_boot_is_over() {
        let this = Boot { id: Some("this".to_owned()) };
        assert_eq!(this.left(Some("this"), 105, LENGTH, 100), Some(5));
        assert_eq!(this.left(Some("this"), 100, LENGTH, 100), None);
        assert_eq!(this.left(Some("this"), 99, LENGTH, 100), None);
        assert_eq!(this.left(Some("other"), 105, LENGTH, 100), None);
    }

    /// Too long is safe, too short is not.
    #[test]
    fn a_lease_that_is_surely_of_this_boot_is_never_void() {
        let this = Boot { id: Some("this".to_owned()) };
        assert_eq!(this.left(Some("this"), 500, LENGTH, 100), Some(LENGTH));
    }

    #[test]
    fn where_no_boot_is_told_what_would_last_longer_than_it_may_is_of_an_earlier_one() {
        for (now_told, then_told) in [(None, None), (None, Some("then")), (Some("now"), None)] {
            let this = Boot { id: now_told.map(str::to_owned) };
            assert_eq!(this.left(then_told, 500, LENGTH, 100), None);
            assert_eq!(this.left(then_told, 110, LENGTH, 100), Some(10), "it may well be of this one");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_clock_goes_on() {
        let before = time_since_boot().unwrap();
        std::thread::sleep(Duration::from_millis(2));
        assert!(time_since_boot().unwrap() > before);
    }
}
