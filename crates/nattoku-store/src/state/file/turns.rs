//! Turns as rows of the file.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::StoreError;
use crate::state::clock::{Boot, now};
use crate::state::length_column;

/// Who has a turn, in which boot it was taken, when it ends, and its length.
type Held = ([u8; 16], Option<String>, i64, i64);

pub(super) fn take(
    tx: &Connection,
    this: &Boot,
    what: &str,
    holder: &[u8; 16],
    length: Duration,
) -> Result<bool, StoreError> {
    let (now, length) = (now()?, length_column(length));
    let mut select = tx.prepare_cached("select holder, boot, ends_at, length from turns where name = ?1")?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let held: Option<Held> = select.query_row([what], read).optional()?;
    let is_others = held.is_some_and(|(other, boot, ends_at, length)| {
        other != *holder && this.left(boot.as_deref(), ends_at, length, now).is_some()
    });
    if is_others {
        return Ok(false);
    }
    let sql =
        "insert or replace into turns (name, holder, boot, ends_at, length) values (?1, ?2, ?3, ?4, ?5)";
    let ends_at = now.saturating_add(length);
    tx.prepare_cached(sql)?.execute(params![what, holder, this.id, ends_at, length])?;
    Ok(true)
}

pub(super) fn end(tx: &Connection, what: &str, holder: &[u8; 16]) -> Result<(), StoreError> {
    tx.prepare_cached("delete from turns where name = ?1 and holder = ?2")?.execute((what, holder))?;
    Ok(())
}
