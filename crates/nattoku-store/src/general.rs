//! The events that concern everybody, decoded once: every reading of a principal needs them.

use std::sync::{Mutex, PoisonError};

use nattoku_model::{Recorded, Revision};

use crate::error::StoreError;

/// What was read of them so far, by revision. Events are never changed, so what was read once stays right.
#[derive(Default)]
pub(crate) struct GeneralEvents(Mutex<ReadSoFar>);

#[derive(Default)]
struct ReadSoFar {
    events: Vec<Recorded>,
    /// Everything up to here has been read.
    to: Revision,
}

impl GeneralEvents {
    /// Gives the events that concern everybody up to `revision`, the revision of the transaction in which `load` reads those
    /// after a revision.
    pub(crate) fn at<T>(
        &self,
        revision: Revision,
        load: impl FnOnce(Revision) -> Result<Vec<Recorded>, StoreError>,
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let read = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.to < revision {
            read.events.append(&mut load(read.to)?);
            read.to = revision;
        }
        // Another call may have read further than this transaction sees.
        let n_seen = read.events.partition_point(|event| event.revision <= revision);
        Ok(give(read.events.get(..n_seen).unwrap_or_default()))
    }
}
