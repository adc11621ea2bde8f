//! Appends a batch: the one place where the ledger grows.
//!
//! Step by step, with what a crash leaves:
//!
//! 1. Every event of the batch is checked. Nothing is on disk.
//! 2. A transaction begins that keeps other writers out, and the head is read in it.
//! 3. Each event that is not there yet gets the next number and is inserted. A crash leaves these pages in `SQLite`'s log
//!    without a commit record: the next opening ignores them.
//! 4. The head is moved, on the condition that epoch and size are those that were read.
//! 5. The commit returns when the log is on disk. A crash before that leaves the ledger as it was at 2; a crash after it
//!    leaves the whole batch. A caller that got no answer sends the batch again: what is there is not stored twice.
//!
//! There is no recovery code: opening the file is the recovery.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use jiff::Timestamp;
use nattoku_ledger::Hash;
use nattoku_model::Revision;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, Transaction, TransactionBehavior};

use super::SqliteStore;
use super::head::{Head, column, number};
use super::principals::{self, Remembered};
use super::read::{decode_row, instant};
use crate::error::StoreError;
use crate::event_json::{EventError, NewEvent};
use crate::leaf::{self, LEAF_BYTES_MAX};
use crate::random::Randomness;
use crate::record::Appended;

/// The connection that writes, and what it remembers between appends.
pub(super) struct Writer {
    connection: Connection,
    randomness: Box<dyn Randomness>,
    /// The key of derived event ids.
    id_key: [u8; 32],
    remembered: Remembered,
}

impl Writer {
    pub(super) fn new(connection: Connection, randomness: Box<dyn Randomness>) -> Result<Self, StoreError> {
        let id_key =
            connection.query_row("select value from meta where name = 'id_key'", [], |row| row.get(0))?;
        Ok(Self { connection, randomness, id_key, remembered: Remembered::default() })
    }
}

/// What an event is found again by: the id its sender gave, or one derived from its content.
enum StoredId<'a> {
    Given(&'a str),
    Derived([u8; 16]),
}

impl ToSql for StoredId<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Given(id) => id.to_sql(),
            Self::Derived(id) => id.to_sql(),
        }
    }
}

impl SqliteStore {
    /// Appends the events of `batch` in their order, all or none, and returns when they are on disk.
    ///
    /// An event whose id, or without an id whose content, is there already is not stored again. `recorded_at` is
    /// `now`, or the newest `recorded_at` of the ledger where the clock went back. With `keep_recorded_at`, as in a
    /// migration, an event that brings its own keeps it: it may lie neither after `now` nor before that of the
    /// event before it. Instants are kept to the microsecond.
    pub(super) fn append_batch(
        &self,
        batch: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError> {
        self.append_when(batch, now, keep_recorded_at, |_| Ok(()))
    }

    /// Appends one event about a principal, if `newest` is still the newest that the ledger has about them: what was decided
    /// on a state is done only while the state is that one.
    pub(super) fn append_one_if_unchanged(
        &self,
        event: &NewEvent,
        now: Timestamp,
        newest: Revision,
    ) -> Result<Appended, StoreError> {
        let unchanged = |tx: &Transaction<'_>| {
            let Some(principal) = &event.principal else { return Ok(()) };
            if principals::newest_event(tx, principal)? == newest { Ok(()) } else { Err(StoreError::Changed) }
        };
        let appended = self.append_when(std::slice::from_ref(event), now, false, unchanged)?;
        appended.into_iter().next().ok_or(StoreError::Changed)
    }

    fn append_when(
        &self,
        batch: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
        condition: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<Vec<Appended>, StoreError> {
        for (index, event) in batch.iter().enumerate() {
            event.check().map_err(|error| StoreError::Refused { index, error })?;
            if event.recorded_at.is_some() && !keep_recorded_at {
                return Err(StoreError::Refused { index, error: EventError::recorded_at_is_not_given() });
            }
        }
        let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        let Writer { connection, randomness, id_key, remembered } =
            &mut *writer.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.begin();
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        condition(&tx)?;
        let head = Head::read(&tx)?;
        let size_before = head.frontier.size();
        let mut step = Step {
            tx: &tx,
            remembered,
            randomness: randomness.as_mut(),
            id_key,
            head,
            now: cut(now).as_microsecond(),
            keep_recorded_at,
            n_by_name: BTreeMap::new(),
        };
        let mut appended = Vec::with_capacity(batch.len());
        for (index, event) in batch.iter().enumerate() {
            appended.push(step.append(index, event)?);
        }
        let Step { head, n_by_name, .. } = step;
        if head.frontier.size() > size_before {
            count(&tx, &n_by_name)?;
            head.write(&tx, size_before)?;
            tx.commit()?;
            remembered.commit();
        }
        Ok(appended)
    }
}

/// An instant without what is finer than a microsecond.
fn cut(at: Timestamp) -> Timestamp {
    let finer = i64::from(at.subsec_nanosecond().rem_euclid(1_000));
    at.checked_sub(jiff::SignedDuration::from_nanos(finer)).unwrap_or(at)
}

/// A running append.
struct Step<'a> {
    tx: &'a Transaction<'a>,
    remembered: &'a mut Remembered,
    randomness: &'a mut dyn Randomness,
    id_key: &'a [u8; 32],
    head: Head,
    now: i64,
    keep_recorded_at: bool,
    n_by_name: BTreeMap<&'static str, i64>,
}

impl Step<'_> {
    fn append(&mut self, index: usize, new: &NewEvent) -> Result<Appended, StoreError> {
        let refused = |error| StoreError::Refused { index, error };
        let at = cut(new.at);
        let newest = self.head.recorded_at;
        let given =
            new.recorded_at.filter(|_| self.keep_recorded_at).map(|given| cut(given).as_microsecond());
        let recorded_at = given.unwrap_or_else(|| self.now.max(newest.unwrap_or(self.now)));
        let id = match &new.id {
            Some(id) => StoredId::Given(&id.0),
            None => StoredId::Derived(derive_id(self.id_key, new, at)),
        };
        if let Some(there) = self.find(index, &id, new, at)? {
            return Ok(there);
        }
        if recorded_at > self.now.max(newest.unwrap_or(self.now)) {
            return Err(refused(EventError::recorded_in_the_future(
                instant(recorded_at)?,
                instant(self.now)?,
            )));
        }
        if let Some(newest) = newest.filter(|newest| recorded_at < *newest) {
            return Err(refused(EventError::recorded_out_of_order(instant(recorded_at)?, instant(newest)?)));
        }
        if at.as_microsecond() > recorded_at {
            return Err(refused(EventError::in_the_future(at, instant(recorded_at)?)));
        }
        let row = match &new.principal {
            Some(identifier) => Some(self.remembered.intern(self.tx, identifier, self.randomness)?),
            None => None,
        };
        let leaf =
            leaf::encode(&new.event, row.as_ref().map(|row| &row.principal), at, instant(recorded_at)?);
        if leaf.bytes.len() > LEAF_BYTES_MAX {
            return Err(refused(EventError::too_long(leaf.bytes.len())));
        }
        let hash = Hash::of_leaf(&leaf.bytes);
        let revision = self.head.frontier.size() + 1;
        self.tx
            .prepare_cached(
                "insert into events (revision, event_id, principal, at, recorded_at, leaf, leaf_hash)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                column(revision)?,
                id,
                row.map(|row| row.ordinal),
                at.as_microsecond(),
                recorded_at,
                leaf.bytes,
                hash.0,
            ))?;
        if let Some(payload) = leaf.payload {
            self.tx
                .prepare_cached("insert into payloads (revision, payload) values (?1, ?2)")?
                .execute((column(revision)?, payload))?;
        }
        self.head.frontier.append(hash);
        self.head.recorded_at = Some(recorded_at);
        *self.n_by_name.entry(new.event.name()).or_default() += 1;
        Ok(Appended {
            revision: Revision(revision),
            recorded_at: instant(recorded_at)?,
            already_there: false,
        })
    }

    /// The event if it is there already. An id that its sender gave must then mean the same event.
    fn find(
        &self,
        index: usize,
        id: &StoredId<'_>,
        new: &NewEvent,
        at: Timestamp,
    ) -> Result<Option<Appended>, StoreError> {
        let mut select = self.tx.prepare_cached(
            "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier
             from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
             where e.event_id = ?1",
        )?;
        let mut rows = select.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        if let StoredId::Given(id) = id {
            let there = decode_row(row)?;
            let principal: Option<String> = row.get(5)?;
            if (there.at, &there.event, &principal) != (at, &new.event, &new.principal) {
                let revision = there.revision.0;
                return Err(StoreError::Conflict { index, id: (*id).to_owned(), revision });
            }
        }
        Ok(Some(Appended {
            revision: Revision(number(row.get(0)?)?),
            recorded_at: instant(row.get(2)?)?,
            already_there: true,
        }))
    }
}

/// The id of an event whose sender gave none: the same content gives the same id, and without the store's key nobody
/// can tell an id from a guess of the content.
fn derive_id(key: &[u8; 32], new: &NewEvent, at: Timestamp) -> [u8; 16] {
    let content = leaf::content(&new.event, new.principal.as_deref(), at);
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        leaf::hmac_sha256(key, content.as_bytes());
    id
}

/// Keeps the number of events of each name.
fn count(tx: &Transaction<'_>, n_by_name: &BTreeMap<&'static str, i64>) -> Result<(), StoreError> {
    let mut upsert = tx.prepare_cached(
        "insert into counts (event, events) values (?1, ?2)
         on conflict (event) do update set events = events + excluded.events",
    )?;
    for (name, n_events) in n_by_name {
        upsert.execute((name, n_events))?;
    }
    Ok(())
}
