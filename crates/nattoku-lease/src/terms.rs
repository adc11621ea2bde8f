//! How long a lease is, and how far clocks are trusted.

use std::time::Duration;

use crate::clock::RegistryTime;

/// The terms of a lease. All nodes of a ledger have the same; where they differ, what is promised is by the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    length: Duration,
    drift: Duration,
}

/// Why terms are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Clocks that stray by a whole lease bound nothing; nor does a lease without length, for which this is said too.
    #[error("a lease of {length:?} is not longer than the drift of {drift:?} that clocks are allowed in it")]
    DriftNotBelowLength {
        /// The length asked for.
        length: Duration,
        /// The drift asked for.
        drift: Duration,
    },
}

impl Terms {
    /// Terms by which a node may answer for `length` after it asked, while `length` on its clock takes at most
    /// `length + drift` on the registry's.
    pub fn new(length: Duration, drift: Duration) -> Result<Self, TermsError> {
        if drift < length {
            Ok(Self { length, drift })
        } else {
            Err(TermsError::DriftNotBelowLength { length, drift })
        }
    }

    /// How long a lease holds on the node's own clock, from the moment it asked.
    #[must_use]
    pub fn length(self) -> Duration {
        self.length
    }

    /// How much longer that may take on the registry's clock, its own steps included.
    #[must_use]
    pub fn drift(self) -> Duration {
        self.drift
    }

    /// S of the promise G1: from when on a withdrawal that is durable is respected by every node.
    #[must_use]
    pub fn bound(self) -> Duration {
        self.length.saturating_add(self.drift)
    }

    /// How long after asking a node asks again, whether it was answered or not: a third, so that two answers may be
    /// lost before a lease runs out.
    #[must_use]
    pub fn ask_every(self) -> Duration {
        self.length / 3
    }

    /// Until when the registry counts a lease that is registered now.
    #[must_use]
    pub fn counted_until(self, now: RegistryTime) -> RegistryTime {
        RegistryTime(now.0.saturating_add(self.bound()))
    }
}

impl Default for Terms {
    /// Two seconds, and a tenth for the drift: S is 2.1 s.
    fn default() -> Self {
        Self { length: Duration::from_secs(2), drift: Duration::from_millis(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_bound_is_two_seconds_and_a_tenth() {
        assert_eq!(Terms::default().bound(), Duration::from_millis(2_100));
        assert_eq!(Terms::default(), Terms::new(Duration::from_secs(2), Duration::from_millis(100)).unwrap());
    }

    #[test]
    fn a_lease_is_longer_than_its_drift() {
        let second = Duration::from_secs(1);
        for (length, drift) in [(second, second), (second, 2 * second), (Duration::ZERO, Duration::ZERO)] {
            assert_eq!(Terms::new(length, drift), Err(TermsError::DriftNotBelowLength { length, drift }));
        }
        assert!(Terms::new(second, Duration::ZERO).is_ok());
    }

    #[test]
    fn the_registry_counts_the_drift_too() {
        let now = RegistryTime(Duration::from_secs(50));
        assert_eq!(Terms::default().counted_until(now), RegistryTime(Duration::from_millis(52_100)));
    }
}
