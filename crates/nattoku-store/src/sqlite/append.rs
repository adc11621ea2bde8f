//! What an append does in a `SQLite` file: steps 2, 3 and 5 to 7 of [`crate::append`].
//!
//! Several programs may write to one file. `begin immediate` takes the file's write lock, which the operating system takes from
//! a program that dies; the head is read under it, so that each append goes on from what is there.

use std::collections::HashMap;

use nattoku_model::Revision;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::head::{read_head, write_head};
use super::read::decode_row;
use super::{nodes, principals};
use crate::append::{Found, FoundContent, Head, KnownPrincipal, Medium, Plan, StoredId, counts, reached};
use crate::decode::{column, number};
use crate::error::StoreError;

/// The connection that writes.
pub(super) struct Writing {
    connection: Connection,
    /// The epoch in which the file was opened: whoever raises it shuts this writer out.
    epoch: Option<i64>,
}

impl Writing {
    pub(super) const fn new(connection: Connection) -> Self {
        Self { connection, epoch: None }
    }

    fn insert_rows(&self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare_cached(
            "insert into principals (ordinal, id, identifier, commitment_key) values (?1, ?2, ?3, ?4)",
        )?;
        for new in &plan.principals {
            let KnownPrincipal { ordinal, principal } = new.row;
            insert.execute((ordinal, principal.id, new.identifier, principal.commitment_key))?;
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
            if let Some(payload) = &row.payload {
                insert_payload.execute((revision, payload))?;
            }
        }
        Ok(())
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

impl ToSql for StoredId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Given(id) => id.to_sql(),
            Self::Derived(id) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(id))),
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

    fn find(&mut self, ids: &[&StoredId]) -> Result<HashMap<StoredId, Found>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier
             from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
             where e.event_id = ?1",
        )?;
        let mut found = HashMap::new();
        for id in ids {
            let mut rows = select.query([id])?;
            let Some(row) = rows.next()? else { continue };
            let content = match id {
                StoredId::Given(_) => {
                    let there = decode_row(row)?;
                    Some(FoundContent { at: there.at, event: there.event, principal: row.get(5)? })
                }
                StoredId::Derived(_) => None,
            };
            let there = Found { revision: number(row.get(0)?)?, recorded_at: row.get(2)?, content };
            found.insert((*id).clone(), there);
        }
        Ok(found)
    }

    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
        let mut found = Vec::new();
        for identifier in identifiers {
            if let Some(row) = principals::find(&self.connection, identifier)? {
                found.push(((*identifier).to_owned(), row));
            }
        }
        Ok(found)
    }

    fn newest_event(&mut self, identifier: &str) -> Result<Revision, StoreError> {
        principals::newest_event(&self.connection, identifier)
    }

    fn newest_ordinal(&mut self) -> Result<i64, StoreError> {
        let mut select = self.connection.prepare_cached("select max(ordinal) from principals")?;
        Ok(select.query_row([], |row| row.get(0)).optional()?.flatten().unwrap_or(0))
    }

    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError> {
        self.insert_rows(plan)?;
        nodes::insert(&self.connection, &plan.nodes)?;
        reached("append::rows")?;
        self.count(plan)?;
        write_head(&self.connection, &plan.head, plan.size_before)?;
        reached("append::head")?;
        self.connection.prepare_cached("commit")?.execute([])?;
        Ok(())
    }

    fn abandon(&mut self) {
        if !self.connection.is_autocommit() {
            // What cannot be rolled back now is rolled back by the next opening.
            let _ = self.connection.execute_batch("rollback");
        }
    }
}
