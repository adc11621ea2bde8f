//! A whole ledger in and out, and a copy of the file while it is in use.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nattoku_model::Revision;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::head::read_head;
use super::schema::CREATE_INDEX;
use super::{SqliteStore, open};
use crate::decode::column;
use crate::error::StoreError;
use crate::opening::{OpenMode, Purpose};
use crate::record::{Copied, PageMark, PrincipalKeysPage};
use crate::transfer::{PrincipalKeys, WholeEvent, WholeId};

impl SqliteStore {
    pub(super) fn read_principal_keys_page(
        &self,
        after: PageMark,
        count: u32,
    ) -> Result<PrincipalKeysPage, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select ordinal, id, lookup, identifier from principals where ordinal > ?1
                 order by ordinal limit ?2",
            )?;
            let mut rows = select.query((after.0, count))?;
            let mut page = PrincipalKeysPage { principals: Vec::new(), next: None };
            while let Some(row) = rows.next()? {
                page.next = Some(PageMark(row.get(0)?));
                let (id, lookup, identifier) = (row.get(1)?, row.get(2)?, row.get(3)?);
                page.principals.push(PrincipalKeys { id, lookup, identifier, keys: None });
            }
            let is_full = u32::try_from(page.principals.len()).is_ok_and(|found| found == count);
            page.next = page.next.filter(|_| is_full);
            Ok(page)
        })
    }

    pub(super) fn read_whole_events(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<WholeEvent>, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select e.event_id, e.leaf, y.payload from events e left join payloads y using (revision)
                 where e.revision > ?1 and e.revision <= ?2 order by e.revision limit ?3",
            )?;
            let rows = select.query_map((column(after.0)?, column(until.0)?, count), |row| {
                let id = match row.get_ref(0)? {
                    ValueRef::Text(id) => WholeId::Given(String::from_utf8_lossy(id).into_owned()),
                    ValueRef::Blob(id) => <[u8; 16]>::try_from(id).map_or(WholeId::None, WholeId::Derived),
                    _ => WholeId::None,
                };
                Ok(WholeEvent { id, leaf: row.get(1)?, payload: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Principals that are there already, from an import that was broken off, are passed over.
    pub(super) fn take_in(&self, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        let mut connection = open::writer(&self.path, &self.settings)?;
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut insert = tx.prepare(
            "insert into principals (ordinal, id, lookup, identifier)
             values ((select coalesce(max(ordinal), 0) + 1 from principals), ?1, ?2, ?3)
             on conflict (id) do nothing",
        )?;
        for PrincipalKeys { id, lookup, identifier, .. } in principals {
            insert.execute((id, lookup, identifier))?;
        }
        drop(insert);
        Ok(tx.commit()?)
    }

    pub(super) fn end_arrival(&self) -> Result<(), StoreError> {
        let mut connection = open::writer(&self.path, &self.settings)?;
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(CREATE_INDEX)?;
        tx.execute("delete from meta where name = 'arriving'", [])?;
        Ok(tx.commit()?)
    }

    pub(super) fn copy_to(&self, path: &Path) -> Result<Copied, StoreError> {
        let head = copy_file(&open::reader(&self.path, &self.settings)?, path, read_head)?;
        Ok(Copied { revision: Revision(head.frontier.size()), root: head.frontier.root() })
    }
}

/// One step of `SQLite`'s own way of copying a database in use: the copy is the file as it stood at one moment, and nobody waits
/// for it. `look` sees it before it has its name.
pub(crate) fn copy_file<T>(
    from: &Connection,
    path: &Path,
    look: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if path.exists() {
        return Err(not_empty(path));
    }
    let partial = Partial::create(backup_in_progress(path))?;
    let (done, to) = copy(from, &partial.0).map_err(|error| not_copied(path, error))?;
    if done != StepResult::Done {
        return Err(StoreError::Locked);
    }
    let seen = look(&to)?;
    to.close().map_err(|(_, error)| not_copied(path, error))?;
    // The copy is durable before it has its name, and its name before this is told.
    let named = File::open(&partial.0)
        .and_then(|file| file.sync_all())
        .and_then(|()| partial.name(path))
        .and_then(|()| sync_folder_of(path));
    match named {
        Ok(()) => Ok(seen),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(not_empty(path)),
        Err(error) => Err(no_copy(path, error)),
    }
}

/// The file in which a copy is made until it is whole and gets its name.
#[must_use]
pub fn backup_in_progress(path: &Path) -> PathBuf {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    partial.into()
}

/// A copy that is not whole, which vanishes with the value.
struct Partial(PathBuf);

impl Partial {
    /// Makes an empty file that its owner alone may read, where there is none: another copy may be under way.
    fn create(path: PathBuf) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(_) => Ok(Self(path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(not_empty(&path)),
            Err(error) => Err(no_copy(&path, error)),
        }
    }

    /// Gives the file a name that nothing has, which renaming would not mind.
    fn name(&self, path: &Path) -> std::io::Result<()> {
        match std::fs::hard_link(&self.0, path) {
            // Where the disk has no second names for a file.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
                std::fs::rename(&self.0, path)
            }
            named => named,
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut file = self.0.as_os_str().to_owned();
            file.push(ending);
            let _ = std::fs::remove_file(file);
        }
    }
}

fn copy(from: &Connection, to: &Path) -> rusqlite::Result<(StepResult, Connection)> {
    let mut to = Connection::open(to)?;
    let done = Backup::new(from, &mut to)?.step(-1)?;
    Ok((done, to))
}

fn not_copied(path: &Path, error: rusqlite::Error) -> StoreError {
    let told = error.to_string();
    match StoreError::from(error) {
        error @ (StoreError::Corrupt { .. } | StoreError::Locked) => error,
        _ => no_copy(path, told),
    }
}

fn no_copy(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::NoCopy { place: path.display().to_string(), source: source.into() }
}

/// Makes the names in a folder durable, where the system lets folders be opened.
fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())?;
    }
    Ok(())
}

/// Holds a file against what it is opened for.
pub(super) fn check_purpose(
    connection: &Connection,
    path: &Path,
    mode: OpenMode,
    purpose: &Purpose,
) -> Result<(), StoreError> {
    let is_arriving = connection
        .query_row("select 1 from meta where name = 'arriving'", [], |_| Ok(()))
        .optional()?
        .is_some();
    match purpose {
        Purpose::Use if !is_arriving => Ok(()),
        Purpose::Use => Err(StoreError::Arriving),
        Purpose::Arrival(wanted) if is_arriving && mode == OpenMode::Create => {
            let ledger: [u8; 16] =
                connection
                    .query_row("select value from meta where name = 'ledger_id'", [], |row| row.get(0))?;
            if ledger == wanted.ledger_id { Ok(()) } else { Err(not_empty(path)) }
        }
        Purpose::Arrival(_) => Err(not_empty(path)),
    }
}

fn not_empty(path: &Path) -> StoreError {
    StoreError::NotEmpty { place: path.display().to_string() }
}
