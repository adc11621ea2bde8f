//! Who was erased, so that nobody comes back by a restore.

use std::collections::HashSet;

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

    /// The first of those who are erased whose keys are not destroyed, or who has no tombstone, and which of both it is; so many
    /// are looked up at once.
    pub(crate) fn first_unburied(
        &self,
        erased: &[[u8; 16]],
        at_once: usize,
    ) -> Result<Option<([u8; 16], &'static str)>, StoreError> {
        if erased.is_empty() {
            return Ok(None);
        }
        let state = &mut *self.state();
        for ids in erased.chunks(at_once) {
            if let Some((id, _)) = state.place.principals(ids)?.into_iter().next() {
                return Ok(Some((id, "the keys are not destroyed")));
            }
        }
        let buried: HashSet<_> = state.place.tombstones()?.into_iter().map(|stone| stone.id).collect();
        let missing = erased.iter().find(|id| !buried.contains(*id));
        Ok(missing.map(|id| (*id, "no tombstone keeps them so")))
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
