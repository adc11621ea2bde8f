//! Reads events back.

use std::ops::ControlFlow;

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use postgres::Row;

use super::PostgresStore;
use super::append::fixed;
use super::ids::{IdColumn, id_of};
use super::lease::read_head;
use super::session::Session;
use crate::append::StoredId;
use crate::decode::{column, decode, instant, number};
use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine};
use crate::keys::Keyring;
use crate::record::Stats;

/// Events read at once where all of them are.
pub(super) const PAGE: i64 = 5_000;

/// What [`decode_row`] reads; it must be a row's first columns.
macro_rules! event {
    () => {
        "e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.id, p.id is not null and p.lookup is null"
    };
}
/// The tables of events, with what is sealed and whose it is.
macro_rules! joined {
    () => {
        "nattoku.events e left join nattoku.payloads y using (revision) left join nattoku.principals p on p.ordinal = e.principal"
    };
}
pub(super) use {event, joined};

const REVISION: &str = "select size from nattoku.head where only_row";
const META: &str = "select value from nattoku.meta where name = $1";
const PRINCIPAL: &str = "select id from nattoku.principals where lookup = $1";
const GENERAL: &str = "
select revision, at, recorded_at, leaf, null::bytea, null::bytea, false from nattoku.events
where principal is null and revision > $1 order by revision";
const OF_SENDERS_ID: &str = "select revision from nattoku.events where event_id = $1";
const AT: &str =
    concat!("select ", event!(), ", p.identifier, e.event_id from ", joined!(), " where e.revision = $1");
const AFTER: &str = concat!(
    "select ",
    event!(),
    ", p.identifier, e.event_id from ",
    joined!(),
    " where e.revision > $1 order by e.revision limit $2"
);
const BETWEEN: &str = concat!(
    "select ",
    event!(),
    ", p.identifier, e.event_id from ",
    joined!(),
    " where e.revision > $1 and e.revision <= $2 order by e.revision"
);
const RECORDED_AT: &str = "select recorded_at from nattoku.head where only_row";
const COUNTS: &str = "select event, events from nattoku.counts";
const PRINCIPALS: &str = "select count(lookup) from nattoku.principals";
const HAS_PRINCIPALS: &str = "select exists (select from nattoku.principals)";

impl PostgresStore {
    /// Gives the events that concern everybody up to `revision`, where the snapshot of `session` sees the ledger up to `newest`.
    pub(super) fn general_at<T>(
        &self,
        session: &mut Session,
        (revision, newest): (Revision, Revision),
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let load = |after: Revision| decode_all(&session.query(GENERAL, &[&column(after.0)?])?, &self.keys);
        self.general.at(revision, newest, load, give)
    }

    pub(super) fn read_principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        let lookup = self.keys.lookup(identifier);
        self.pool.read(|session| {
            let rows = session.query(PRINCIPAL, &[&lookup.as_slice()])?;
            rows.first().map(|row| fixed(row.try_get(0)?, "principals.id")).transpose()
        })
    }

    pub(super) fn read_event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.pool.read(|session| {
            let rows = session.query(AT, &[&wanted])?;
            Ok(rows.first().map(|row| export_line(row, &self.keys)).transpose()?.flatten())
        })
    }

    pub(super) fn read_lines_between(
        &self,
        after: Revision,
        until: Revision,
    ) -> Result<Vec<ExportLine>, StoreError> {
        let (after, until) = (column(after.0)?, column(until.0)?);
        self.pool.read(|session| {
            let rows = session.query(BETWEEN, &[&after, &until])?;
            expect_all(&rows, &self.keys)?;
            rows.iter().filter_map(|row| export_line(row, &self.keys).transpose()).collect()
        })
    }

    /// Where the event stands to which its sender gave an id.
    pub(super) fn read_revision_of(&self, id: &EventId) -> Result<Option<Revision>, StoreError> {
        let id = StoredId::Given(id.0.clone());
        self.pool.read(|session| {
            let rows = session.query(OF_SENDERS_ID, &[&IdColumn(&id)])?;
            rows.first().map(|row| number(row.try_get(0)?).map(Revision)).transpose()
        })
    }

    pub(super) fn read_revision(&self) -> Result<Revision, StoreError> {
        self.pool.read(newest)
    }

    pub(super) fn read_last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let last = self.pool.read(|session| {
            let rows = session.query(RECORDED_AT, &[])?;
            Ok(rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?.flatten())
        })?;
        last.map(instant).transpose()
    }

    pub(super) fn read_stats(&self) -> Result<Stats, StoreError> {
        self.pool.read(|session| {
            session.snapshot(|session| {
                let frontier = read_head(session)?.frontier;
                let principals = session.query(PRINCIPALS, &[])?;
                let principals = principals.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
                let counts = session.query(COUNTS, &[])?;
                let counts = counts.iter().map(|row| Ok((row.try_get(0)?, number(row.try_get(1)?)?)));
                Ok(Stats {
                    events: frontier.size(),
                    principals: number(principals)?,
                    revision: Revision(frontier.size()),
                    root: frontier.root(),
                    events_by_name: counts.collect::<Result<_, StoreError>>()?,
                })
            })
        })
    }

    pub(super) fn read_ledger_id(&self) -> Result<[u8; 16], StoreError> {
        self.pool.read(|session| meta(session, "ledger_id"))
    }

    /// Events are never changed, so that pages read one after another are the ledger as it stood at the first.
    pub(super) fn read_each_event(
        &self,
        take: &mut dyn FnMut(ExportLine) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let until = column(self.read_revision()?.0)?;
        self.pool.read_once(|session| {
            let mut after = 0;
            while after < until {
                let rows = session.query(AFTER, &[&after, &PAGE.min(until - after)])?;
                let Some(last) = rows.last() else { break };
                after = last.try_get(0)?;
                expect_all(&rows, &self.keys)?;
                for row in &rows {
                    let Some(line) = export_line(row, &self.keys)? else { continue };
                    if take(line).is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        })
    }
}

/// An event as it is exported; none where its principal is erased.
fn export_line(row: &Row, keys: &Keyring) -> Result<Option<ExportLine>, StoreError> {
    let Some(recorded) = decode_row(row, keys)? else { return Ok(None) };
    let id = match id_of(row.try_get(8)?)? {
        StoredId::Given(text) => Some(EventId(text)),
        // A derived id is this store's own; another derives its own from the same content.
        StoredId::Derived(_) | StoredId::Erased(_) => None,
    };
    Ok(Some(ExportLine { principal: identifier_of(row, 7, keys)?, id, recorded }))
}

pub(super) fn newest(session: &mut Session) -> Result<Revision, StoreError> {
    let rows = session.query(REVISION, &[])?;
    let size: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    number(size.unwrap_or(-1)).map(Revision)
}

/// Whether anybody has been heard of.
pub(super) fn has_principals(session: &mut Session) -> Result<bool, StoreError> {
    let rows = session.query(HAS_PRINCIPALS, &[])?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

/// A value of the table `meta`.
pub(super) fn meta<const N: usize>(session: &mut Session, name: &str) -> Result<[u8; N], StoreError> {
    let rows = session.query(META, &[&name])?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt { what: format!("`{name}` is missing") })?;
    fixed(row.try_get(0)?, name)
}

/// The random id in a row of [`event`]; none in events that concern everybody.
pub(super) fn id_in(row: &Row) -> Result<Option<[u8; 16]>, StoreError> {
    let id: Option<&[u8]> = row.try_get(5)?;
    id.map(|id| fixed(id, "principals.id")).transpose()
}

/// An event from the columns of [`event`]; none where its principal is erased.
pub(super) fn decode_row(row: &Row, keys: &Keyring) -> Result<Option<Recorded>, StoreError> {
    if row.try_get(6)? {
        return Ok(None);
    }
    let payload = open_payload(row, keys)?;
    if payload.is_none() && row.try_get::<_, Option<&[u8]>>(4)?.is_some() {
        return Ok(None);
    }
    let leaf = row.try_get(3)?;
    decode(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, leaf, payload.as_deref()).map(Some)
}

/// The payload of a row of [`event`]; none where there is none, or where its principal is erased.
pub(super) fn open_payload(row: &Row, keys: &Keyring) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(sealed) = row.try_get::<_, Option<&[u8]>>(4)? else { return Ok(None) };
    let revision = number(row.try_get(0)?)?;
    let Some(id) = id_in(row)? else {
        let what = format!("revision {revision} has a personal part and concerns everybody");
        return Err(StoreError::Corrupt { what });
    };
    keys.open_payload(&id, revision, sealed)
}

/// The identifier in a column of a row of [`event`]; none in events that concern everybody.
pub(super) fn identifier_of(row: &Row, column: usize, keys: &Keyring) -> Result<Option<String>, StoreError> {
    let sealed: Option<&[u8]> = row.try_get(column)?;
    match (id_in(row)?, sealed) {
        (Some(id), Some(sealed)) => keys.open_identifier(&id, sealed),
        _ => Ok(None),
    }
}

/// Has the keys of all principals of rows of [`event`] at hand, instead of asking for each by itself.
pub(super) fn expect_all(rows: &[Row], keys: &Keyring) -> Result<(), StoreError> {
    let mut ids = Vec::with_capacity(rows.len());
    for row in rows {
        if !row.try_get::<_, bool>(6)? {
            ids.extend(id_in(row)?);
        }
    }
    keys.expect(ids.into_iter())
}

pub(super) fn decode_all(rows: &[Row], keys: &Keyring) -> Result<Vec<Recorded>, StoreError> {
    expect_all(rows, keys)?;
    rows.iter().filter_map(|row| decode_row(row, keys).transpose()).collect()
}
