//! The head of the ledger: how many events there are, and the right edge of the tree over them.

use nattoku_ledger::Frontier;
use rusqlite::Connection;

use crate::error::StoreError;

/// The one row of the table `head`.
pub(super) struct Head {
    /// Raised when another writer takes the ledger over.
    pub(super) epoch: i64,
    /// The tree's right edge; its size is the number of events and so the newest revision.
    pub(super) frontier: Frontier,
    /// When the newest event was recorded, in microseconds since 1970; none while there is none.
    pub(super) recorded_at: Option<i64>,
}

impl Head {
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut select = connection
            .prepare_cached("select epoch, size, frontier, recorded_at from head where only_row = 1")?;
        select
            .query_one([], |row| {
                let (epoch, size, frontier): (_, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((epoch, size, frontier, row.get(3)?))
            })
            .map_err(StoreError::from)
            .and_then(|(epoch, size, frontier, recorded_at)| {
                let frontier = Frontier::from_bytes(number(size)?, &frontier)
                    .map_err(|e| StoreError::Corrupt { what: format!("the head does not hold: {e}") })?;
                Ok(Self { epoch, frontier, recorded_at })
            })
    }

    /// Moves the head from the size it was read with. One row must be hit: none means that somebody else moved it.
    pub(super) fn write(&self, connection: &Connection, size_before: u64) -> Result<(), StoreError> {
        let mut update = connection.prepare_cached(
            "update head set size = ?1, frontier = ?2, recorded_at = ?3 where epoch = ?4 and size = ?5",
        )?;
        let (size, before) = (column(self.frontier.size())?, column(size_before)?);
        let n_rows =
            update.execute((size, self.frontier.to_bytes(), self.recorded_at, self.epoch, before))?;
        if n_rows == 1 { Ok(()) } else { Err(StoreError::Superseded) }
    }
}

/// A number that `SQLite` holds with a sign and that is never negative.
pub(super) fn number(column: i64) -> Result<u64, StoreError> {
    u64::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("{column} where a count must be") })
}

/// A count as `SQLite` holds it.
pub(super) fn column(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Full)
}
