//! Who was erased, so that nobody comes back by a restore.

use std::collections::{BTreeMap, HashSet};

use super::{Keyring, in_transaction};
use crate::error::StoreError;

/// A principal who was erased, by the random id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tombstone {
    pub(crate) id: [u8; 16],
    /// When nothing in use opened any more what is theirs, in microseconds since 1970.
    pub(crate) live_at: i64,
    /// When no copy did either.
    pub(crate) everywhere_at: Option<i64>,
}

/// What is left to do of somebody who is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unburied {
    /// The keys are not destroyed.
    Keys,
    /// There is no tombstone.
    NoTombstone,
}

/// Principals looked up at once; others come to the keys in between.
const ASKED_AT_ONCE: usize = 1_024;

impl Keyring {
    /// Destroys the keys of principals and puts tombstones there; the first date that was written stays.
    pub(crate) fn bury(&self, erased: &[([u8; 16], i64)]) -> Result<(), StoreError> {
        let state = &mut *self.state();
        in_transaction(state, |state| {
            for (id, _) in erased {
                state.principals.remove(id);
            }
            state.place.bury(erased)
        })
    }

    /// Every tombstone.
    pub(crate) fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError> {
        self.state().place.tombstones()
    }

    /// Those of the erased of whom something is left to do.
    pub(crate) fn unburied(&self, erased: &[[u8; 16]]) -> Result<Vec<([u8; 16], Unburied)>, StoreError> {
        let mut left = BTreeMap::new();
        if !erased.is_empty() {
            let buried: HashSet<_> = self.tombstones()?.into_iter().map(|stone| stone.id).collect();
            let missing = erased.iter().filter(|id| !buried.contains(*id));
            left.extend(missing.map(|id| (*id, Unburied::NoTombstone)));
        }
        for ids in erased.chunks(ASKED_AT_ONCE) {
            let there = self.wrapped_principals(ids)?;
            left.extend(there.into_iter().map(|(id, _)| (id, Unburied::Keys)));
        }
        Ok(left.into_iter().collect())
    }

    /// Notes that no copy opens any more what these principals had.
    pub(crate) fn bury_everywhere(&self, ids: &[[u8; 16]], at: i64) -> Result<(), StoreError> {
        let state = &mut *self.state();
        in_transaction(state, |state| state.place.bury_everywhere(ids, at))
    }

    /// Sees to it that what was deleted is in no log. Tells whether it is so.
    pub(crate) fn empty_log(&self) -> Result<bool, StoreError> {
        self.state().place.empty_log()
    }
}
