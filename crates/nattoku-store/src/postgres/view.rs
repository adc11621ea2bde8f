//! Reads what an act about a principal is decided on, by one statement: one message to the server and back, and one state of the ledger.

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

/// The events about a principal, and of those that concern everybody the ones after a revision, each with the head, the principal and
/// where the event of a sender's id stands. Where there is no such event, one row of these alone.
const VIEW: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, e.payload, e.is_own, p.id, h.size, h.recorded_at,
    (select revision from nattoku.events where event_id = $3)
from nattoku.head h left join nattoku.principals p on p.lookup = $1 left join lateral (
    select o.revision, o.at, o.recorded_at, o.leaf, y.payload, true
    from nattoku.events o left join nattoku.payloads y using (revision) where o.principal = p.ordinal
    union all
    select revision, at, recorded_at, leaf, null, false
    from nattoku.events where principal is null and revision > $2
) e (revision, at, recorded_at, leaf, payload, is_own) on true
where h.only_row";

impl PostgresStore {
    /// What the ledger knows about one principal, and where the event stands to which its sender gave an id.
    pub(super) fn read_view(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError> {
        let lookup = self.keys.lookup(identifier);
        let id = id.map(|id| StoredId::Given(id.0.clone()));
        let rows = self.pool.read(|session| {
            let after = column(self.general.read_to().0)?;
            session.query(VIEW, &[&lookup.as_slice(), &after, &id.as_ref().map(IdColumn)])
        })?;
        let Some(head) = rows.first() else {
            return Err(StoreError::Corrupt { what: "the head is missing".to_owned() });
        };
        let revision = Revision(number(head.try_get(7)?)?);
        let recorded_at = head.try_get::<_, Option<i64>>(8)?.map(instant).transpose()?;
        let of_id: Option<i64> = head.try_get(9)?;
        let of_id = of_id.map(|revision| number(revision).map(Revision)).transpose()?;
        let id: Option<&[u8]> = head.try_get(6)?;
        let id = id.map(|id| fixed(id, "principals.id")).transpose()?;
        let (own, general) = self.apart(&rows, id.as_ref())?;
        let events = self.general.with(general, (revision, revision), |general| merge(own, general));
        Ok((PrincipalView { revision, recorded_at, known: id.is_some(), events }, of_id))
    }

    /// The events about the principal, who is not erased, and those that concern everybody, by revision. None about the principal
    /// where the keys were destroyed a moment ago.
    fn apart(
        &self,
        rows: &[Row],
        id: Option<&[u8; 16]>,
    ) -> Result<(Vec<Recorded>, Vec<Recorded>), StoreError> {
        let keys = id.map(|id| self.keys.of(id)).transpose()?.flatten();
        let (mut own, mut general) = (Vec::new(), Vec::new());
        for row in rows {
            let Some(is_own) = row.try_get::<_, Option<bool>>(5)? else { continue };
            let leaf = |payload: Option<&[u8]>| {
                decode(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, payload)
            };
            if !is_own {
                general.push(leaf(None)?);
            } else if let (Some(id), Some(keys)) = (id, &keys) {
                let sealed: Option<&[u8]> = row.try_get(4)?;
                let revision = number(row.try_get(0)?)?;
                let payload = sealed.map(|sealed| self.keys.open_payload_by(keys, id, revision, sealed));
                own.push(leaf(payload.transpose()?.as_deref().map(Vec::as_slice))?);
            }
        }
        general.sort_by_key(|event| event.revision);
        Ok((own, general))
    }
}
