//! The events that concern everybody, decoded once: every reading of a principal needs them.

use std::sync::PoisonError;

use nattoku_model::{Recorded, Revision};
use rusqlite::Connection;

use super::SqliteStore;
use super::head::column;
use super::read::decode_row;
use crate::error::StoreError;

/// What was read of them so far, by revision. Events are never changed, so what was read once stays right.
#[derive(Default)]
pub(super) struct GeneralEvents {
    events: Vec<Recorded>,
    /// Everything up to here has been read.
    read_to: Revision,
}

impl SqliteStore {
    /// Gives the events that concern everybody up to `revision`, the revision of the transaction of `connection`.
    pub(super) fn general_at<T>(
        &self,
        connection: &Connection,
        revision: Revision,
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let general = &mut *self.general.lock().unwrap_or_else(PoisonError::into_inner);
        if general.read_to < revision {
            let mut select = connection.prepare_cached(
                "select revision, at, recorded_at, leaf, null from events
                 where principal is null and revision > ?1 order by revision",
            )?;
            let mut rows = select.query([column(general.read_to.0)?])?;
            let mut new = Vec::new();
            while let Some(row) = rows.next()? {
                new.push(decode_row(row)?);
            }
            general.events.append(&mut new);
            general.read_to = revision;
        }
        // Another call may have read further than this transaction sees.
        let n_seen = general.events.partition_point(|event| event.revision <= revision);
        Ok(give(general.events.get(..n_seen).unwrap_or_default()))
    }
}
