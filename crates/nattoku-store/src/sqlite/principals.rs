//! Principals as small numbers: each identifier gets an ordinal, a random id and a key when it is first seen.

use nattoku_model::Revision;
use rusqlite::{Connection, OptionalExtension};

use crate::append::KnownPrincipal;
use crate::decode::number;
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;

/// The row of `identifier`, if any event is about that principal.
pub(super) fn find(connection: &Connection, identifier: &str) -> Result<Option<KnownPrincipal>, StoreError> {
    let mut select = connection
        .prepare_cached("select ordinal, id, commitment_key from principals where identifier = ?1")?;
    let row = select.query_row([identifier], |row| {
        let principal = LedgerPrincipal { id: row.get(1)?, commitment_key: row.get(2)? };
        Ok(KnownPrincipal { ordinal: row.get(0)?, principal })
    });
    Ok(row.optional()?)
}

/// The newest event about a principal; 0 where there is none.
pub(super) fn newest_event(connection: &Connection, identifier: &str) -> Result<Revision, StoreError> {
    let mut select = connection.prepare_cached(
        "select coalesce(max(e.revision), 0) from events e join principals p on p.ordinal = e.principal
         where p.identifier = ?1",
    )?;
    let newest: i64 = select.query_row([identifier], |row| row.get(0))?;
    Ok(Revision(number(newest)?))
}
