//! The events that concern everybody, decoded once: every reading of a principal needs them.

use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// Gives the events that concern everybody up to `revision`. `load` reads all of them after a revision, in a transaction
    /// that sees the ledger up to `newest`.
    pub(crate) fn at<T>(
        &self,
        revision: Revision,
        newest: Revision,
        load: impl FnOnce(Revision) -> Result<Vec<Recorded>, StoreError>,
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let read_to = self.read_to();
        // Nobody waits while the database is asked.
        let loaded = if read_to < newest { load(read_to)? } else { Vec::new() };
        Ok(self.with(loaded, (revision, newest), give))
    }

    /// Everything up to here has been read.
    pub(crate) fn read_to(&self) -> Revision {
        self.read().to
    }

    /// Gives the events that concern everybody up to `revision`, with those that were loaded, by revision: all that a snapshot which
    /// sees the ledger up to `newest` has after a revision that [`read_to`](Self::read_to) told.
    pub(crate) fn with<T>(
        &self,
        loaded: Vec<Recorded>,
        (revision, newest): (Revision, Revision),
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> T {
        let mut read = self.read();
        if read.to < newest {
            // Another call may have read some of them in the meantime.
            let there = read.to;
            read.events.extend(loaded.into_iter().filter(|event| event.revision > there));
            read.to = newest;
        }
        // Another call may have read further than this snapshot sees.
        let until = revision.min(newest);
        let n_seen = read.events.partition_point(|event| event.revision <= until);
        give(read.events.get(..n_seen).unwrap_or_default())
    }

    fn read(&self) -> MutexGuard<'_, ReadSoFar> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
