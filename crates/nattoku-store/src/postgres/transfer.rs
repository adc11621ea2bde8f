//! A whole ledger in and out.

use nattoku_model::Revision;

use super::PostgresStore;
use super::address::Address;
use super::append::fixed;
use super::ids::id_of;
use super::lease;
use super::read::meta;
use super::session::Session;
use crate::append::StoredId;
use crate::decode::column;
use crate::error::StoreError;
use crate::opening::{OpenMode, Purpose};
use crate::record::{PageMark, PrincipalKeysPage};
use crate::transfer::{PrincipalKeys, WholeEvent, WholeId};

const KEYS: &str = "
select ordinal, id, lookup, identifier from nattoku.principals where ordinal > $1 order by ordinal limit $2";
const TAKE_IN: &str = "
insert into nattoku.principals (ordinal, id, lookup, identifier)
select (select coalesce(max(ordinal), 0) from nattoku.principals) + row_number() over (order by n), id, lookup, identifier
from unnest($1::bytea[], $2::bytea[], $3::bytea[]) with ordinality as new (id, lookup, identifier, n)
where not exists (select from nattoku.principals there where there.id = new.id)";
const WHOLE: &str = "
select e.event_id, e.leaf, y.payload from nattoku.events e left join nattoku.payloads y using (revision)
where e.revision > $1 and e.revision <= $2 order by e.revision limit $3";
const ARRIVING: &str = "select 1 from nattoku.meta where name = 'arriving'";

impl PostgresStore {
    pub(super) fn read_principal_keys_page(
        &self,
        after: PageMark,
        count: u32,
    ) -> Result<PrincipalKeysPage, StoreError> {
        self.pool.read(|session| {
            let rows = session.query(KEYS, &[&after.0, &i64::from(count)])?;
            let is_full = u32::try_from(rows.len()).is_ok_and(|found| found == count);
            let last: Option<i64> = rows.last().map(|row| row.try_get(0)).transpose()?;
            let principals = rows.iter().map(|row| {
                let lookup: Option<&[u8]> = row.try_get(2)?;
                Ok(PrincipalKeys {
                    id: fixed(row.try_get(1)?, "principals.id")?,
                    lookup: lookup.map(|lookup| fixed(lookup, "principals.lookup")).transpose()?,
                    identifier: row.try_get(3)?,
                    keys: None,
                })
            });
            Ok(PrincipalKeysPage {
                principals: principals.collect::<Result<_, StoreError>>()?,
                next: last.filter(|_| is_full).map(PageMark),
            })
        })
    }

    pub(super) fn read_whole_events(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<WholeEvent>, StoreError> {
        let (after, until, count) = (column(after.0)?, column(until.0)?, i64::from(count));
        self.pool.read(|session| {
            let rows = session.query(WHOLE, &[&after, &until, &count])?;
            let events = rows.iter().map(|row| {
                let id = match id_of(row.try_get(0)?)? {
                    StoredId::Given(id) => WholeId::Given(id),
                    StoredId::Derived(id) => WholeId::Derived(id),
                    StoredId::Erased(_) => WholeId::None,
                };
                Ok(WholeEvent { id, leaf: row.try_get(1)?, payload: row.try_get(2)? })
            });
            events.collect()
        })
    }

    /// Principals that are there already, from an import that was broken off, are passed over.
    pub(super) fn take_in(&self, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        let ids: Vec<&[u8]> = principals.iter().map(|principal| principal.id.as_slice()).collect();
        let lookups: Vec<Option<&[u8]>> =
            principals.iter().map(|principal| principal.lookup.as_ref().map(<[u8; 16]>::as_slice)).collect();
        let identifiers: Vec<Option<&[u8]>> =
            principals.iter().map(|principal| principal.identifier.as_deref()).collect();
        self.pool.read_once(|session| {
            session.transaction(|session| {
                // Ordinals are counted on, which one at a time may do, as with events.
                lease::hold_for_transaction(session, self.settings.wait_for_lock_max)?;
                session.query(TAKE_IN, &[&ids, &lookups, &identifiers]).map(drop)
            })
        })
    }

    pub(super) fn end_arrival(&self) -> Result<(), StoreError> {
        self.pool.read_once(|session| session.run("delete from nattoku.meta where name = 'arriving'"))
    }
}

/// Holds a database against what it is opened for.
pub(super) fn check_purpose(
    session: &mut Session,
    address: &Address,
    mode: OpenMode,
    purpose: &Purpose,
) -> Result<(), StoreError> {
    let is_arriving = !session.query(ARRIVING, &[])?.is_empty();
    match purpose {
        Purpose::Use if !is_arriving => Ok(()),
        Purpose::Use => Err(StoreError::Arriving),
        Purpose::Arrival(wanted)
            if is_arriving
                && mode == OpenMode::Create
                && meta::<16>(session, "ledger_id")? == wanted.ledger_id =>
        {
            Ok(())
        }
        Purpose::Arrival(_) => Err(StoreError::NotEmpty { place: address.to_string() }),
    }
}
