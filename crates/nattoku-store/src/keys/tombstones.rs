//! Who was erased, so that nobody comes back by a restore.

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
