//! Reads what acts about principals are decided on: about all of them by one statement, so one message to the server and back, and one
//! state of the ledger.

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use postgres::Row;

use super::PostgresStore;
use super::append::fixed;
use super::ids::IdColumn;
use super::session::Session;
use crate::append::{Seen, StoredId};
use crate::decode::{column, decode, instant, number};
use crate::error::StoreError;
use crate::event_json::EventId;
use crate::general::GeneralEvents;
use crate::keys::Keyring;
use crate::record::{PrincipalView, merge};

/// Of each who is asked about, in their place: the events about them, each with the head, the principal and where the event of a sender's
/// id stands; where there is no such event, one row of these alone. In place 0, the events that concern everybody after a revision.
const VIEWS: &str = "
with asked as (
    select * from unnest($1::bytea[], $2::bytea[]) with ordinality asked (lookup, event_id, place)
)
select a.place, e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.id, h.size, h.recorded_at, sent.revision
from nattoku.head h cross join asked a
    left join nattoku.principals p on p.lookup = a.lookup
    left join nattoku.events sent on sent.event_id = a.event_id
    left join nattoku.events e on e.principal = p.ordinal
    left join nattoku.payloads y on y.revision = e.revision
where h.only_row
union all
select 0, revision, at, recorded_at, leaf, null, null, 0, null, null
from nattoku.events where principal is null and revision > $3";

/// Who is asked about, by what their identifier is looked up, and an id that a sender may have given an event.
pub(super) struct Asked<'a> {
    lookup: [u8; 16],
    id: Option<IdColumn<'a>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(keys: &Keyring, identifier: &str, id: Option<&'a StoredId>) -> Self {
        Self { lookup: keys.lookup(identifier), id: id.map(IdColumn) }
    }
}

/// What was read of one, still sealed, and of which state of the ledger it is.
pub(super) struct Read {
    rows: Vec<Row>,
    revision: Revision,
    recorded_at: Option<Timestamp>,
}

impl PostgresStore {
    /// What the ledger knows about one principal, and where the event stands to which its sender gave an id.
    pub(super) fn read_view(&self, identifier: &str, id: Option<&EventId>) -> Result<Seen, StoreError> {
        let id = id.map(|id| StoredId::Given(id.0.clone()));
        let asked = [Asked::new(&self.keys, identifier, id.as_ref())];
        let read = self.pool.read(|session| read(session, (&self.keys, &self.general), &asked))?;
        let read = read.into_iter().next().ok_or_else(|| corrupt("the head is missing"))?;
        read.open(&self.keys, &self.general)
    }
}

/// Reads of each, in their order.
pub(super) fn read(
    session: &mut Session,
    (keys, general): (&Keyring, &GeneralEvents),
    asked: &[Asked<'_>],
) -> Result<Vec<Read>, StoreError> {
    let lookups: Vec<&[u8]> = asked.iter().map(|asked| asked.lookup.as_slice()).collect();
    let ids: Vec<Option<&IdColumn<'_>>> = asked.iter().map(|asked| asked.id.as_ref()).collect();
    let after = column(general.read_to().0)?;
    let rows = session.query(VIEWS, &[&lookups, &ids, &after])?;
    let (mut new, mut own) = (Vec::new(), Vec::new());
    own.resize_with(asked.len(), Vec::new);
    for row in rows {
        match number(row.try_get(0)?)?.checked_sub(1) {
            None => new.push(recorded(&row, None)?),
            Some(place) => {
                let own = usize::try_from(place).ok().and_then(|place| own.get_mut(place));
                own.ok_or_else(|| corrupt("a row that nobody asked for"))?.push(row);
            }
        }
    }
    new.sort_by_key(|event| event.revision);
    let Some(head) = own.first().and_then(|rows| rows.first()) else {
        return Err(corrupt("the head is missing"));
    };
    let revision = Revision(number(head.try_get(7)?)?);
    let recorded_at = head.try_get::<_, Option<i64>>(8)?.map(instant).transpose()?;
    general.with(new, (revision, revision), |_| ());
    let known = own.iter().filter_map(|rows| id_in(rows.first()?).transpose());
    keys.expect(known.collect::<Result<Vec<_>, _>>()?.into_iter())?;
    Ok(own.into_iter().map(|rows| Read { rows, revision, recorded_at }).collect())
}

impl Read {
    /// The newest event about the principal, whether or not it can be opened.
    pub(super) fn newest(&self) -> Result<Revision, StoreError> {
        let newest = self.rows.iter().map(|row| row.try_get::<_, Option<i64>>(1));
        let newest = newest.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().max();
        newest.map_or(Ok(Revision(0)), |newest| number(newest).map(Revision))
    }

    /// Opens what is sealed of it.
    pub(super) fn open(&self, keys: &Keyring, general: &GeneralEvents) -> Result<Seen, StoreError> {
        let (revision, recorded_at) = (self.revision, self.recorded_at);
        let Some(first) = self.rows.first() else { return Err(corrupt("the head is missing")) };
        let id = id_in(first)?;
        let of_id = first.try_get::<_, Option<i64>>(9)?;
        let of_id = of_id.map(|revision| number(revision).map(Revision)).transpose()?;
        let own = id.map(|id| opened(&self.rows, &id, keys)).transpose()?.unwrap_or_default();
        // All that this state has of them was read with it, or before.
        let events = general.with(Vec::new(), (revision, revision), |general| merge(own, general));
        Ok((PrincipalView { revision, recorded_at, known: id.is_some(), events }, of_id))
    }
}

/// The random id of the principal whom a row is about, where there is one.
fn id_in(row: &Row) -> Result<Option<[u8; 16]>, StoreError> {
    let id: Option<&[u8]> = row.try_get(6)?;
    id.map(|id| fixed(id, "principals.id")).transpose()
}

/// The events about a principal. None where the keys were destroyed a moment ago.
fn opened(rows: &[Row], id: &[u8; 16], keys: &Keyring) -> Result<Vec<Recorded>, StoreError> {
    let Some(of_principal) = keys.of(id)? else { return Ok(Vec::new()) };
    let mut own = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(revision) = row.try_get::<_, Option<i64>>(1)? else { continue };
        let (sealed, revision): (Option<&[u8]>, u64) = (row.try_get(5)?, number(revision)?);
        let payload = sealed.map(|sealed| keys.open_payload_by(&of_principal, id, revision, sealed));
        own.push(recorded(row, payload.transpose()?.as_deref().map(Vec::as_slice))?);
    }
    Ok(own)
}

fn recorded(row: &Row, payload: Option<&[u8]>) -> Result<Recorded, StoreError> {
    decode(row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, payload)
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt { what: what.to_owned() }
}
