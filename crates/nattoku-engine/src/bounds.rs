//! From when until when what was judged for one instant holds for others.

use jiff::Timestamp;

/// Every question about the instant of a request goes through here, so that the plan knows when its answers would change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The instant that is asked about.
    pub(crate) at: Timestamp,
    /// The answers hold from here…
    pub(crate) from: Timestamp,
    /// …until just before here.
    pub(crate) until: Timestamp,
}

impl Bounds {
    pub(crate) const fn new(at: Timestamp) -> Self {
        Self { at, from: Timestamp::MIN, until: Timestamp::MAX }
    }

    /// Whether an instant has come.
    pub(crate) fn has_come(&mut self, instant: Timestamp) -> bool {
        let has_come = instant <= self.at;
        if has_come {
            self.from = self.from.max(instant);
        } else {
            self.until = self.until.min(instant);
        }
        has_come
    }
}
