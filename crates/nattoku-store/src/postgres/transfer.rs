//! A whole ledger in and out.

use super::PostgresStore;
use super::address::Address;
use super::append::fixed;
use super::read::meta;
use super::session::Session;
use crate::error::StoreError;
use crate::opening::{OpenMode, Purpose};
use crate::record::{PageMark, PrincipalKeysPage};
use crate::transfer::{Identity, PrincipalKeys};

const KEYS: &str = "
select ordinal, identifier, id, commitment_key from nattoku.principals where ordinal > $1
order by ordinal limit $2";
const TAKE_IN: &str = "
insert into nattoku.principals (ordinal, id, identifier, commitment_key)
select (select coalesce(max(ordinal), 0) from nattoku.principals) + row_number() over (order by n), id, identifier, key
from unnest($1::bytea[], $2::text[], $3::bytea[]) with ordinality as new (id, identifier, key, n)
where not exists (select from nattoku.principals there where there.identifier = new.identifier)";
const ARRIVING: &str = "select 1 from nattoku.meta where name = 'arriving'";

impl PostgresStore {
    pub(super) fn read_identity(&self) -> Result<Identity, StoreError> {
        self.pool.read(identity)
    }

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
                Ok(PrincipalKeys {
                    identifier: row.try_get(1)?,
                    id: fixed(row.try_get(2)?, "principals.id")?,
                    commitment_key: fixed(row.try_get(3)?, "principals.commitment_key")?,
                })
            });
            Ok(PrincipalKeysPage {
                principals: principals.collect::<Result<_, StoreError>>()?,
                next: last.filter(|_| is_full).map(PageMark),
            })
        })
    }

    /// Principals that are there already, from an import that was broken off, are passed over.
    pub(super) fn take_in(&self, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        let ids: Vec<&[u8]> = principals.iter().map(|principal| principal.id.as_slice()).collect();
        let identifiers: Vec<&str> =
            principals.iter().map(|principal| principal.identifier.as_str()).collect();
        let keys: Vec<&[u8]> =
            principals.iter().map(|principal| principal.commitment_key.as_slice()).collect();
        self.pool.read_once(|session| session.query(TAKE_IN, &[&ids, &identifiers, &keys]).map(drop))
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
            if is_arriving && mode == OpenMode::Create && identity(session)? == *wanted =>
        {
            Ok(())
        }
        Purpose::Arrival(_) => Err(StoreError::NotEmpty { place: address.to_string() }),
    }
}

fn identity(session: &mut Session) -> Result<Identity, StoreError> {
    Ok(Identity { ledger_id: meta(session, "ledger_id")?, id_key: meta(session, "id_key")? })
}
