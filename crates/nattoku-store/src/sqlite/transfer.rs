//! A whole ledger in and out, and a copy of the file while it is in use.

use std::path::Path;

use nattoku_model::Revision;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::head::read_head;
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
        let connection = open::writer(&self.path, &self.settings)?;
        connection.execute("delete from meta where name = 'arriving'", [])?;
        Ok(())
    }

    pub(super) fn copy_to(&self, path: &Path) -> Result<Copied, StoreError> {
        copy_file(&open::reader(&self.path, &self.settings)?, path)?;
        let frontier = read_head(&open::reader(path, &self.settings)?)?.frontier;
        Ok(Copied { revision: Revision(frontier.size()), root: frontier.root() })
    }
}

/// One step of `SQLite`'s own way of copying a database in use: the copy is the file as it stood at one moment, and nobody waits
/// for it.
pub(crate) fn copy_file(from: &Connection, path: &Path) -> Result<(), StoreError> {
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
    let mut to = Connection::open(partial)?;
    if Backup::new(from, &mut to)?.step(-1)? != StepResult::Done {
        return Err(StoreError::Locked);
    }
    // The copy is durable before it has its name.
    to.close().map_err(|(_, error)| error)?;
    std::fs::File::open(partial).and_then(|file| file.sync_all()).map_err(unavailable)?;
    std::fs::rename(partial, path).map_err(unavailable)?;
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
