//! Rows of events on their way from who reads them to who looks through them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::people::Person;

/// How an event's id is told in front of its bytes, as `PostgreSQL` has it in its column.
pub(crate) mod id_kind {
    pub(crate) const GIVEN: u8 = 0;
    pub(crate) const DERIVED: u8 = 1;
    pub(crate) const ERASED: u8 = 2;
}

/// Whom an event is about, as the table of principals has them.
pub(crate) struct Subject {
    pub(crate) id: [u8; 16],
    pub(crate) is_erased: bool,
    /// The sealed identifier.
    pub(crate) identifier: Option<Vec<u8>>,
    /// Who it is, once somebody has opened it; none where the keys are destroyed.
    pub(super) person: OnceLock<Option<Arc<Person>>>,
}

impl Subject {
    pub(crate) const fn new(id: [u8; 16], is_erased: bool, identifier: Option<Vec<u8>>) -> Self {
        Self { id, is_erased, identifier, person: OnceLock::new() }
    }
}

/// The columns of one event, with those that stand in other tables.
pub(crate) struct Columns<'a> {
    pub(crate) revision: i64,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    /// Its kind in one byte, then the id.
    pub(crate) event_id: &'a [u8],
    /// The principal's number inside the database.
    pub(crate) ordinal: Option<i64>,
    /// The principal whose number it is; none where there is none.
    pub(crate) subject: Option<&'a Arc<Subject>>,
    pub(crate) leaf: &'a [u8],
    pub(crate) leaf_hash: &'a [u8],
    pub(crate) payload: Option<&'a [u8]>,
}

/// Some rows, one after the other, in few pieces of memory.
#[derive(Default)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    each: Vec<Row>,
    /// The nodes that these rows complete, as they are kept; none where none are kept at all.
    pub(crate) nodes: Option<HashMap<i64, Vec<u8>>>,
}

struct Row {
    revision: i64,
    at: i64,
    recorded_at: i64,
    ordinal: Option<i64>,
    subject: Option<Arc<Subject>>,
    event_id: Range<usize>,
    leaf: Range<usize>,
    leaf_hash: Range<usize>,
    payload: Option<Range<usize>>,
}

impl Rows {
    pub(crate) const fn len(&self) -> usize {
        self.each.len()
    }

    /// How many bytes their columns have.
    pub(crate) const fn n_bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn push(&mut self, columns: &Columns<'_>) {
        let row = Row {
            revision: columns.revision,
            at: columns.at,
            recorded_at: columns.recorded_at,
            ordinal: columns.ordinal,
            subject: columns.subject.cloned(),
            event_id: self.put(columns.event_id),
            leaf: self.put(columns.leaf),
            leaf_hash: self.put(columns.leaf_hash),
            payload: columns.payload.map(|payload| self.put(payload)),
        };
        self.each.push(row);
    }

    fn put(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Columns<'_>> {
        let bytes = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        self.each.iter().map(move |row| Columns {
            revision: row.revision,
            at: row.at,
            recorded_at: row.recorded_at,
            event_id: bytes(&row.event_id),
            ordinal: row.ordinal,
            subject: row.subject.as_ref(),
            leaf: bytes(&row.leaf),
            leaf_hash: bytes(&row.leaf_hash),
            payload: row.payload.as_ref().map(bytes),
        })
    }
}
