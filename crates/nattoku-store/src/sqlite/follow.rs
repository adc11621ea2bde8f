//! What is new since a revision: for whoever keeps a fold of the ledger and brings it up to date.

use nattoku_model::{Recorded, Revision};
use rusqlite::OptionalExtension as _;

use super::SqliteStore;
use super::read::decode_row;
use crate::decode::column;
use crate::error::StoreError;
use crate::record::{IdentifiersPage, NewerEvent, PageMark};

impl SqliteStore {
    /// The events after one revision up to another, in their order, at most `count` of them, each with whom it is about.
    pub(super) fn read_events_after(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<NewerEvent>, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.id
                 from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
                 where e.revision > ?1 and e.revision <= ?2 order by e.revision limit ?3",
            )?;
            let mut rows = select.query((column(after.0)?, column(until.0)?, count))?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(NewerEvent { principal: row.get(5)?, recorded: decode_row(row)? });
            }
            Ok(events)
        })
    }

    /// The events about the principal with a random id up to `revision`, by revision; those that concern everybody are not
    /// among them.
    pub(super) fn read_events_of_id(
        &self,
        id: &[u8; 16],
        revision: Revision,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select e.revision, e.at, e.recorded_at, e.leaf, y.payload
                 from principals p join events e on e.principal = p.ordinal left join payloads y using (revision)
                 where p.id = ?1 and e.revision <= ?2 order by e.revision",
            )?;
            let mut rows = select.query((id, column(revision.0)?))?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(decode_row(row)?);
            }
            Ok(events)
        })
    }

    /// The principals after a mark, at most `count` of them, in the order in which the ledger first heard of them.
    pub(super) fn read_identifiers_page(
        &self,
        after: PageMark,
        count: u32,
    ) -> Result<IdentifiersPage, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select ordinal, identifier, id from principals where ordinal > ?1 order by ordinal limit ?2",
            )?;
            let mut rows = select.query((after.0, count))?;
            let mut page = IdentifiersPage { principals: Vec::new(), next: None };
            while let Some(row) = rows.next()? {
                page.next = Some(PageMark(row.get(0)?));
                page.principals.push((row.get(1)?, row.get(2)?));
            }
            let is_full = u32::try_from(page.principals.len()).is_ok_and(|found| found == count);
            page.next = page.next.filter(|_| is_full);
            Ok(page)
        })
    }

    /// The hash of the leaf at a revision, if the ledger is that long: two ledgers that agree on it have the same event there.
    pub(super) fn read_leaf_hash(&self, revision: Revision) -> Result<Option<[u8; 32]>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached("select leaf_hash from events where revision = ?1")?;
            Ok(select.query_row([wanted], |row| row.get(0)).optional()?)
        })
    }
}
