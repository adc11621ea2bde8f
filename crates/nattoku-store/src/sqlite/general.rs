//! Reads the events that concern everybody.

use nattoku_model::{Recorded, Revision};
use rusqlite::Connection;

use super::SqliteStore;
use super::read::decode_row;
use crate::decode::column;
use crate::error::StoreError;

impl SqliteStore {
    /// Gives the events that concern everybody up to `revision`, where the transaction of `connection` sees the ledger up
    /// to `newest`.
    pub(super) fn general_at<T>(
        &self,
        connection: &Connection,
        (revision, newest): (Revision, Revision),
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let load = |after: Revision| {
            let mut select = connection.prepare_cached(
                "select revision, at, recorded_at, leaf, null, null, false from events
                 where principal is null and revision > ?1 order by revision",
            )?;
            let mut rows = select.query([column(after.0)?])?;
            let mut new = Vec::new();
            while let Some(row) = rows.next()? {
                new.extend(decode_row(row, &self.keys)?);
            }
            Ok(new)
        };
        self.general.at(revision, newest, load, give)
    }
}
