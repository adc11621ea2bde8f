//! Reads the rows of all events in their order.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, Rows as Selected, Statement};

use crate::check::{BATCH, BATCH_BYTES, Columns, Feed, Rows, Subject, id_kind, within};
use crate::error::StoreError;
use crate::nodes;

/// Most principals remembered, of each remainder by this the last.
const REMEMBERED_MAX: usize = 1 << 17;

/// Gives the rows of all events away, a batch at a time, and tells how many were given.
pub(super) fn read(
    tx: &Connection,
    feed: &Feed,
    has_nodes: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let mut events = tx.prepare(
        "select revision, at, recorded_at, principal, event_id, leaf, leaf_hash from events not indexed
         order by revision",
    )?;
    let mut payloads = tx.prepare("select revision, payload from payloads order by revision")?;
    let mut reader = Reader {
        payloads: Payloads::new(&mut payloads)?,
        subjects: Subjects { select: tx.prepare_cached(SUBJECT)?, known: Vec::new() },
        id: Vec::new(),
    };
    let mut selected = events.query([])?;
    let (mut n_given, mut newest) = (0, 0);
    loop {
        let mut rows = Rows::default();
        let read = reader.batch(&mut selected, &mut rows, &mut newest);
        let n_rows = u64::try_from(rows.len()).unwrap_or(0);
        if n_rows > 0 {
            if has_nodes {
                rows.nodes = Some(kept_nodes(tx, n_given, n_given + n_rows)?);
            }
            if !feed.give(rows) {
                return Ok(());
            }
            n_given += n_rows;
            progress(n_given);
        }
        if !read.map_err(|error| within(&format!("events or payloads, after revision {newest}"), error))? {
            return reader.payloads.check_end();
        }
    }
}

const SUBJECT: &str = "select id, lookup is null, identifier from principals where ordinal = ?1";

struct Reader<'a, 's> {
    payloads: Payloads<'s>,
    subjects: Subjects<'a>,
    /// The id of the event that is being read.
    id: Vec<u8>,
}

impl Reader<'_, '_> {
    /// Fills a batch, and tells whether there may be more.
    fn batch(
        &mut self,
        selected: &mut Selected<'_>,
        rows: &mut Rows,
        newest: &mut i64,
    ) -> Result<bool, StoreError> {
        while rows.len() < BATCH && rows.n_bytes() < BATCH_BYTES {
            let Some(row) = selected.next()? else { return Ok(false) };
            self.row(row, rows)?;
            *newest = row.get(0)?;
        }
        Ok(true)
    }

    fn row(&mut self, row: &Row<'_>, rows: &mut Rows) -> Result<(), StoreError> {
        let (revision, ordinal) = (row.get(0)?, row.get(3)?);
        self.id.clear();
        match row.get_ref(4)? {
            ValueRef::Text(id) => {
                self.id.push(id_kind::GIVEN);
                self.id.extend_from_slice(id);
            }
            ValueRef::Blob(id) => {
                self.id.push(if id.len() == 8 { id_kind::ERASED } else { id_kind::DERIVED });
                self.id.extend_from_slice(id);
            }
            // No id: whoever looks through the row says so.
            _ => {}
        }
        let subject = match ordinal {
            None => None,
            Some(ordinal) => self.subjects.get(ordinal)?,
        };
        rows.push(&Columns {
            revision,
            at: row.get(1)?,
            recorded_at: row.get(2)?,
            event_id: &self.id,
            ordinal,
            subject: subject.as_ref(),
            leaf: row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?,
            leaf_hash: row.get_ref(6)?.as_blob().map_err(rusqlite::Error::from)?,
            payload: self.payloads.of(revision)?,
        });
        Ok(())
    }
}

/// The payloads in the order of their events, read beside them.
struct Payloads<'s> {
    rows: Selected<'s>,
    /// The revision of the one that is next, and the payload; none after the last.
    next: Option<i64>,
    payload: Vec<u8>,
    given: Vec<u8>,
}

impl<'s> Payloads<'s> {
    fn new(select: &'s mut Statement<'_>) -> Result<Self, StoreError> {
        let (rows, payload, given) = (select.query([])?, Vec::new(), Vec::new());
        let mut payloads = Self { rows, next: None, payload, given };
        payloads.step()?;
        Ok(payloads)
    }

    fn step(&mut self) -> Result<(), StoreError> {
        self.next = None;
        if let Some(row) = self.rows.next()? {
            self.payload.clear();
            self.payload.extend_from_slice(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
            self.next = Some(row.get(0)?);
        }
        Ok(())
    }

    /// The payload of an event, if it has one. Events must be asked for in their order.
    fn of(&mut self, revision: i64) -> Result<Option<&[u8]>, StoreError> {
        match self.next {
            Some(next) if next < revision => Err(orphan(next)),
            Some(next) if next == revision => {
                std::mem::swap(&mut self.payload, &mut self.given);
                self.step()?;
                Ok(Some(&self.given))
            }
            _ => Ok(None),
        }
    }

    /// Sees that none is left when the events have ended.
    fn check_end(&self) -> Result<(), StoreError> {
        self.next.map_or(Ok(()), |next| Err(orphan(next)))
    }
}

fn orphan(revision: i64) -> StoreError {
    StoreError::Corrupt { what: format!("payloads, revision {revision}: there is no such event") }
}

/// The principals of events.
struct Subjects<'a> {
    select: CachedStatement<'a>,
    /// Each with the ordinal.
    known: Vec<Option<(i64, Arc<Subject>)>>,
}

impl Subjects<'_> {
    fn get(&mut self, ordinal: i64) -> Result<Option<Arc<Subject>>, StoreError> {
        let place = usize::try_from(ordinal).unwrap_or_default() % REMEMBERED_MAX;
        if let Some(Some((known, subject))) = self.known.get(place)
            && *known == ordinal
        {
            return Ok(Some(Arc::clone(subject)));
        }
        let subject =
            self.select.query_row([ordinal], |row| Ok(Subject::new(row.get(0)?, row.get(1)?, row.get(2)?)));
        let found = subject
            .optional()
            .map_err(|error| within(&format!("principals, row {ordinal}"), StoreError::from(error)))?;
        let Some(subject) = found.map(Arc::new) else { return Ok(None) };
        if self.known.len() <= place {
            self.known.resize(place + 1, None);
        }
        if let Some(known) = self.known.get_mut(place) {
            *known = Some((ordinal, Arc::clone(&subject)));
        }
        Ok(Some(subject))
    }
}

/// The kept nodes that the events after so many complete, up to so many.
fn kept_nodes(tx: &Connection, before: u64, after: u64) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
    let mut select = tx.prepare_cached("select place, hash from nodes where place >= ?1 and place < ?2")?;
    let mut kept = HashMap::new();
    for places in nodes::completed(before, after) {
        let Range { start, end } = places?;
        let mut rows = select.query((start, end))?;
        while let Some(row) = rows.next()? {
            kept.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(kept)
}
