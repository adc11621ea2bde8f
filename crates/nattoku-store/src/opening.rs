//! How a store is opened, and how it is to behave.

use std::time::Duration;

use crate::keys::Absent;
use crate::random::{Randomness, RandomnessError};
use crate::transfer::Identity;

/// What may be found at the place of a store, and what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Write to the store there, or make a new one where there is nothing. The folder or the database must exist.
    Create,
    /// Write to the store there.
    Existing,
    /// Read the store there.
    ReadOnly,
}

/// How a store is to behave; the default is right for most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long to wait for another program that is writing.
    pub wait_for_lock_max: Duration,
    /// After how long without an append the right to append is given up, where others may wait for it.
    pub rests_after: Duration,
    /// How long the right to append is kept at most, where it is one that programs take turns with.
    pub held_max: Duration,
    /// How many pages of 4,096 bytes a `SQLite` file may grow to; no limit but `SQLite`'s own when absent.
    pub pages_max: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            wait_for_lock_max: Duration::from_secs(5),
            // Whoever writes elsewhere right after waits as long, and a withdrawal has 50 ms. To take it again costs three short questions.
            rests_after: Duration::from_millis(5),
            held_max: Duration::from_secs(1),
            pages_max: None,
        }
    }
}

/// What a ledger is opened for.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    /// To be used, once it is whole.
    Use,
    /// To take in a ledger from elsewhere.
    Arrival(Identity),
}

impl Purpose {
    /// The id that a new ledger gets.
    pub(crate) fn ledger_id(&self, randomness: &mut dyn Randomness) -> Result<[u8; 16], RandomnessError> {
        match self {
            Self::Arrival(identity) => Ok(identity.ledger_id),
            Self::Use => {
                let mut id = [0; 16];
                randomness.fill(&mut id)?;
                Ok(id)
            }
        }
    }

    /// What may be done where the ledger's keys are not there. Nobody's keys can be made anew.
    pub(crate) const fn absent_keys(&self, are_needed: bool) -> Absent<'_> {
        match self {
            Self::Arrival(identity) => Absent::Arrive(identity),
            Self::Use if are_needed => Absent::Refuse,
            Self::Use => Absent::Make(None),
        }
    }

    /// Whether a new ledger is one that has yet to arrive.
    pub(crate) const fn is_arrival(&self) -> bool {
        matches!(self, Self::Arrival(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_writes_after_another_waits_for_a_small_part_of_what_a_withdrawal_may_take() {
        let enforced_within = Duration::from_millis(50);
        assert!(Settings::default().rests_after * 4 <= enforced_within);
    }
}
