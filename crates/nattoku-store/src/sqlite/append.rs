//! What an append does in a `SQLite` file: steps 2, 3 and 5 to 7 of [`crate::append`].
//!
//! Several programs may write to one file. `begin immediate` takes the file's write lock, which the operating system takes from
//! a program that dies; the head is read under it, so that each append goes on from what is there.

use std::collections::HashMap;
use std::sync::Arc;

use nattoku_model::Revision;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OptionalExtension, ToSql};

use super::erase::{empty_log, erase_rows, read_erasures};
use super::head::{read_head, write_head};
use super::read::{EVENT, JOINED, decode_row, identifier_of};
use super::{nodes, principals};
use crate::append::{
    Found, FoundContent, Head, KnownPrincipal, Medium, Payload, Plan, StoredId, counts, reached,
};
use crate::decode::{column, number};
use crate::error::StoreError;
use crate::keys::Keyring;

/// The connection that writes.
pub(super) struct Writing {
    connection: Connection,
    /// The epoch in which the file was opened: whoever raises it shuts this writer out.
    epoch: Option<i64>,
    keys: Arc<Keyring>,
    /// How often somebody had been erased when that was last asked.
    erasures: Option<u64>,
}

impl Writing {
    pub(super) const fn new(connection: Connection, keys: Arc<Keyring>) -> Self {
        Self { connection, epoch: None, keys, erasures: None }
    }

    fn insert_rows(&self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare_cached(
            "insert into principals (ordinal, id, lookup, identifier) values (?1, ?2, ?3, ?4)",
        )?;
        // Before the first row that needs them: a crash leaves keys that nothing uses, never the other way round.
        let new: Vec<_> = plan
            .principals
            .iter()
            .map(|new| (new.row.principal.id, new.row.principal.commitment_key))
            .collect();
        self.keys.add(&new)?;
        for new in &plan.principals {
            let KnownPrincipal { ordinal, principal } = new.row;
            let identifier = self.keys.seal_identifier(&principal.id, new.identifier)?;
            insert.execute((ordinal, principal.id, self.keys.lookup(new.identifier), identifier))?;
        }
        let mut insert = self.connection.prepare_cached(
            "insert into events (revision, event_id, principal, at, recorded_at, leaf, leaf_hash)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let mut insert_payload =
            self.connection.prepare_cached("insert into payloads (revision, payload) values (?1, ?2)")?;
        for row in &plan.events {
            let revision = column(row.revision)?;
            insert.execute((
                revision,
                row.id,
                row.principal,
                row.at,
                row.recorded_at,
                &row.leaf,
                row.hash.0,
            ))?;
            match (&row.payload, &row.principal_id) {
                (Some(Payload::Open(payload)), Some(id)) => {
                    insert_payload.execute((revision, self.keys.seal_payload(id, row.revision, payload)?))?;
                }
                (Some(Payload::Sealed(sealed)), _) => {
                    insert_payload.execute((revision, sealed))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What the event at a revision says; none where its principal is erased.
    fn content_at(&self, revision: i64) -> Result<Option<FoundContent>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached(&format!("select {EVENT}, p.identifier from {JOINED} where e.revision = ?1"))?;
        let mut rows = select.query([revision])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let principal = identifier_of(row, 7, &self.keys)?;
        let there = decode_row(row, &self.keys)?;
        Ok(there.map(|there| FoundContent { at: there.at, event: there.event, principal }))
    }

    /// Keeps the number of events of each name.
    fn count(&self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let mut upsert = self.connection.prepare_cached(
            "insert into counts (event, events) values (?1, ?2)
             on conflict (event) do update set events = events + excluded.events",
        )?;
        for (name, n_events) in counts(&plan.events) {
            upsert.execute((name, n_events))?;
        }
        Ok(())
    }
}

/// What is said of a commit that failed. Where the disk refused to write or to flush, this program sees nothing of it; but what had
/// reached the disk is there all the same when the ledger is next opened after this program has died.
fn not_committed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => StoreError::Uncertain { source: error.into() },
        _ => error.into(),
    }
}

impl ToSql for StoredId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Given(id) => id.to_sql(),
            Self::Derived(id) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(id))),
            Self::Erased(revision) => Ok(ToSqlOutput::Owned(Value::Blob(revision.to_be_bytes().to_vec()))),
        }
    }
}

impl Medium for Writing {
    fn begin(&mut self) -> Result<Head, StoreError> {
        self.abandon();
        self.connection.prepare_cached("begin immediate")?.execute([])?;
        let head = read_head(&self.connection).inspect_err(|_| self.abandon())?;
        if *self.epoch.get_or_insert(head.epoch) != head.epoch {
            self.abandon();
            return Err(StoreError::Superseded);
        }
        Ok(head)
    }

    fn has_forgotten(&mut self) -> Result<bool, StoreError> {
        let now = read_erasures(&self.connection)?;
        let before = self.erasures.replace(now);
        Ok(before.is_some_and(|before| before != now))
    }

    fn find(
        &mut self,
        ids: &[&StoredId],
        ordinals: &[i64],
    ) -> Result<(HashMap<StoredId, Found>, Vec<Revision>), StoreError> {
        let mut select =
            self.connection.prepare_cached("select revision, recorded_at from events where event_id = ?1")?;
        let mut found = HashMap::new();
        for id in ids {
            let there = select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((revision, recorded_at)) = there else { continue };
            let content = match id {
                StoredId::Given(_) => self.content_at(revision)?,
                StoredId::Derived(_) | StoredId::Erased(_) => None,
            };
            found.insert((*id).clone(), Found { revision: number(revision)?, recorded_at, content });
        }
        let newest = ordinals.iter().map(|ordinal| principals::newest_event(&self.connection, *ordinal));
        Ok((found, newest.collect::<Result<_, _>>()?))
    }

    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
        principals::find_all(&self.connection, &self.keys, identifiers)
    }

    fn newest_ordinal(&mut self) -> Result<i64, StoreError> {
        let mut select = self.connection.prepare_cached("select max(ordinal) from principals")?;
        Ok(select.query_row([], |row| row.get(0)).optional()?.flatten().unwrap_or(0))
    }

    fn leaf_hashes(&mut self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "select leaf_hash from events where revision between ?1 and ?2 order by revision",
        )?;
        let hashes = select.query_map((column(first)?, column(last)?), |row| row.get(0))?;
        Ok(hashes.collect::<Result<_, _>>()?)
    }

    fn by_id(&mut self, ids: &[[u8; 16]]) -> Result<Vec<([u8; 16], i64, bool)>, StoreError> {
        let mut select =
            self.connection.prepare_cached("select ordinal, lookup is null from principals where id = ?1")?;
        let mut found = Vec::new();
        for id in ids {
            let row = select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            found.extend(row.map(|(ordinal, is_erased)| (*id, ordinal, is_erased)));
        }
        Ok(found)
    }

    fn erased(&mut self) -> Result<Vec<([u8; 16], i64)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "select p.id, (select max(recorded_at) from events where principal = p.ordinal)
             from principals p where p.lookup is null",
        )?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?)))?;
        let rows = rows.collect::<Result<Vec<([u8; 16], _)>, _>>()?;
        Ok(rows.into_iter().map(|(id, at)| (id, at.unwrap_or_default())).collect())
    }

    fn empty_log(&mut self) -> Result<bool, StoreError> {
        empty_log(&self.connection)
    }

    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError> {
        self.insert_rows(plan)?;
        nodes::insert(&self.connection, &plan.nodes)?;
        reached("append::rows")?;
        self.count(plan)?;
        for ordinal in &plan.erased {
            erase_rows(&self.connection, *ordinal)?;
        }
        write_head(&self.connection, &plan.head, plan.size_before)?;
        reached("append::head")?;
        self.connection.prepare_cached("commit")?.execute([]).map_err(not_committed)?;
        Ok(())
    }

    fn abandon(&mut self) {
        if !self.connection.is_autocommit() {
            // What cannot be rolled back now is rolled back by the next opening.
            let _ = self.connection.execute_batch("rollback");
        }
    }

    fn break_off(&mut self) {
        self.abandon();
        self.keys.break_off();
    }
}
