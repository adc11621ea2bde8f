//! Keys in a file of their own beside a ledger that is in a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::Tombstone;
use super::place::{KeyPlace, Owner, WrappedGroup, WrappedKeys};
use crate::error::StoreError;
use crate::sqlite::{copy_file, create_file, empty_log};

/// `PRAGMA application_id`: the letters `NTKY`.
const APPLICATION_ID: u32 = 0x4e54_4b59;
/// `PRAGMA user_version`: the format of the file.
const FORMAT: u32 = 1;

const CREATE: &str = "
create table meta (
    name text primary key not null,
    value blob not null
) strict, without rowid;
create table secrets (
    kind integer primary key check (kind in (5, 6)),
    wrapped blob not null
) strict;
create table groups (
    number integer primary key check (number between 0 and 4095),
    version integer not null,
    wrapped blob not null
) strict;
create table principals (
    id blob primary key not null,
    wrapped blob not null
) strict, without rowid;
create table tombstones (
    id blob primary key not null,
    live_at integer not null,
    everywhere_at integer
) strict, without rowid;
";

/// Bytes of the file that are read where they lie in the system's memory, and not copied.
const MAPPED_MAX: i64 = 1 << 30;

/// The key file.
pub(super) struct KeyFile {
    path: PathBuf,
    connection: Connection,
}

impl KeyFile {
    /// Opens the key file, or makes an empty one where it may be made; none where it is not there. Tells whether it has no tables
    /// yet: a crash between the making of the file and the making of the tables leaves it so.
    pub(super) fn open(
        path: PathBuf,
        may_make: bool,
        is_read_only: bool,
        wait_for_lock_max: Duration,
    ) -> Result<Option<(Self, bool)>, StoreError> {
        match (path.exists(), may_make) {
            (false, false) => return Ok(None),
            (false, true) => create_file(&path)?,
            (true, _) => {}
        }
        let way =
            if is_read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
        let connection = Connection::open_with_flags(&path, way | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(wait_for_lock_max)?;
        connection.pragma_update(None, "mmap_size", MAPPED_MAX)?;
        if !is_read_only {
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "secure_delete", true)?;
        }
        let is_new = !connection
            .query_row("select exists (select 1 from sqlite_schema)", [], |row| row.get::<_, bool>(0))?;
        if !is_new && !is_read_only {
            // After the tables: until there are some the file's own first page says what it is.
            connection.pragma_update(None, "journal_mode", "wal")?;
        }
        Ok(Some((Self { path, connection }, is_new)))
    }

    /// Copies the key file while it is in use.
    pub(super) fn copy_to(path: &Path, copy: &Path) -> Result<(), StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        copy_file(&Connection::open_with_flags(path, flags)?, copy, |_| Ok(()))
    }

    /// The keys of those of some principals who have any.
    fn wrapped(&self, ids: &[[u8; 16]]) -> Result<Vec<WrappedKeys>, StoreError> {
        let mut select = self.connection.prepare_cached("select wrapped from principals where id = ?1")?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let wrapped: Option<Vec<u8>> = select.query_row([id], |row| row.get(0)).optional()?;
            found.extend(wrapped.map(|wrapped| (*id, wrapped)));
        }
        Ok(found)
    }

    fn pragma(&self, name: &str) -> Result<u32, StoreError> {
        Ok(self.connection.pragma_query_value(None, name, |row| row.get(0))?)
    }
}

impl KeyPlace for KeyFile {
    fn shown(&self) -> String {
        self.path.display().to_string()
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("begin immediate")?)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("commit")?)
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            // What cannot be rolled back now is rolled back by the next opening.
            let _ = self.connection.prepare_cached("rollback").and_then(|mut end| end.execute([]));
        }
    }

    fn make(&mut self, ledger: [u8; 16], kek: [u8; 16]) -> Result<bool, StoreError> {
        if self.pragma("user_version")? != 0 {
            return Ok(false);
        }
        self.connection.execute_batch(CREATE)?;
        let mut insert = self.connection.prepare("insert into meta (name, value) values (?1, ?2)")?;
        insert.execute(("ledger_id", ledger.as_slice()))?;
        insert.execute(("kek", kek.as_slice()))?;
        self.connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        self.connection.pragma_update(None, "user_version", FORMAT)?;
        Ok(true)
    }

    fn owner(&mut self) -> Result<Owner, StoreError> {
        if self.pragma("application_id")? != APPLICATION_ID {
            return Err(StoreError::NotAStore { path: self.path.clone() });
        }
        let format = self.pragma("user_version")?;
        if format > FORMAT {
            return Err(StoreError::NewerFormat { path: self.path.clone(), format, supported: FORMAT });
        }
        let mut select = self.connection.prepare("select value from meta where name = ?1")?;
        let ledger = select.query_row(["ledger_id"], |row| row.get(0)).optional()?;
        Ok((ledger, select.query_row(["kek"], |row| row.get(0)).optional()?))
    }

    fn secret(&mut self, kind: u8) -> Result<Option<Vec<u8>>, StoreError> {
        let mut select = self.connection.prepare_cached("select wrapped from secrets where kind = ?1")?;
        Ok(select.query_row([kind], |row| row.get(0)).optional()?)
    }

    fn put_secret(&mut self, kind: u8, wrapped: &[u8]) -> Result<(), StoreError> {
        let sql = "insert or replace into secrets (kind, wrapped) values (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((kind, wrapped))?;
        Ok(())
    }

    fn group(&mut self, number: u16) -> Result<Option<(u32, Vec<u8>)>, StoreError> {
        let mut select =
            self.connection.prepare_cached("select version, wrapped from groups where number = ?1")?;
        Ok(select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    fn groups(&mut self) -> Result<Vec<WrappedGroup>, StoreError> {
        let mut select =
            self.connection.prepare_cached("select number, version, wrapped from groups order by number")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn put_group(&mut self, number: u16, version: u32, wrapped: &[u8]) -> Result<(), StoreError> {
        let sql = "insert or replace into groups (number, version, wrapped) values (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((number, version, wrapped))?;
        Ok(())
    }

    fn principals(&mut self, ids: &[[u8; 16]]) -> Result<Vec<WrappedKeys>, StoreError> {
        // Many are read in one transaction: each alone would take and give back the file's lock.
        let is_many = ids.len() > 1 && self.connection.is_autocommit();
        if is_many {
            self.connection.prepare_cached("begin")?.execute([])?;
        }
        let found = self.wrapped(ids);
        if is_many {
            self.rollback();
        }
        found
    }

    fn principals_between(
        &mut self,
        first: [u8; 16],
        last: [u8; 16],
    ) -> Result<Vec<WrappedKeys>, StoreError> {
        let sql = "select id, wrapped from principals where id between ?1 and ?2";
        let mut select = self.connection.prepare_cached(sql)?;
        let rows = select.query_map(params![first, last], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn put_principals(&mut self, keys: &[WrappedKeys]) -> Result<(), StoreError> {
        let sql = "insert or replace into principals (id, wrapped) values (?1, ?2)";
        let mut insert = self.connection.prepare_cached(sql)?;
        for (id, wrapped) in keys {
            insert.execute((id, wrapped))?;
        }
        Ok(())
    }

    fn bury(&mut self, erased: &[([u8; 16], i64)]) -> Result<(), StoreError> {
        let mut delete = self.connection.prepare_cached("delete from principals where id = ?1")?;
        let sql = "insert or ignore into tombstones (id, live_at) values (?1, ?2)";
        let mut insert = self.connection.prepare_cached(sql)?;
        for (id, live_at) in erased {
            delete.execute([id])?;
            insert.execute((id, live_at))?;
        }
        Ok(())
    }

    fn bury_everywhere(&mut self, ids: &[[u8; 16]], at: i64) -> Result<(), StoreError> {
        let sql = "update tombstones set everywhere_at = ?2 where id = ?1";
        let mut update = self.connection.prepare_cached(sql)?;
        for id in ids {
            update.execute((id, at))?;
        }
        Ok(())
    }

    fn tombstones(&mut self) -> Result<Vec<Tombstone>, StoreError> {
        let sql = "select id, live_at, everywhere_at from tombstones order by id";
        let mut select = self.connection.prepare_cached(sql)?;
        let rows = select.query_map([], |row| {
            Ok(Tombstone { id: row.get(0)?, live_at: row.get(1)?, everywhere_at: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn has_tombstone(&mut self, id: &[u8; 16]) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from tombstones where id = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    fn counts(&mut self) -> Result<(i64, i64), StoreError> {
        let sql = "select (select count(*) from groups), (select count(*) from principals)";
        Ok(self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    fn empty_log(&mut self) -> Result<bool, StoreError> {
        empty_log(&self.connection)
    }
}
