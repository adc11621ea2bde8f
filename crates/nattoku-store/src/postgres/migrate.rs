//! Seals a ledger of format 1, in which what is personal lay in the clear.
//!
//! All of it is one transaction, under the lease, so that nobody appends meanwhile: the sealed tables are made and filled, everything
//! sealed is opened again and compared, and they take the place of the others. A crash leaves format 1. Leaves and root stay.

use std::sync::{Arc, Mutex};

use nattoku_ledger::Frontier;
use postgres::Row;

use super::PostgresStore;
use super::address::Address;
use super::append::fixed;
use super::ids::IdColumn;
use super::lease::{self, HOLD, read_head};
use super::open::{MAKING, is_there};
use super::read::{PAGE, meta};
use super::session::Session;
use crate::append::{StoredId, derive_again};
use crate::check::{Recomputed, StoredRow};
use crate::decode::{decode, number};
use crate::error::StoreError;
use crate::keys::{Absent, Kek, Keyring, Of, Opening, Shared};
use crate::leaf::LedgerPrincipal;
use crate::opening::Settings;
use crate::random::Randomness;
use crate::record::Migrated;

/// Makes the sealed tables beside the others.
const EXPAND: &str = "
create table nattoku.sealed_principals (
    ordinal bigint primary key,
    id bytea not null unique,
    lookup bytea unique,
    identifier bytea
);
create table nattoku.sealed_payloads (
    revision bigint primary key,
    payload bytea not null
);";
/// Puts the sealed tables in the place of the others.
const CONTRACT: &str = "
drop table nattoku.payloads;
drop table nattoku.principals;
alter table nattoku.sealed_principals rename to principals;
alter table nattoku.sealed_payloads rename to payloads;
delete from nattoku.meta where name = 'id_key';
insert into nattoku.meta (name, value) values ('erasures', int8send(0::bigint));
insert into nattoku.formats (format) values (2);";
const ROWS: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, e.leaf_hash, p.id, p.commitment_key
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal
where e.revision > $1 order by e.revision limit $2";
const PRINCIPALS: &str = "
select p.ordinal, p.id, p.identifier, p.commitment_key, s.lookup, s.identifier
from nattoku.principals p left join nattoku.sealed_principals s using (ordinal)
where p.ordinal > $1 order by p.ordinal limit $2";
const PAYLOADS: &str = "
select y.revision, p.id, y.payload, s.payload
from nattoku.payloads y join nattoku.events e using (revision) join nattoku.principals p on p.ordinal = e.principal
left join nattoku.sealed_payloads s using (revision)
where y.revision > $1 order by y.revision limit $2";
const DERIVED: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal
where e.revision > $1 and get_byte(e.event_id, 0) = 1 order by e.revision limit $2";
const DERIVE: &str = "
update nattoku.events e set event_id = new.id
from unnest($1::bigint[], $2::bytea[]) as new (revision, id) where e.revision = new.revision";
const SEAL_PRINCIPALS: &str = "
insert into nattoku.sealed_principals (ordinal, id, lookup, identifier)
select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[])";
const SEAL_PAYLOADS: &str = "
insert into nattoku.sealed_payloads (revision, payload) select * from unnest($1::bigint[], $2::bytea[])";

impl PostgresStore {
    /// Seals the ledger of format 1 at `address`. Nothing, where it is sealed already. `progress` is told how many principals and
    /// payloads are sealed.
    ///
    /// # Errors
    /// The ledger does not hold, or cannot be written; the keys are not to be had. Then it is of format 1 still.
    pub fn migrate(
        address: &Address,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Option<Migrated>, StoreError> {
        let mut session = lease::connect(address, settings.wait_for_lock_max)?;
        match is_there(&mut session, address) {
            Err(StoreError::OlderFormat { .. }) => {}
            Err(error) => return Err(error),
            Ok(true) => return Ok(None),
            Ok(false) => return Err(StoreError::Missing { path: address.to_string().into() }),
        }
        session.query(HOLD, &[])?;
        let randomness: Shared = Arc::new(Mutex::new(Box::new(randomness)));
        let migrated = session.transaction(|session| {
            session.run(MAKING)?;
            match is_there(session, address) {
                Err(StoreError::OlderFormat { .. }) => {}
                // Somebody else was quicker.
                other => return other.map(|_| None),
            }
            let tree = recompute(session)?;
            let keys = Keyring::open(Opening {
                of: Of::Database(address),
                ledger: meta(session, "ledger_id")?,
                kek,
                absent: Absent::Make(Some(meta(session, "id_key")?)),
                is_read_only: false,
                wait_for_lock_max: settings.wait_for_lock_max,
                randomness: Arc::clone(&randomness),
            })?;
            session.run(EXPAND)?;
            let principals = seal_principals(session, &keys, progress)?;
            let payloads = seal_payloads(session, &keys, &mut |done| progress(principals + done))?;
            compare(session, &keys)?;
            derive_ids(session, &keys)?;
            session.run(CONTRACT)?;
            Ok(Some(Migrated { principals, payloads, events: tree.size(), root: tree.root() }))
        })?;
        // The key of event ids lay there in the clear.
        session.run("vacuum full nattoku.meta")?;
        Ok(migrated)
    }
}

/// Reads rows a page at a time, by a number in their first column.
fn each_page(
    session: &mut Session,
    sql: &'static str,
    mut take: impl FnMut(&mut Session, &[Row]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut after = i64::MIN;
    loop {
        let rows = session.query(sql, &[&after, &PAGE])?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0)?;
        take(session, &rows)?;
    }
}

fn seal_principals(
    session: &mut Session,
    keys: &Keyring,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, StoreError> {
    let mut done = 0;
    each_page(session, PRINCIPALS, |session, rows| {
        let mut new = Vec::with_capacity(rows.len());
        for row in rows {
            let key = fixed(row.try_get(3)?, "principals.commitment_key")?;
            new.push((fixed(row.try_get(1)?, "principals.id")?, key));
        }
        keys.add(&new)?;
        let (mut ordinals, mut lookups, mut identifiers) = (Vec::new(), Vec::new(), Vec::new());
        for (row, (id, _)) in rows.iter().zip(&new) {
            let identifier: &str = row.try_get(2)?;
            ordinals.push(row.try_get::<_, i64>(0)?);
            lookups.push(keys.lookup(identifier).to_vec());
            identifiers.push(keys.seal_identifier(id, identifier)?);
        }
        let ids: Vec<&[u8]> = new.iter().map(|(id, _)| id.as_slice()).collect();
        session.query(SEAL_PRINCIPALS, &[&ordinals, &ids, &lookups, &identifiers])?;
        done += u64::try_from(rows.len()).unwrap_or(0);
        progress(done);
        Ok(())
    })?;
    Ok(done)
}

fn seal_payloads(
    session: &mut Session,
    keys: &Keyring,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, StoreError> {
    let mut done = 0;
    each_page(session, PAYLOADS, |session, rows| {
        expect(rows, keys)?;
        let (mut revisions, mut payloads) = (Vec::new(), Vec::new());
        for row in rows {
            let (revision, id): (i64, [u8; 16]) = (row.try_get(0)?, fixed(row.try_get(1)?, "principals.id")?);
            revisions.push(revision);
            payloads.push(keys.seal_payload(&id, number(revision)?, row.try_get(2)?)?);
        }
        session.query(SEAL_PAYLOADS, &[&revisions, &payloads])?;
        done += u64::try_from(rows.len()).unwrap_or(0);
        progress(done);
        Ok(())
    })?;
    Ok(done)
}

/// Has the keys of the principals in the second column at hand.
fn expect(rows: &[Row], keys: &Keyring) -> Result<(), StoreError> {
    let ids = rows.iter().map(|row| fixed(row.try_get(1)?, "principals.id"));
    keys.expect(ids.collect::<Result<Vec<_>, StoreError>>()?.into_iter())
}

/// Opens everything that was sealed, and holds it against what is there in the clear.
fn compare(session: &mut Session, keys: &Keyring) -> Result<(), StoreError> {
    let differs =
        |what: String| StoreError::Corrupt { what: format!("{what} does not open as what was sealed") };
    each_page(session, PRINCIPALS, |_, rows| {
        expect(rows, keys)?;
        for row in rows {
            let (id, identifier): (_, &str) = (fixed(row.try_get(1)?, "principals.id")?, row.try_get(2)?);
            let (lookup, sealed): (&[u8], &[u8]) = (row.try_get(4)?, row.try_get(5)?);
            let opened = keys.open_identifier(&id, sealed)?;
            if opened.as_deref() != Some(identifier) || lookup != keys.lookup(identifier) {
                return Err(differs("an identifier".to_owned()));
            }
        }
        Ok(())
    })?;
    each_page(session, PAYLOADS, |_, rows| {
        expect(rows, keys)?;
        for row in rows {
            let (revision, id) = (number(row.try_get(0)?)?, fixed(row.try_get(1)?, "principals.id")?);
            let (payload, sealed): (&[u8], &[u8]) = (row.try_get(2)?, row.try_get(3)?);
            if keys.open_payload(&id, revision, sealed)?.as_deref() != Some(payload) {
                return Err(differs(format!("the personal part of revision {revision}")));
            }
        }
        Ok(())
    })
}

/// Derives the ids of events anew whose senders gave none: those of format 1 had no order.
fn derive_ids(session: &mut Session, keys: &Keyring) -> Result<(), StoreError> {
    let key = keys.event_id_key();
    each_page(session, DERIVED, |session, rows| {
        let (mut revisions, mut ids) = (Vec::new(), Vec::new());
        for row in rows {
            let revision: i64 = row.try_get(0)?;
            let there = decode(revision, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?)?;
            revisions.push(revision);
            let id = derive_again(&key, &there.event, row.try_get(5)?, there.at);
            ids.push(StoredId::Derived(id));
        }
        let ids: Vec<_> = ids.iter().map(IdColumn).collect();
        session.query(DERIVE, &[&revisions, &ids])?;
        Ok(())
    })
}

/// The tree over all events of a ledger of format 1, each one checked.
fn recompute(session: &mut Session) -> Result<Frontier, StoreError> {
    let head = read_head(session)?;
    let mut recomputed = Recomputed::new();
    each_page(session, ROWS, |_, rows| {
        for row in rows {
            let (id, key): (Option<&[u8]>, Option<&[u8]>) = (row.try_get(6)?, row.try_get(7)?);
            let principal = match (id, key) {
                (Some(id), Some(key)) => Some(LedgerPrincipal {
                    id: fixed(id, "principals.id")?,
                    commitment_key: fixed(key, "principals.commitment_key")?,
                }),
                _ => None,
            };
            recomputed.add(&StoredRow {
                revision: row.try_get(0)?,
                at: row.try_get(1)?,
                recorded_at: row.try_get(2)?,
                leaf: row.try_get(3)?,
                payload: row.try_get(4)?,
                leaf_hash: row.try_get(5)?,
                principal,
            })?;
        }
        Ok(())
    })?;
    recomputed.matches(&head)
}
