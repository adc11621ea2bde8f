//! Reads what acts about principals are decided on: for all who ask at one time by one statement, so one message to the server and back,
//! and one state of the ledger.

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};
use postgres::Row;

use super::PostgresStore;
use super::append::fixed;
use super::ids::IdColumn;
use crate::append::StoredId;
use crate::decode::{column, decode, instant, number};
use crate::error::StoreError;
use crate::event_json::EventId;
use crate::record::{PrincipalView, merge};
use crate::together::Together;

/// Of each whom it is asked about, in the place that they have: the events about the principal, each with the head, the principal and where
/// the event of a sender's id stands; where there is no such event, one row of these alone. In place 0, the events that concern everybody
/// after a revision.
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

/// Whom it is asked about: by what the identifier is looked up, and an id that a sender may have given.
pub(super) struct Asked {
    lookup: [u8; 16],
    id: Option<StoredId>,
}

/// What is found: the state of the ledger, and the rows that are about whom it was asked about.
pub(super) struct Found {
    revision: Revision,
    recorded_at: Option<Timestamp>,
    rows: Vec<Row>,
}

pub(super) type Views = Together<Asked, Found>;

impl PostgresStore {
    /// What the ledger knows about one principal, and where the event stands to which its sender gave an id.
    pub(super) fn read_view(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError> {
        let id = id.map(|id| StoredId::Given(id.0.clone()));
        let asked = Asked { lookup: self.keys.lookup(identifier), id };
        let Found { revision, recorded_at, rows } = self.views.ask(asked, |asked| self.read_views(asked))?;
        let first = rows.first();
        let id: Option<&[u8]> = first.map(|row| row.try_get(6)).transpose()?.flatten();
        let id = id.map(|id| fixed(id, "principals.id")).transpose()?;
        let of_id: Option<i64> = first.map(|row| row.try_get(9)).transpose()?.flatten();
        let of_id = of_id.map(|revision| number(revision).map(Revision)).transpose()?;
        let own = id.map(|id| self.opened(&rows, &id)).transpose()?.unwrap_or_default();
        // All of them that this state has were read with it, or before.
        let events = self.general.with(Vec::new(), (revision, revision), |general| merge(own, general));
        Ok((PrincipalView { revision, recorded_at, known: id.is_some(), events }, of_id))
    }

    /// What is found about each.
    fn read_views(&self, asked: &[Asked]) -> Result<Vec<Found>, StoreError> {
        let lookups: Vec<&[u8]> = asked.iter().map(|asked| asked.lookup.as_slice()).collect();
        let ids: Vec<Option<IdColumn<'_>>> =
            asked.iter().map(|asked| asked.id.as_ref().map(IdColumn)).collect();
        let rows = self.pool.read(|session| {
            let after = column(self.general.read_to().0)?;
            session.query(VIEWS, &[&lookups, &ids, &after])
        })?;
        let (mut general, mut own) = (Vec::new(), Vec::new());
        own.resize_with(asked.len(), Vec::new);
        for row in rows {
            match number(row.try_get(0)?)?.checked_sub(1) {
                None => general.push(recorded(&row, None)?),
                Some(place) => {
                    let own = usize::try_from(place).ok().and_then(|place| own.get_mut(place));
                    own.ok_or_else(|| corrupt("a row that nobody asked for"))?.push(row);
                }
            }
        }
        general.sort_by_key(|event| event.revision);
        let Some(head) = own.first().and_then(|rows| rows.first()) else {
            return Err(corrupt("the head is missing"));
        };
        let revision = Revision(number(head.try_get(7)?)?);
        let recorded_at = head.try_get::<_, Option<i64>>(8)?.map(instant).transpose()?;
        self.general.with(general, (revision, revision), |_| ());
        Ok(own.into_iter().map(|rows| Found { revision, recorded_at, rows }).collect())
    }

    /// The events about a principal. None where the keys were destroyed a moment ago.
    fn opened(&self, rows: &[Row], id: &[u8; 16]) -> Result<Vec<Recorded>, StoreError> {
        let Some(keys) = self.keys.of(id)? else { return Ok(Vec::new()) };
        let is_event = |row: &&Row| row.try_get::<_, Option<i64>>(1).is_ok_and(|revision| revision.is_some());
        let mut own = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(is_event) {
            let sealed: Option<&[u8]> = row.try_get(5)?;
            let revision = number(row.try_get(1)?)?;
            let payload = sealed.map(|sealed| self.keys.open_payload_by(&keys, id, revision, sealed));
            own.push(recorded(row, payload.transpose()?.as_deref().map(Vec::as_slice))?);
        }
        own.sort_by_key(|event| event.revision);
        Ok(own)
    }
}

fn recorded(row: &Row, payload: Option<&[u8]>) -> Result<Recorded, StoreError> {
    decode(row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, payload)
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt { what: what.to_owned() }
}
