//! Principals as small numbers: each identifier gets an ordinal, a random id and a key when it is first seen.

use std::collections::HashMap;

use nattoku_model::Revision;
use rusqlite::{Connection, OptionalExtension};

use super::head::number;
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;
use crate::random::Randomness;

/// Most principals remembered between appends.
const REMEMBERED_MAX: usize = 200_000;

/// A principal's row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) ordinal: i64,
    pub(super) principal: LedgerPrincipal,
}

/// The rows seen lately. Rows are never changed, so what was committed once stays right.
#[derive(Default)]
pub(super) struct Remembered {
    committed: HashMap<String, Row>,
    /// Rows that the running transaction read or made; forgotten if it fails.
    running: HashMap<String, Row>,
}

impl Remembered {
    /// To be called when a transaction begins: forgets what a failed one left.
    pub(super) fn begin(&mut self) {
        self.running.clear();
    }

    /// To be called when the transaction is durable.
    pub(super) fn commit(&mut self) {
        if self.committed.len() + self.running.len() > REMEMBERED_MAX {
            self.committed.clear();
        }
        self.committed.extend(self.running.drain());
    }

    /// The row of `identifier`, made now if there is none.
    pub(super) fn intern(
        &mut self,
        connection: &Connection,
        identifier: &str,
        randomness: &mut dyn Randomness,
    ) -> Result<Row, StoreError> {
        if let Some(row) = self.committed.get(identifier).or_else(|| self.running.get(identifier)) {
            return Ok(*row);
        }
        let row = match find(connection, identifier)? {
            Some(row) => row,
            None => make(connection, identifier, randomness)?,
        };
        self.running.insert(identifier.to_owned(), row);
        Ok(row)
    }
}

/// The row of `identifier`, if any event is about that principal.
pub(super) fn find(connection: &Connection, identifier: &str) -> Result<Option<Row>, StoreError> {
    let mut select = connection
        .prepare_cached("select ordinal, id, commitment_key from principals where identifier = ?1")?;
    let row = select.query_row([identifier], |row| {
        let principal = LedgerPrincipal { id: row.get(1)?, commitment_key: row.get(2)? };
        Ok(Row { ordinal: row.get(0)?, principal })
    });
    Ok(row.optional()?)
}

/// The newest event about a principal; 0 where there is none.
pub(super) fn newest_event(connection: &Connection, identifier: &str) -> Result<Revision, StoreError> {
    let mut select = connection.prepare_cached(
        "select coalesce(max(e.revision), 0) from events e join principals p on p.ordinal = e.principal
         where p.identifier = ?1",
    )?;
    let newest: i64 = select.query_row([identifier], |row| row.get(0))?;
    Ok(Revision(number(newest)?))
}

fn make(
    connection: &Connection,
    identifier: &str,
    randomness: &mut dyn Randomness,
) -> Result<Row, StoreError> {
    let mut principal = LedgerPrincipal { id: [0; 16], commitment_key: [0; 32] };
    randomness.fill(&mut principal.id)?;
    randomness.fill(&mut principal.commitment_key)?;
    let mut insert = connection
        .prepare_cached("insert into principals (id, identifier, commitment_key) values (?1, ?2, ?3)")?;
    let ordinal = insert.insert((principal.id, identifier, principal.commitment_key))?;
    Ok(Row { ordinal, principal })
}
