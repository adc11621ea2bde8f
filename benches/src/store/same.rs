//! The ledger's own rows, put into the same tables by somebody who checks, hashes, seals and looks up nothing: what `SQLite` alone
//! takes of an append.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::bare;

/// A row of events, as it lies in a ledger.
pub(super) struct Row {
    revision: i64,
    event_id: Vec<u8>,
    principal: i64,
    at: i64,
    recorded_at: i64,
    leaf: Vec<u8>,
    leaf_hash: Vec<u8>,
    payload: Vec<u8>,
}

/// Opens a ledger to read its rows.
pub(super) fn ledger(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a ledger")
}

/// The rows of a ledger numbered `from` to `to`, counted from 0.
pub(super) fn rows(ledger: &Connection, from: u32, to: u32) -> Vec<Row> {
    let sql = "select revision, event_id, principal, at, recorded_at, leaf, leaf_hash, payload
        from events join payloads using (revision) where revision > ?1 and revision <= ?2";
    let mut select = ledger.prepare_cached(sql).expect("a statement");
    let rows = select.query_map([from, to], |row| {
        Ok(Row {
            revision: row.get(0)?,
            event_id: row.get(1)?,
            principal: row.get(2)?,
            at: row.get(3)?,
            recorded_at: row.get(4)?,
            leaf: row.get(5)?,
            leaf_hash: row.get(6)?,
            payload: row.get(7)?,
        })
    });
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

/// Tables of events and payloads, tuned as the store is.
pub(super) fn sqlite(path: &Path, with_index: bool) -> Connection {
    let same = Connection::open(path).expect("a database");
    same.execute_batch(bare::TUNED).expect("a database");
    let tables = "
        create table events (revision integer primary key, event_id any not null unique, principal integer,
            at integer not null, recorded_at integer not null, leaf blob not null, leaf_hash blob not null) strict;
        create table payloads (revision integer primary key, payload blob not null) strict;";
    same.execute_batch(tables).expect("tables");
    if with_index {
        index(&same);
    }
    same
}

pub(super) fn index(same: &Connection) {
    same.execute_batch("create index events_by_principal on events (principal)").expect("an index");
}

/// Inserts rows in one transaction.
pub(super) fn insert(same: &mut Connection, rows: &[Row]) {
    let tx = same.transaction().expect("a transaction");
    let mut event =
        tx.prepare_cached("insert into events values (?1, ?2, ?3, ?4, ?5, ?6, ?7)").expect("a statement");
    let mut payload = tx.prepare_cached("insert into payloads values (?1, ?2)").expect("a statement");
    for row in rows {
        let Row { revision, event_id, principal, at, recorded_at, leaf, leaf_hash, .. } = row;
        event.execute((revision, event_id, principal, at, recorded_at, leaf, leaf_hash)).expect("an insert");
        payload.execute((revision, &row.payload)).expect("an insert");
    }
    drop((event, payload));
    tx.commit().expect("a commit");
}
