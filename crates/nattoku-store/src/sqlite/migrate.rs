//! Seals a ledger of format 1, in which what is personal lay in the clear.
//!
//! First the tables of format 2 are made beside the old ones and filled, which a program of format 1 does not notice; then
//! everything sealed is opened again and compared; then the old tables go, and the file is written anew, so that nothing of them
//! is left in it. A crash leaves one format or the other, and doing it again goes on from there. Leaves and root stay.

use std::path::Path;
use std::sync::{Arc, Mutex};

use nattoku_ledger::Frontier;
use rusqlite::{Connection, OpenFlags};

use super::head::read_head;
use super::{SqliteStore, open};
use crate::append::derive_again;
use crate::check::{Recomputed, StoredRow};
use crate::decode::{decode, number};
use crate::error::StoreError;
use crate::keys::{Absent, Kek, Keyring, Of, Opening, Shared};
use crate::leaf::LedgerPrincipal;
use crate::opening::Settings;
use crate::random::Randomness;
use crate::record::Migrated;

/// Principals sealed at once.
const PAGE: usize = 1_000;

impl SqliteStore {
    /// Seals the ledger of format 1 at `path`. Nothing, where it is sealed already. `progress` is told how many principals and
    /// payloads are sealed.
    ///
    /// # Errors
    /// The ledger does not hold, or cannot be written; the keys are not to be had. Then it is of format 1 still.
    pub fn migrate(
        path: impl AsRef<Path>,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Option<Migrated>, StoreError> {
        let path = path.as_ref();
        match open::look(path) {
            Err(StoreError::OlderFormat { .. }) => {}
            Err(error) => return Err(error),
            Ok(open::Found::Ours) => return Ok(None),
            Ok(_) => return Err(StoreError::Missing { path: path.to_owned() }),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(settings.wait_for_lock_max)?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "secure_delete", true)?;
        let tree = recompute(&connection)?;
        let meta = |name| {
            connection
                .query_row("select value from meta where name = ?1", [name], |row| row.get::<_, Vec<u8>>(0))
        };
        let what = || StoreError::Corrupt { what: "its id or a key of it has another length".to_owned() };
        let ledger = meta("ledger_id")?.try_into().map_err(|_| what())?;
        let id_key = meta("id_key")?.try_into().map_err(|_| what())?;
        let randomness: Shared = Arc::new(Mutex::new(Box::new(randomness)));
        let keys = Keyring::open(Opening {
            of: Of::File(path),
            ledger,
            kek,
            absent: Absent::Make(Some(id_key)),
            is_read_only: false,
            wait_for_lock_max: settings.wait_for_lock_max,
            randomness,
        })?;
        let (principals, payloads) = expand(&connection, &keys, progress)?;
        compare(&connection, &keys)?;
        contract(&connection, &keys)?;
        Ok(Some(Migrated { principals, payloads, events: tree.size(), root: tree.root() }))
    }
}

/// Makes the sealed tables beside the others.
fn expand(
    connection: &Connection,
    keys: &Keyring,
    progress: &mut dyn FnMut(u64),
) -> Result<(u64, u64), StoreError> {
    let tx = connection.unchecked_transaction()?;
    tx.execute_batch(
        "drop table if exists sealed_principals;
         drop table if exists sealed_payloads;
         create table sealed_principals (
             ordinal integer primary key,
             id blob not null unique,
             lookup blob unique,
             identifier blob
         ) strict;
         create table sealed_payloads (
             revision integer primary key,
             payload blob not null
         ) strict;",
    )?;
    let principals = seal_principals(&tx, keys, progress)?;
    let payloads = seal_payloads(&tx, keys, &mut |done| progress(principals + done))?;
    tx.commit()?;
    Ok((principals, payloads))
}

fn seal_principals(
    connection: &Connection,
    keys: &Keyring,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, StoreError> {
    let mut done = 0;
    let mut select = connection
        .prepare("select ordinal, id, identifier, commitment_key from principals order by ordinal")?;
    let mut insert = connection.prepare("insert into sealed_principals values (?1, ?2, ?3, ?4)")?;
    let mut rows = select.query([])?;
    loop {
        let mut page: Vec<(i64, [u8; 16], String, [u8; 32])> = Vec::with_capacity(PAGE);
        while page.len() < PAGE
            && let Some(row) = rows.next()?
        {
            page.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
        if page.is_empty() {
            return Ok(done);
        }
        keys.add(&page.iter().map(|(_, id, _, commitment)| (*id, *commitment)).collect::<Vec<_>>())?;
        for (ordinal, id, identifier, _) in &page {
            let sealed = keys.seal_identifier(id, identifier)?;
            insert.execute((ordinal, id, keys.lookup(identifier), sealed))?;
        }
        done += u64::try_from(page.len()).unwrap_or(0);
        progress(done);
    }
}

fn seal_payloads(
    connection: &Connection,
    keys: &Keyring,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, StoreError> {
    let mut done = 0;
    let mut select = connection.prepare(
        "select y.revision, p.id, y.payload from payloads y join events e using (revision)
         join principals p on p.ordinal = e.principal order by p.ordinal, y.revision",
    )?;
    let mut insert = connection.prepare("insert into sealed_payloads values (?1, ?2)")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (revision, id, payload): (i64, [u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        insert.execute((revision, keys.seal_payload(&id, number(revision)?, &payload)?))?;
        done += 1;
        if done % 1_000 == 0 {
            progress(done);
        }
    }
    Ok(done)
}

/// Opens everything that was sealed, and holds it against what is there in the clear.
fn compare(connection: &Connection, keys: &Keyring) -> Result<(), StoreError> {
    let differs =
        |what: String| StoreError::Corrupt { what: format!("{what} does not open as what was sealed") };
    let mut select = connection.prepare(
        "select p.id, p.identifier, s.identifier, s.lookup from principals p left join sealed_principals s using (ordinal)",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, identifier): ([u8; 16], String) = (row.get(0)?, row.get(1)?);
        let (sealed, lookup): (Vec<u8>, [u8; 16]) = (row.get(2)?, row.get(3)?);
        if keys.open_identifier(&id, &sealed)?.as_ref() != Some(&identifier)
            || lookup != keys.lookup(&identifier)
        {
            return Err(differs("an identifier".to_owned()));
        }
    }
    let mut select = connection.prepare(
        "select y.revision, p.id, y.payload, s.payload from payloads y left join sealed_payloads s using (revision)
         join events e using (revision) join principals p on p.ordinal = e.principal",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (revision, id): (i64, [u8; 16]) = (row.get(0)?, row.get(1)?);
        let (payload, sealed): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
        if keys.open_payload(&id, number(revision)?, &sealed)? != Some(payload) {
            return Err(differs(format!("the personal part of revision {revision}")));
        }
    }
    Ok(())
}

/// Derives the ids of events anew whose senders gave none: those of format 1 had no order.
fn derive_ids(connection: &Connection, keys: &Keyring) -> Result<(), StoreError> {
    let mut select = connection.prepare(
        "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier
         from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
         where typeof(e.event_id) = 'blob'",
    )?;
    let mut update = connection.prepare("update events set event_id = ?2 where revision = ?1")?;
    let (key, mut rows) = (keys.event_id_key(), select.query([])?);
    while let Some(row) = rows.next()? {
        let (leaf, payload): (Vec<u8>, Option<Vec<u8>>) = (row.get(3)?, row.get(4)?);
        let there = decode(row.get(0)?, row.get(1)?, row.get(2)?, &leaf, payload.as_deref())?;
        let identifier: Option<String> = row.get(5)?;
        update.execute((
            row.get::<_, i64>(0)?,
            derive_again(&key, &there.event, identifier.as_deref(), there.at),
        ))?;
    }
    Ok(())
}

/// Puts the sealed tables in the place of the others, and writes the file anew.
fn contract(connection: &Connection, keys: &Keyring) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", false)?;
    // Renaming a table is not to change the tables that refer to its new name.
    connection.pragma_update(None, "legacy_alter_table", true)?;
    let tx = connection.unchecked_transaction()?;
    derive_ids(&tx, keys)?;
    tx.execute_batch(
        "drop table payloads;
         drop table principals;
         alter table sealed_principals rename to principals;
         alter table sealed_payloads rename to payloads;
         delete from meta where name = 'id_key';
         insert into meta (name, value) values ('erasures', zeroblob(8));
         pragma user_version = 2;",
    )?;
    tx.commit()?;
    connection.execute_batch("vacuum")?;
    connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    Ok(())
}

/// The tree over all events of a ledger of format 1, each one checked.
fn recompute(connection: &Connection) -> Result<Frontier, StoreError> {
    let head = read_head(connection)?;
    let mut select = connection.prepare(
        "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, e.leaf_hash, p.id, p.commitment_key
         from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
         order by e.revision",
    )?;
    let mut rows = select.query([])?;
    let mut recomputed = Recomputed::new();
    while let Some(row) = rows.next()? {
        let principal = match (row.get(6)?, row.get(7)?) {
            (Some(id), Some(commitment_key)) => Some(LedgerPrincipal { id, commitment_key }),
            _ => None,
        };
        let (leaf, leaf_hash): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(5)?);
        let payload: Option<Vec<u8>> = row.get(4)?;
        recomputed.add(&StoredRow {
            revision: row.get(0)?,
            at: row.get(1)?,
            recorded_at: row.get(2)?,
            leaf: &leaf,
            payload: payload.as_deref(),
            leaf_hash: &leaf_hash,
            principal,
        })?;
    }
    recomputed.matches(&head)
}
