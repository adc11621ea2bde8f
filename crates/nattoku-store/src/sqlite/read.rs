//! Reads events back.

use std::ops::ControlFlow;

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::SqliteStore;
use super::head::read_head;
use super::principals;
use crate::decode::{column, decode, instant, number};
use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine};
use crate::keys::Keyring;
use crate::record::{PrincipalView, Stats, merge};

impl SqliteStore {
    /// What the ledger knows about one principal, with the revision at which it was read, and where the event stands to which its
    /// sender gave an id. For a principal that no event is about, the events are those that concern everybody.
    pub(super) fn read_view(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError> {
        self.readers.read(|tx| {
            let (revision, recorded_at) = (newest(tx)?, newest_recorded_at(tx)?);
            let of_id = id.map(|id| revision_of(tx, id)).transpose()?.flatten();
            let row = principals::find(tx, &self.keys, identifier)?;
            let own = match row {
                Some(found) => self.of_principal(tx, found, revision)?,
                None => Vec::new(),
            };
            let events = self.general_at(tx, (revision, revision), |general| merge(own, general))?;
            Ok((PrincipalView { revision, recorded_at, known: row.is_some(), events }, of_id))
        })
    }

    /// The random id of a principal; none when no event is about such a one.
    pub(super) fn read_principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        self.readers.read(|tx| Ok(principals::find(tx, &self.keys, identifier)?.map(|(_, id)| id)))
    }

    /// The event at `revision` with its principal, if the ledger is that long.
    pub(super) fn read_event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT}, p.identifier, e.event_id from {JOINED} where e.revision = ?1"
            ))?;
            let mut rows = select.query([wanted])?;
            Ok(rows.next()?.map(|row| export_line(row, &self.keys)).transpose()?.flatten())
        })
    }

    pub(super) fn read_lines_between(
        &self,
        after: Revision,
        until: Revision,
    ) -> Result<Vec<ExportLine>, StoreError> {
        let (after, until) = (column(after.0)?, column(until.0)?);
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT}, p.identifier, e.event_id from {JOINED}
                 where e.revision > ?1 and e.revision <= ?2 order by e.revision"
            ))?;
            let (mut rows, mut lines) = (select.query([after, until])?, Vec::new());
            while let Some(row) = rows.next()? {
                lines.extend(export_line(row, &self.keys)?);
            }
            Ok(lines)
        })
    }

    /// Where the event stands to which its sender gave an id.
    pub(super) fn read_revision_of(&self, id: &EventId) -> Result<Option<Revision>, StoreError> {
        self.readers.read(|tx| revision_of(tx, id))
    }

    /// The newest revision; 0 while the ledger is empty.
    pub(super) fn read_revision(&self) -> Result<Revision, StoreError> {
        self.readers.read(newest)
    }

    /// When the ledger took in its newest event; nothing while it is empty.
    pub(super) fn read_last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.readers.read(newest_recorded_at)
    }

    /// Numbers about the whole ledger.
    pub(super) fn read_stats(&self) -> Result<Stats, StoreError> {
        self.readers.read(|tx| {
            let frontier = read_head(tx)?.frontier;
            let principals: i64 =
                tx.query_row("select count(lookup) from principals", [], |row| row.get(0))?;
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
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT}, p.identifier, e.event_id from {JOINED} order by e.revision"
            ))?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                let Some(line) = export_line(row, &self.keys)? else { continue };
                if take(line).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// The tables of events, with what is sealed and whose it is.
pub(super) const JOINED: &str =
    "events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal";
/// What [`decode_row`] reads; it must be a row's first columns.
pub(super) const EVENT: &str =
    "e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.id, p.id is not null and p.lookup is null";

/// An event as it is exported, from the columns of [`EVENT`], the identifier and the event's id; none where its principal is erased.
fn export_line(row: &Row<'_>, keys: &Keyring) -> Result<Option<ExportLine>, StoreError> {
    let id = match row.get_ref(8)? {
        ValueRef::Text(id) => Some(EventId(String::from_utf8_lossy(id).into_owned())),
        // A derived id is this store's own; another derives its own from the same content.
        _ => None,
    };
    let Some(recorded) = decode_row(row, keys)? else { return Ok(None) };
    Ok(Some(ExportLine { principal: identifier_of(row, 7, keys)?, id, recorded }))
}

pub(super) fn newest(connection: &Connection) -> Result<Revision, StoreError> {
    let mut select = connection.prepare_cached("select size from head where only_row = 1")?;
    let size: i64 = select.query_one([], |row| row.get(0)).optional()?.unwrap_or(-1);
    number(size).map(Revision)
}

fn newest_recorded_at(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut select = connection.prepare_cached("select recorded_at from head where only_row = 1")?;
    let newest: Option<i64> = select.query_one([], |row| row.get(0)).optional()?.flatten();
    newest.map(instant).transpose()
}

fn revision_of(connection: &Connection, id: &EventId) -> Result<Option<Revision>, StoreError> {
    let mut select = connection.prepare_cached("select revision from events where event_id = ?1")?;
    let revision: Option<i64> = select.query_row([&id.0], |row| row.get(0)).optional()?;
    revision.map(|revision| number(revision).map(Revision)).transpose()
}

impl SqliteStore {
    /// The events about a principal who is not erased, by ordinal and random id, up to a revision; none where the keys were
    /// destroyed a moment ago.
    pub(super) fn of_principal(
        &self,
        connection: &Connection,
        (ordinal, id): (i64, [u8; 16]),
        until: Revision,
    ) -> Result<Vec<Recorded>, StoreError> {
        let Some(keys) = self.keys.of(&id)? else { return Ok(Vec::new()) };
        let mut select = connection.prepare_cached(
            "select e.revision, e.at, e.recorded_at, e.leaf, y.payload
             from events e left join payloads y using (revision)
             where e.principal = ?1 and e.revision <= ?2 order by e.revision",
        )?;
        let mut rows = select.query((ordinal, column(until.0)?))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let sealed = row.get_ref(4)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
            let revision = number(row.get(0)?)?;
            let open = |sealed| self.keys.open_payload_by(&keys, &id, revision, sealed);
            let payload = sealed.map(open).transpose()?;
            events.push(decode_with(row, payload.as_deref().map(Vec::as_slice))?);
        }
        Ok(events)
    }
}

/// An event from the columns of [`EVENT`]; none where its principal is erased.
pub(super) fn decode_row(row: &Row<'_>, keys: &Keyring) -> Result<Option<Recorded>, StoreError> {
    if row.get(6)? {
        return Ok(None);
    }
    let payload = open_payload(row, keys)?;
    if payload.is_none() && row.get_ref(4)? != ValueRef::Null {
        return Ok(None);
    }
    decode_with(row, payload.as_deref()).map(Some)
}

/// An event from the first four columns of [`EVENT`] and its payload, which is open.
fn decode_with(row: &Row<'_>, payload: Option<&[u8]>) -> Result<Recorded, StoreError> {
    let leaf = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    decode(row.get(0)?, row.get(1)?, row.get(2)?, leaf, payload)
}

/// The payload of a row of [`EVENT`]; none where there is none, or where its principal is erased.
pub(super) fn open_payload(row: &Row<'_>, keys: &Keyring) -> Result<Option<Vec<u8>>, StoreError> {
    let sealed = match row.get_ref(4)? {
        ValueRef::Null => return Ok(None),
        sealed => sealed.as_blob().map_err(rusqlite::Error::from)?,
    };
    let revision = number(row.get(0)?)?;
    let id: Option<[u8; 16]> = row.get(5)?;
    let Some(id) = id else {
        let what = format!("revision {revision} has a personal part and concerns everybody");
        return Err(StoreError::Corrupt { what });
    };
    keys.open_payload(&id, revision, sealed)
}

/// The identifier in a column of a row of [`EVENT`]; none in events that concern everybody.
pub(super) fn identifier_of(
    row: &Row<'_>,
    column: usize,
    keys: &Keyring,
) -> Result<Option<String>, StoreError> {
    let (id, sealed): (Option<[u8; 16]>, Option<Vec<u8>>) = (row.get(5)?, row.get(column)?);
    match (id, sealed) {
        (Some(id), Some(sealed)) => keys.open_identifier(&id, &sealed),
        _ => Ok(None),
    }
}
