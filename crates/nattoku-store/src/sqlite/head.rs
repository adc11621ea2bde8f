//! The head of the ledger: how many events there are, and the right edge of the tree over them.

use nattoku_ledger::Frontier;
use rusqlite::Connection;

use crate::append::Head;
use crate::decode::{column, number};
use crate::error::StoreError;

/// Reads the one row of the table `head`.
pub(super) fn read_head(connection: &Connection) -> Result<Head, StoreError> {
    let mut select = connection
        .prepare_cached("select epoch, size, frontier, recorded_at from head where only_row = 1")?;
    let (epoch, size, frontier, recorded_at): (_, i64, Vec<u8>, _) =
        select.query_one([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let frontier = Frontier::from_bytes(number(size)?, &frontier)
        .map_err(|e| StoreError::Corrupt { what: format!("the head does not hold: {e}") })?;
    Ok(Head { epoch, frontier, recorded_at })
}

/// Moves the head from the size it was read with. One row must be hit: none means that somebody else moved it.
pub(super) fn write_head(connection: &Connection, head: &Head, size_before: u64) -> Result<(), StoreError> {
    let mut update = connection.prepare_cached(
        "update head set size = ?1, frontier = ?2, recorded_at = ?3 where epoch = ?4 and size = ?5",
    )?;
    let (size, before) = (column(head.frontier.size())?, column(size_before)?);
    let n_rows = update.execute((size, head.frontier.to_bytes(), head.recorded_at, head.epoch, before))?;
    if n_rows == 1 { Ok(()) } else { Err(StoreError::Superseded) }
}
