//! Reads events back.

use std::ops::ControlFlow;

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use postgres::Row;

use super::PostgresStore;
use super::append::{fixed, id_of};
use super::lease::read_head;
use super::session::Session;
use crate::append::StoredId;
use crate::decode::{column, decode, instant, number};
use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine};
use crate::record::{PrincipalView, Stats, merge};

/// Events read at once where all of them are.
pub(super) const PAGE: i64 = 5_000;

const REVISION: &str = "select size from nattoku.head where only_row";
const META: &str = "select value from nattoku.meta where name = $1";
const PRINCIPAL: &str = "select ordinal, id from nattoku.principals where identifier = $1";
const OF_PRINCIPAL: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload
from nattoku.events e left join nattoku.payloads y using (revision) where e.principal = $1 order by e.revision";
const GENERAL: &str = "
select revision, at, recorded_at, leaf, null::bytea from nattoku.events
where principal is null and revision > $1 order by revision";
const AT: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier, e.event_id
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal where e.revision = $1";
const AFTER: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier, e.event_id
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal where e.revision > $1 order by e.revision limit $2";
const RECORDED_AT: &str = "select recorded_at from nattoku.head where only_row";
const COUNTS: &str = "select event, events from nattoku.counts";
const PRINCIPALS: &str = "select count(*) from nattoku.principals";

impl PostgresStore {
    pub(super) fn read_view(&self, identifier: &str) -> Result<PrincipalView, StoreError> {
        self.pool.read(|session| {
            session.snapshot(|session| {
                let revision = newest(session)?;
                let ordinal = principal(session, identifier)?.map(|(ordinal, _)| ordinal);
                let own = match ordinal {
                    Some(ordinal) => decode_all(&session.query(OF_PRINCIPAL, &[&ordinal])?)?,
                    None => Vec::new(),
                };
                let events = self.general_at(session, revision, |general| merge(own, general))?;
                Ok(PrincipalView { revision, known: ordinal.is_some(), events })
            })
        })
    }

    /// Gives the events that concern everybody up to `revision`, the revision of the snapshot of `session`.
    pub(super) fn general_at<T>(
        &self,
        session: &mut Session,
        revision: Revision,
        give: impl FnOnce(&[Recorded]) -> T,
    ) -> Result<T, StoreError> {
        let load = |after: Revision| decode_all(&session.query(GENERAL, &[&column(after.0)?])?);
        self.general.at(revision, load, give)
    }

    pub(super) fn read_principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        self.pool.read(|session| Ok(principal(session, identifier)?.map(|(_, id)| id)))
    }

    pub(super) fn read_event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.pool.read(|session| session.query(AT, &[&wanted])?.first().map(export_line).transpose())
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
                for row in &rows {
                    if take(export_line(row)?).is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        })
    }
}

fn export_line(row: &Row) -> Result<ExportLine, StoreError> {
    let id = match id_of(row.try_get(6)?)? {
        StoredId::Given(text) => Some(EventId(text)),
        // A derived id is this store's own; another derives its own from the same content.
        StoredId::Derived(_) => None,
    };
    Ok(ExportLine { principal: row.try_get(5)?, id, recorded: decode_row(row)? })
}

fn newest(session: &mut Session) -> Result<Revision, StoreError> {
    let rows = session.query(REVISION, &[])?;
    let size: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    number(size.unwrap_or(-1)).map(Revision)
}

fn principal(session: &mut Session, identifier: &str) -> Result<Option<(i64, [u8; 16])>, StoreError> {
    let rows = session.query(PRINCIPAL, &[&identifier])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some((row.try_get(0)?, fixed(row.try_get(1)?, "principals.id")?)))
}

/// A value of the table `meta`.
pub(super) fn meta<const N: usize>(session: &mut Session, name: &str) -> Result<[u8; N], StoreError> {
    let rows = session.query(META, &[&name])?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt { what: format!("`{name}` is missing") })?;
    fixed(row.try_get(0)?, name)
}

/// An event from the columns `revision, at, recorded_at, leaf, payload`, which must be a row's first.
pub(super) fn decode_row(row: &Row) -> Result<Recorded, StoreError> {
    decode(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?)
}

pub(super) fn decode_all(rows: &[Row]) -> Result<Vec<Recorded>, StoreError> {
    rows.iter().map(decode_row).collect()
}
