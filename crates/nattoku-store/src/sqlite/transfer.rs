//! A whole ledger in and out, and a copy of the file while it is in use.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::{SqliteStore, open};
use crate::error::StoreError;
use crate::opening::{OpenMode, Purpose};
use crate::record::{PageMark, PrincipalKeysPage};
use crate::transfer::{Identity, PrincipalKeys};

impl SqliteStore {
    pub(super) fn read_identity(&self) -> Result<Identity, StoreError> {
        self.readers.read(|tx| identity(tx))
    }

    pub(super) fn read_principal_keys_page(
        &self,
        after: PageMark,
        count: u32,
    ) -> Result<PrincipalKeysPage, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select ordinal, identifier, id, commitment_key from principals where ordinal > ?1
                 order by ordinal limit ?2",
            )?;
            let mut rows = select.query((after.0, count))?;
            let mut page = PrincipalKeysPage { principals: Vec::new(), next: None };
            while let Some(row) = rows.next()? {
                page.next = Some(PageMark(row.get(0)?));
                let (identifier, id, commitment_key) = (row.get(1)?, row.get(2)?, row.get(3)?);
                page.principals.push(PrincipalKeys { identifier, id, commitment_key });
            }
            let is_full = u32::try_from(page.principals.len()).is_ok_and(|found| found == count);
            page.next = page.next.filter(|_| is_full);
            Ok(page)
        })
    }

    /// Principals that are there already, from an import that was broken off, are passed over.
    pub(super) fn take_in(&self, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        let mut connection = open::writer(&self.path, &self.settings)?;
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut insert = tx.prepare(
            "insert into principals (ordinal, id, identifier, commitment_key)
             values ((select coalesce(max(ordinal), 0) + 1 from principals), ?1, ?2, ?3)
             on conflict (identifier) do nothing",
        )?;
        for PrincipalKeys { identifier, id, commitment_key } in principals {
            insert.execute((id, identifier, commitment_key))?;
        }
        drop(insert);
        Ok(tx.commit()?)
    }

    pub(super) fn end_arrival(&self) -> Result<(), StoreError> {
        let connection = open::writer(&self.path, &self.settings)?;
        connection.execute("delete from meta where name = 'arriving'", [])?;
        Ok(())
    }

    /// One step of `SQLite`'s own way of copying a database in use: the copy is the ledger as it stood at one revision, and
    /// nobody waits for it.
    pub(super) fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::NotEmpty { place: path.display().to_string() });
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = Path::new(&partial);
        let unavailable = |error: std::io::Error| StoreError::Unavailable { source: error.into() };
        match std::fs::remove_file(partial) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unavailable(error)),
            _ => {}
        }
        open::create_file(partial)?;
        let from = open::reader(&self.path, &self.settings)?;
        let mut to = Connection::open(partial)?;
        if Backup::new(&from, &mut to)?.step(-1)? != StepResult::Done {
            return Err(StoreError::Locked);
        }
        // The copy is durable before it has its name.
        to.close().map_err(|(_, error)| error)?;
        std::fs::File::open(partial).and_then(|file| file.sync_all()).map_err(unavailable)?;
        std::fs::rename(partial, path).map_err(unavailable)?;
        Ok(())
    }
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
            if identity(connection)? == *wanted { Ok(()) } else { Err(not_empty(path)) }
        }
        Purpose::Arrival(_) => Err(not_empty(path)),
    }
}

fn not_empty(path: &Path) -> StoreError {
    StoreError::NotEmpty { place: path.display().to_string() }
}

fn identity(connection: &Connection) -> Result<Identity, StoreError> {
    let mut select = connection.prepare("select value from meta where name = ?1")?;
    let ledger_id = select.query_row(["ledger_id"], |row| row.get(0))?;
    let id_key = select.query_row(["id_key"], |row| row.get(0))?;
    Ok(Identity { ledger_id, id_key })
}
