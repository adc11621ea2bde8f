//! Erases a principal in a `PostgreSQL` database: what of [`crate::erase`] is this store's own.

use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::Revision;

use super::PostgresStore;
use super::append::{Writing, fixed};
use super::session::Session;
use crate::decode::column;
use crate::erase;
use crate::error::StoreError;
use crate::record::{Erased, ErasedEverywhere};

const ERASED_AFTER: &str = "
select distinct p.id from nattoku.events e join nattoku.principals p on p.ordinal = e.principal
where e.revision > $1 and p.lookup is null";
const PAYLOADS: &str = "
delete from nattoku.payloads where revision in (select revision from nattoku.events where principal = $1)";
const EVENT_IDS: &str = "
update nattoku.events set event_id = '\\x02'::bytea || int8send(revision) where principal = $1";
const PRINCIPAL: &str = "update nattoku.principals set lookup = null, identifier = null where ordinal = $1";
const ERASURES: &str = "
update nattoku.meta set value = int8send(('x' || encode(value, 'hex'))::bit(64)::bigint + 1)
where name = 'erasures'";

impl PostgresStore {
    pub(super) fn read_erased_after(&self, after: Revision) -> Result<Vec<[u8; 16]>, StoreError> {
        let after = column(after.0)?;
        self.pool.read(|session| {
            let rows = session.query(ERASED_AFTER, &[&after])?;
            rows.iter().map(|row| fixed(row.try_get(0)?, "principals.id")).collect()
        })
    }

    pub(super) fn erase_live(&self, identifier: &str, now: Timestamp) -> Result<Option<Erased>, StoreError> {
        erase::live(&mut self.second_writer()?, &self.keys, identifier, now.as_microsecond())
    }

    pub(super) fn erase_in_copies(&self, now: Timestamp) -> Result<ErasedEverywhere, StoreError> {
        erase::everywhere(&mut self.second_writer()?, &self.keys, now.as_microsecond())
    }

    /// A writer beside the one that appends: for what is rare, and no part of any group. It waits for the lease like any other.
    pub(super) fn second_writer(&self) -> Result<Writing, StoreError> {
        self.writer()?;
        let of_ledger = (Arc::clone(&self.known), Arc::clone(&self.keys), Arc::clone(&self.general));
        Ok(Writing::new(self.address.clone(), self.settings, of_ledger))
    }
}

/// Takes what is personal of a principal out of the ledger, in the transaction that appends the event that says so.
pub(super) fn erase_rows(session: &mut Session, ordinal: i64) -> Result<(), StoreError> {
    for statement in [PAYLOADS, EVENT_IDS, PRINCIPAL] {
        session.query(statement, &[&ordinal])?;
    }
    session.query(ERASURES, &[]).map(drop)
}
