//! Principals as small numbers: each identifier gets an ordinal, a random id and keys when it is first seen.

use nattoku_model::Revision;
use rusqlite::{Connection, OptionalExtension};

use crate::append::KnownPrincipal;
use crate::decode::number;
use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::LedgerPrincipal;

/// Principals whose keys are asked for at once: far fewer than are remembered.
const ASKED_AT_ONCE: usize = 10_000;

/// The ordinal and the random id of `identifier`, if any event is about that principal.
pub(super) fn find(
    connection: &Connection,
    keys: &Keyring,
    identifier: &str,
) -> Result<Option<(i64, [u8; 16])>, StoreError> {
    let mut select = connection.prepare_cached("select ordinal, id from principals where lookup = ?1")?;
    let row = select.query_row([keys.lookup(identifier)], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(row.optional()?)
}

/// Those of some identifiers that any event is about, with what an append needs.
pub(super) fn find_all(
    connection: &Connection,
    keys: &Keyring,
    identifiers: &[&str],
) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
    let mut lookups: Vec<_> =
        identifiers.iter().map(|identifier| (keys.lookup(identifier), *identifier)).collect();
    // In the order of the index, so that each of its pages is read once.
    lookups.sort_unstable();
    let mut select = connection.prepare_cached("select ordinal, id from principals where lookup = ?1")?;
    let mut rows = Vec::new();
    for (lookup, identifier) in lookups {
        let row = select.query_row([lookup], |row| Ok((identifier, row.get(0)?, row.get(1)?)));
        rows.extend(row.optional()?);
    }
    let mut found = Vec::with_capacity(rows.len());
    for rows in rows.chunks(ASKED_AT_ONCE) {
        keys.expect(rows.iter().map(|(_, _, id)| *id))?;
        for (identifier, ordinal, id) in rows {
            found.push(((*identifier).to_owned(), known(keys, *ordinal, *id)?));
        }
    }
    Ok(found)
}

fn known(keys: &Keyring, ordinal: i64, id: [u8; 16]) -> Result<KnownPrincipal, StoreError> {
    let Some(known) = keys.of(&id)? else {
        let what =
            "a principal whose keys are destroyed is still found by an identifier; open the store anew";
        return Err(StoreError::Corrupt { what: what.to_owned() });
    };
    let commitment_key = *known.commitment_key().bytes();
    Ok(KnownPrincipal { ordinal, principal: LedgerPrincipal { id, commitment_key } })
}

/// The newest event about a principal; 0 where there is none.
pub(super) fn newest_event(connection: &Connection, ordinal: i64) -> Result<Revision, StoreError> {
    let mut select =
        connection.prepare_cached("select coalesce(max(revision), 0) from events where principal = ?1")?;
    let newest: i64 = select.query_row([ordinal], |row| row.get(0))?;
    Ok(Revision(number(newest)?))
}
