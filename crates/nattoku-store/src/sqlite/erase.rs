//! Erases a principal in a `SQLite` file: what of [`crate::erase`] is this store's own.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::Revision;
use rusqlite::Connection;

use super::append::Writing;
use super::{SqliteStore, open};
use crate::decode::column;
use crate::erase;
use crate::error::StoreError;
use crate::record::{Erased, ErasedEverywhere};

impl SqliteStore {
    pub(super) fn read_erased_after(&self, after: Revision) -> Result<Vec<[u8; 16]>, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select distinct p.id from events e join principals p on p.ordinal = e.principal
                 where e.revision > ?1 and p.lookup is null",
            )?;
            let ids = select.query_map([column(after.0)?], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn erase_live(&self, identifier: &str, now: Timestamp) -> Result<Option<Erased>, StoreError> {
        erase::live(&mut self.second_writer()?, &self.keys, identifier, now.as_microsecond())
    }

    pub(super) fn erase_in_copies(&self, now: Timestamp) -> Result<ErasedEverywhere, StoreError> {
        erase::everywhere(&mut self.second_writer()?, &self.keys, now.as_microsecond())
    }

    /// A connection that writes, beside that of the writer: for what is rare, and no part of any group.
    pub(super) fn second_writer(&self) -> Result<Writing, StoreError> {
        self.writer()?;
        let connection = open::writer(&self.path, &self.settings)?;
        Ok(Writing::new(connection, Arc::clone(&self.keys)))
    }
}

/// How often somebody was erased.
pub(super) fn read_erasures(connection: &Connection) -> Result<u64, StoreError> {
    let mut select = connection.prepare_cached("select value from meta where name = 'erasures'")?;
    Ok(u64::from_be_bytes(select.query_row([], |row| row.get(0))?))
}

/// Folds the log into the file, and has it empty on disk: what was deleted is not to come back with it when power is lost. Tells
/// whether it is so; not while somebody reads.
pub(crate) fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    let busy: i64 = connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    let Some(path) = connection.path().filter(|_| busy == 0) else { return Ok(false) };
    // SQLite cuts the log short and does not wait for the disk. It has no lock on this file that closing it here would end.
    let flushed = OpenOptions::new().write(true).open(format!("{path}-wal")).and_then(|log| log.sync_all());
    Ok(flushed.map_or_else(|error| error.kind() == ErrorKind::NotFound, |()| true))
}

/// Takes what is personal of a principal out of the ledger, in the transaction that appends the event that says so.
pub(super) fn erase_rows(connection: &Connection, ordinal: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "delete from payloads where revision in (select revision from events where principal = ?1)",
        )?
        .execute([ordinal])?;
    let mut select = connection.prepare_cached("select revision from events where principal = ?1")?;
    let revisions = select.query_map([ordinal], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut update = connection.prepare_cached("update events set event_id = ?2 where revision = ?1")?;
    for revision in revisions {
        update.execute((revision, revision.to_be_bytes()))?;
    }
    connection
        .prepare_cached("update principals set lookup = null, identifier = null where ordinal = ?1")?
        .execute([ordinal])?;
    let erasures = read_erasures(connection)?.saturating_add(1);
    connection
        .prepare_cached("update meta set value = ?1 where name = 'erasures'")?
        .execute([erasures.to_be_bytes()])?;
    Ok(())
}
