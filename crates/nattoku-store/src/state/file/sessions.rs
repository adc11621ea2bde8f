//! Sessions of people as rows of the file.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::decode::column;
use crate::error::StoreError;
use crate::state::signed_in::Kept;

pub(super) fn begin(tx: &Connection, kept: &Kept) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached("insert into sessions values (?1, ?2, ?3, ?4)")?;
    insert.execute(params![kept.digest, kept.sealed, kept.opened, kept.seen])?;
    Ok(())
}

pub(super) fn one(connection: &Connection, digest: &[u8; 32]) -> Result<Option<Kept>, StoreError> {
    let sql = "select digest, sealed, opened, seen from sessions where digest = ?1";
    connection.prepare_cached(sql)?.query([digest])?.next()?.map(read).transpose()
}

pub(super) fn seen(tx: &Connection, digest: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
    let sql = "update sessions set seen = max(seen, ?2) where digest = ?1";
    tx.prepare_cached(sql)?.execute((digest, at.as_microsecond()))?;
    Ok(())
}

pub(super) fn end(tx: &Connection, digest: &[u8; 32]) -> Result<(), StoreError> {
    tx.prepare_cached("delete from sessions where digest = ?1")?.execute([digest])?;
    Ok(())
}

pub(super) fn end_some(
    tx: &Connection,
    seen: Timestamp,
    opened: Timestamp,
    most: u64,
) -> Result<(), StoreError> {
    tx.prepare_cached("delete from sessions where seen < ?1 or opened < ?2")?
        .execute([seen.as_microsecond(), opened.as_microsecond()])?;
    let sql = "delete from sessions where digest in
               (select digest from sessions order by seen desc limit -1 offset ?1)";
    tx.prepare_cached(sql)?.execute([column(most)?])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Kept, StoreError> {
    Ok(Kept {
        digest: row.get("digest")?,
        sealed: row.get("sealed")?,
        opened: row.get("opened")?,
        seen: row.get("seen")?,
    })
}
