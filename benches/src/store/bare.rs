//! What somebody would write who only wanted rows: one table, one index.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use postgres::{Client, NoTls};
use rusqlite::Connection;

use super::timed;

/// Bytes of one event.
pub(crate) const BODY: [u8; 300] = [b'x'; 300];

/// How a database is tuned as the store is.
pub(super) const TUNED: &str =
    "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 16000;
    pragma cache_size = -16384; pragma mmap_size = 1073741824;";

/// The time that the disk takes to keep one page of a file that is as long as it will be.
pub(super) fn floor(folder: &Path, n: u32) -> Duration {
    let file = File::create(folder.join("floor")).expect("a file");
    let page = [7_u8; 4_096];
    for at in 0..u64::from(n) {
        file.write_all_at(&page, at * 4_096).expect("a write");
    }
    file.sync_all().expect("a sync");
    let ((), took) = timed(|| {
        for at in 0..u64::from(n) {
            file.write_all_at(&page, at * 4_096).expect("a write");
            file.sync_data().expect("a sync");
        }
    });
    took / n
}

/// A table tuned as the store is.
pub(crate) fn sqlite(path: &Path, with_index: bool) -> Connection {
    let bare = Connection::open(path).expect("a database");
    bare.execute_batch(TUNED).expect("a database");
    let table =
        "create table events (seq integer primary key, subject integer not null, body blob not null) strict";
    bare.execute_batch(table).expect("a table");
    if with_index {
        index(&bare);
    }
    bare
}

/// A connection to a table of a `PostgreSQL` with one index, which is made.
pub(crate) fn postgresql(address: &str) -> Client {
    let mut bare = connected(address);
    let table = "create table events (seq bigint primary key, subject bigint not null, body bytea not null);
        create index by_subject on events (subject, seq)";
    bare.batch_execute(table).expect("a table");
    bare
}

pub(crate) fn connected(address: &str) -> Client {
    Client::connect(address, NoTls).expect("a connection")
}

pub(super) fn index(bare: &Connection) {
    bare.execute_batch("create index by_subject on events (subject)").expect("an index");
}

/// Whom a number is about: as good as at random, by the last step of `MurmurHash3`. An order that came round again would have a
/// ledger, which numbers principals as they come, go through its index from the front to the end.
pub(crate) const fn subject(n: u32, subjects: u32) -> u32 {
    let n = (n ^ (n >> 16)).wrapping_mul(0x85eb_ca6b);
    let n = (n ^ (n >> 13)).wrapping_mul(0xc2b2_ae35);
    (n ^ (n >> 16)) % subjects
}

/// Inserts numbers `from` to `to` in one transaction.
pub(crate) fn insert_with(bare: &mut Connection, from: u32, to: u32, subject: impl Fn(u32) -> u32) {
    let tx = bare.transaction().expect("a transaction");
    let mut insert = tx.prepare_cached("insert into events values (?1, ?2, ?3)").expect("a statement");
    for n in from..to {
        insert.execute((n + 1, subject(n), BODY)).expect("an insert");
    }
    drop(insert);
    tx.commit().expect("a commit");
}
