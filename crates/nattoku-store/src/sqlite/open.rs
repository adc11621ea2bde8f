//! Opens or creates a store's file, and touches nothing that is not one.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::nodes;
use super::schema::{APPLICATION_ID, CREATE, CREATE_INDEX, CREATE_NODES, FORMAT};
use super::transfer::check_purpose;
use crate::error::StoreError;
use crate::opening::{OpenMode, Purpose, Settings};
use crate::random::Randomness;

/// The first `SQLite` without the fault by which a checkpoint that raced a write lost it (3.7.0 to 3.51.2).
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// What a look at the file's first bytes tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Empty,
    Ours,
}

/// Opens the connection that writes, or the first that reads where the store is opened for reading.
pub(super) fn open(
    path: &Path,
    mode: OpenMode,
    purpose: &Purpose,
    settings: &Settings,
    randomness: &mut dyn Randomness,
) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(StoreError::OldSqlite { version: rusqlite::version().to_owned() });
    }
    match (look(path)?, mode) {
        (Found::Ours, OpenMode::ReadOnly) => {
            let connection = reader(path, settings)?;
            return check_purpose(&connection, path, mode, purpose).map(|()| connection);
        }
        (Found::Nothing, OpenMode::Create) => create_file(path)?,
        // A crash between the making of the file and the making of the tables leaves an empty file.
        (Found::Ours, OpenMode::Existing) | (Found::Ours | Found::Empty, OpenMode::Create) => {}
        (Found::Nothing, OpenMode::Existing | OpenMode::ReadOnly) => {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        (Found::Empty, OpenMode::Existing | OpenMode::ReadOnly) => {
            return Err(StoreError::NotAStore { path: path.to_owned() });
        }
    }
    let mut connection = writer(path, settings)?;
    create_tables(&mut connection, purpose, randomness)?;
    check_purpose(&connection, path, mode, purpose)?;
    // After the tables: until here the file's own first page says what it is, not a log beside it.
    connection.pragma_update(None, "journal_mode", "wal")?;
    if let Some(n_pages) = settings.pages_max {
        connection.pragma_update(None, "max_page_count", n_pages)?;
    }
    nodes::add_to_older(&mut connection)?;
    Ok(connection)
}

/// Opens a connection that writes, and waits for the disk.
pub(super) fn writer(path: &Path, settings: &Settings) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(settings.wait_for_lock_max)?;
    connection.pragma_update(None, "synchronous", "full")?;
    // What is erased is overwritten, and not only left out.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
    // No more: each commit may go through a table that is as long as the cache, and pages come from the map anyway.
    connection.pragma_update(None, "cache_size", -16_384)?;
    tuned(connection)
}

/// Opens a connection that reads.
pub(super) fn reader(path: &Path, settings: &Settings) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(settings.wait_for_lock_max)?;
    // What lies behind the map's end is read again for every call unless it is remembered: enough for a long history.
    connection.pragma_update(None, "cache_size", -16_384)?;
    tuned(connection)
}

fn tuned(connection: Connection) -> Result<Connection, StoreError> {
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    // Plans never depend on bound values here; without this every binding would have the statement compiled anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Looks at a file, and tells whether it is a ledger of this format.
pub(super) fn look(path: &Path) -> Result<Found, StoreError> {
    match header(path)? {
        Header::Nothing => Ok(Found::Nothing),
        Header::Empty => Ok(Found::Empty),
        Header::Sqlite { application_id: APPLICATION_ID, format: FORMAT } => Ok(Found::Ours),
        Header::Sqlite { application_id: APPLICATION_ID, format: format @ 1 } => {
            Err(StoreError::OlderFormat { place: format!("sqlite:{}", path.display()), format })
        }
        Header::Sqlite { application_id: APPLICATION_ID, format } if format > FORMAT => {
            Err(StoreError::NewerFormat { path: path.to_owned(), format, supported: FORMAT })
        }
        Header::Sqlite { .. } | Header::Other => Err(StoreError::NotAStore { path: path.to_owned() }),
    }
}

/// What the first bytes of a file say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// There is no file.
    Nothing,
    /// There is nothing in it.
    Empty,
    /// A database of some program, in some format of its.
    Sqlite { application_id: u32, format: u32 },
    /// Something else.
    Other,
}

/// Looks at the first 100 bytes, `SQLite`'s header, without `SQLite`: a file that is not ours must not change, and even
/// opening it could play back a journal that lies beside it.
pub(crate) fn header(path: &Path) -> Result<Header, StoreError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Header::Nothing),
        Err(e) => return Err(unavailable(e)),
    };
    if !file.metadata().map_err(unavailable)?.is_file() {
        return Ok(Header::Other);
    }
    let mut header = Vec::with_capacity(100);
    file.by_ref().take(100).read_to_end(&mut header).map_err(unavailable)?;
    if header.is_empty() {
        return Ok(Header::Empty);
    }
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    Ok(match (header.starts_with(b"SQLite format 3\0"), number(68), number(60)) {
        (true, Some(application_id), Some(format)) => Header::Sqlite { application_id, format },
        _ => Header::Other,
    })
}

/// Makes an empty file that its owner alone may read. Folders are never made: a misspelt path must not become a store.
pub(crate) fn create_file(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(StoreError::NoFolder { folder: folder.to_owned() });
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // Somebody else was quicker; the tables are made under a lock.
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(unavailable(e)),
    }
}

/// Makes the tables if the file has none yet, all in one transaction.
fn create_tables(
    connection: &mut Connection,
    purpose: &Purpose,
    randomness: &mut dyn Randomness,
) -> Result<(), StoreError> {
    let created = |c: &Connection| -> Result<bool, rusqlite::Error> {
        Ok(c.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? != 0)
    };
    if created(connection)? {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if created(&tx)? {
        return Ok(());
    }
    tx.execute_batch(CREATE)?;
    tx.execute_batch(CREATE_NODES)?;
    let ledger_id = purpose.ledger_id(randomness)?;
    let mut insert = tx.prepare("insert into meta (name, value) values (?1, ?2)")?;
    insert.execute(("ledger_id", ledger_id.as_slice()))?;
    insert.execute(("erasures", [0; 8].as_slice()))?;
    if purpose.is_arrival() {
        insert.execute(("arriving", [1].as_slice()))?;
    } else {
        tx.execute_batch(CREATE_INDEX)?;
    }
    drop(insert);
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()?;
    Ok(())
}

fn unavailable(error: std::io::Error) -> StoreError {
    StoreError::Unavailable { source: error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandomness;

    #[test]
    fn a_connection_that_writes_waits_for_the_disk() {
        let path = std::env::temp_dir().join(format!("nattoku-open-{}.sqlite", std::process::id()));
        let settings = Settings::default();
        let mut randomness = SeededRandomness::new(1);
        let writes = open(&path, OpenMode::Create, &Purpose::Use, &settings, &mut randomness).unwrap();
        for connection in [writes, writer(&path, &settings).unwrap()] {
            let synchronous: i64 =
                connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
            assert_eq!(synchronous, 2, "full");
        }
        std::fs::remove_file(&path).unwrap();
    }
}
