//! What is new since a revision: for whoever keeps a fold of the ledger and brings it up to date.

use nattoku_model::{Recorded, Revision};
use rusqlite::OptionalExtension as _;

use super::SqliteStore;
use super::read::{EVENT, JOINED, decode_row};
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
            // Those of the erased are left out here and not below: a page that is empty is the last.
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT} from {JOINED}
                 where e.revision > ?1 and e.revision <= ?2 and (p.id is null or p.lookup is not null)
                 order by e.revision limit ?3"
            ))?;
            let mut rows = select.query((column(after.0)?, column(until.0)?, count))?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                let Some(recorded) = decode_row(row, &self.keys)? else { continue };
                events.push(NewerEvent { principal: row.get(5)?, recorded });
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
            let mut select =
                tx.prepare_cached("select ordinal from principals where id = ?1 and lookup is not null")?;
            let ordinal = select.query_row([id], |row| row.get(0)).optional()?;
            ordinal.map_or_else(|| Ok(Vec::new()), |ordinal| self.of_principal(tx, (ordinal, *id), revision))
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
                "select ordinal, identifier, id from principals
                 where ordinal > ?1 and lookup is not null order by ordinal limit ?2",
            )?;
            let mut rows = select.query((after.0, count))?;
            let mut page = IdentifiersPage { principals: Vec::new(), next: None };
            let mut found = 0;
            while let Some(row) = rows.next()? {
                found += 1;
                page.next = Some(PageMark(row.get(0)?));
                let (sealed, id): (Vec<u8>, [u8; 16]) = (row.get(1)?, row.get(2)?);
                page.principals.extend(self.keys.open_identifier(&id, &sealed)?.map(|text| (text, id)));
            }
            let is_full = found == count;
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
