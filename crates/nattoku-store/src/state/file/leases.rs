//! Leases as rows of the file.

use std::time::Duration;

use nattoku_model::Revision;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::decode::{column, number};
use crate::error::StoreError;
use crate::state::clock::{Boot, now};
use crate::state::{KEPT_AFTER, NodeLease, length_column};

pub(super) fn register(
    tx: &Connection,
    this: &Boot,
    node: &[u8; 16],
    length: Duration,
    applied: Revision,
) -> Result<(), StoreError> {
    let (now, length) = (now()?, length_column(length));
    tx.prepare_cached(
        "delete from leases where boot <> ?1 or ends_at < ?2 - ?3
         or (boot is null or ?1 is null) and ends_at - ?2 > length",
    )?
    .execute((&this.id, now, KEPT_AFTER))?;
    // What the node counted on before it still has.
    let (left, length_before) = left_of(tx, this, node, now)?.unwrap_or((0, 0));
    let ends_at = now.saturating_add(left.max(length));
    tx.prepare_cached(
        "insert or replace into leases (node, boot, ends_at, length, applied) values (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![node, this.id, ends_at, length.max(length_before), column(applied.0)?])?;
    Ok(())
}

/// What is left of a node's lease, and its length.
fn left_of(
    tx: &Connection,
    this: &Boot,
    node: &[u8; 16],
    now: i64,
) -> Result<Option<(i64, i64)>, StoreError> {
    let mut select = tx.prepare_cached("select boot, ends_at, length from leases where node = ?1")?;
    let row: Option<(Option<String>, i64, i64)> =
        select.query_row([node], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    Ok(row.and_then(|(boot, ends_at, length)| {
        this.left(boot.as_deref(), ends_at, length, now).map(|left| (left, length))
    }))
}

pub(super) fn applied(tx: &Connection, node: &[u8; 16], applied: Revision) -> Result<(), StoreError> {
    let sql = "update leases set applied = max(applied, ?2) where node = ?1";
    tx.prepare_cached(sql)?.execute((node, column(applied.0)?))?;
    Ok(())
}

pub(super) fn end(tx: &Connection, node: &[u8; 16]) -> Result<(), StoreError> {
    tx.prepare_cached("delete from leases where node = ?1")?.execute([node])?;
    Ok(())
}

pub(super) fn all(connection: &Connection, this: &Boot) -> Result<Vec<NodeLease>, StoreError> {
    // Before the rows are read: what ends in between is told to go on.
    let now = now()?;
    let sql = "select node, boot, ends_at, length, applied from leases order by node";
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query([])?;
    let mut leases = Vec::new();
    while let Some(row) = rows.next()? {
        let boot: Option<String> = row.get(1)?;
        if let Some(left) = this.left(boot.as_deref(), row.get(2)?, row.get(3)?, now) {
            let (node, applied) = (row.get(0)?, Revision(number(row.get(4)?)?));
            leases.push(NodeLease { node, remaining: Duration::from_micros(number(left)?), applied });
        }
    }
    Ok(leases)
}
