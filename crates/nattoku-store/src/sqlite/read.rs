//! Reads events back.

use std::ops::ControlFlow;

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use rusqlite::{Connection, OptionalExtension, Row};

use super::SqliteStore;
use super::head::read_head;
use super::principals;
use crate::decode::{column, decode, number};
use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine};
use crate::record::{PrincipalView, Stats, merge};

impl SqliteStore {
    /// What the ledger knows about one principal, with the revision at which it was read. For a principal that no event
    /// is about, the events are those that concern everybody.
    pub(super) fn read_view(&self, identifier: &str) -> Result<PrincipalView, StoreError> {
        self.readers.read(|tx| {
            let revision = newest(tx)?;
            let row = principals::find(tx, identifier)?;
            let own = match row {
                Some(row) => of_principal(tx, row.ordinal)?,
                None => Vec::new(),
            };
            let events = self.general_at(tx, revision, |general| merge(own, general))?;
            Ok(PrincipalView { revision, known: row.is_some(), events })
        })
    }

    /// The random id of a principal; none when no event is about such a one.
    pub(super) fn read_principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        self.readers.read(|tx| Ok(principals::find(tx, identifier)?.map(|row| row.principal.id)))
    }

    /// The event at `revision` with its principal, if the ledger is that long.
    pub(super) fn read_event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!("{EXPORT} where e.revision = ?1"))?;
            let mut rows = select.query([wanted])?;
            rows.next()?.map(export_line).transpose()
        })
    }

    /// The newest revision; 0 while the ledger is empty.
    pub(super) fn read_revision(&self) -> Result<Revision, StoreError> {
        self.readers.read(|tx| newest(tx))
    }

    /// When the ledger took in its newest event; nothing while it is empty.
    pub(super) fn read_last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.read_event_at(self.read_revision()?)?.map(|line| line.recorded.recorded_at))
    }

    /// Numbers about the whole ledger.
    pub(super) fn read_stats(&self) -> Result<Stats, StoreError> {
        self.readers.read(|tx| {
            let frontier = read_head(tx)?.frontier;
            let principals: i64 = tx.query_row("select count(*) from principals", [], |row| row.get(0))?;
            let mut select = tx.prepare_cached("select event, events from counts")?;
            let mut rows = select.query([])?;
            let mut events_by_name = std::collections::BTreeMap::new();
            while let Some(row) = rows.next()? {
                events_by_name.insert(row.get(0)?, number(row.get(1)?)?);
            }
            Ok(Stats {
                events: frontier.size(),
                principals: number(principals)?,
                revision: Revision(frontier.size()),
                root: frontier.root(),
                events_by_name,
            })
        })
    }

    /// The 16 random bytes that tell this ledger from every other.
    pub(super) fn read_ledger_id(&self) -> Result<[u8; 16], StoreError> {
        self.readers.read(|tx| {
            Ok(tx.query_row("select value from meta where name = 'ledger_id'", [], |row| row.get(0))?)
        })
    }

    /// Gives every event to `take`, by revision, until it breaks off; all of them as they stand when the call begins.
    pub(super) fn read_each_event(
        &self,
        take: &mut dyn FnMut(ExportLine) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!("{EXPORT} order by e.revision"))?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                if take(export_line(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// What [`export_line`] reads.
const EXPORT: &str = "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier, e.event_id
    from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal";

fn export_line(row: &Row<'_>) -> Result<ExportLine, StoreError> {
    let id = match row.get_ref(6)? {
        rusqlite::types::ValueRef::Text(id) => Some(EventId(String::from_utf8_lossy(id).into_owned())),
        // A derived id is this store's own; another derives its own from the same content.
        _ => None,
    };
    Ok(ExportLine { principal: row.get(5)?, id, recorded: decode_row(row)? })
}

fn newest(connection: &Connection) -> Result<Revision, StoreError> {
    let mut select = connection.prepare_cached("select size from head where only_row = 1")?;
    let size: i64 = select.query_one([], |row| row.get(0)).optional()?.unwrap_or(-1);
    number(size).map(Revision)
}

fn of_principal(connection: &Connection, ordinal: i64) -> Result<Vec<Recorded>, StoreError> {
    let mut select = connection.prepare_cached(
        "select e.revision, e.at, e.recorded_at, e.leaf, y.payload
         from events e left join payloads y using (revision) where e.principal = ?1 order by e.revision",
    )?;
    let mut rows = select.query([ordinal])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(decode_row(row)?);
    }
    Ok(events)
}

/// An event from the columns `revision, at, recorded_at, leaf, payload`, which must be a row's first.
pub(super) fn decode_row(row: &Row<'_>) -> Result<Recorded, StoreError> {
    let payload = match row.get_ref(4)? {
        rusqlite::types::ValueRef::Null => None,
        value => Some(value.as_blob().map_err(rusqlite::Error::from)?),
    };
    let leaf = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    decode(row.get(0)?, row.get(1)?, row.get(2)?, leaf, payload)
}
