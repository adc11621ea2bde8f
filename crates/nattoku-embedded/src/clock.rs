//! The machine's clock.

use jiff::Timestamp;
use nattoku_model::clock::Clock;

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the edge of the program is where time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
