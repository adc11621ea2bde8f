//! Looks at a database, or makes a ledger in it, and touches nothing that is not one.

use std::path::PathBuf;

use super::address::Address;
use super::schema::{CREATE, CREATE_NODES, FORMAT, LOOK, NEWEST_FORMAT};
use super::session::Session;
use crate::decode::number;
use crate::error::StoreError;
use crate::keys::{Kek, no_kek};
use crate::opening::{OpenMode, Purpose};
use crate::random::Randomness;

const ENCODING: &str = "select current_setting('server_encoding')";
/// Held while tables are made, so that two programs do not both make them.
pub(super) const MAKING: &str = "select pg_advisory_xact_lock(x'4e54544b'::int, 0)";

pub(super) fn open(
    session: &mut Session,
    address: &Address,
    mode: OpenMode,
    purpose: &Purpose,
    randomness: &mut dyn Randomness,
    kek: &Kek,
) -> Result<(), StoreError> {
    let encoding = session.query(ENCODING, &[])?;
    let encoding: String = encoding.first().map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    if encoding != "UTF8" {
        return Err(StoreError::NotUtf8 { place: address.to_string(), encoding });
    }
    if is_there(session, address)? {
        return Ok(());
    }
    if mode != OpenMode::Create {
        return Err(StoreError::Missing { path: PathBuf::from(address.to_string()) });
    }
    // Before there is a ledger that nobody could use.
    if matches!(kek, Kek::Beside) {
        return Err(no_kek());
    }
    session.transaction(|session| {
        session.run(MAKING)?;
        if is_there(session, address)? {
            return Ok(());
        }
        session.run(CREATE)?;
        session.run(CREATE_NODES)?;
        let ledger_id = purpose.ledger_id(randomness)?;
        let mut insert = |name: &str, value: &[u8]| {
            session
                .query("insert into nattoku.meta (name, value) values ($1, $2)", &[&name, &value])
                .map(drop)
        };
        insert("ledger_id", &ledger_id)?;
        insert("erasures", &[0; 8])?;
        if purpose.is_arrival() { insert("arriving", &[1]) } else { Ok(()) }
    })
}

/// Whether the database has a ledger that this version can read.
pub(super) fn is_there(session: &mut Session, address: &Address) -> Result<bool, StoreError> {
    let path = || PathBuf::from(address.to_string());
    let rows = session.query(LOOK, &[])?;
    let Some(row) = rows.first() else { return Ok(false) };
    match (row.try_get(0)?, row.try_get(1)?) {
        (false, _) => return Ok(false),
        (true, false) => return Err(StoreError::NotAStore { path: path() }),
        (true, true) => {}
    }
    let rows = session.query(NEWEST_FORMAT, &[])?;
    let format = rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?.flatten();
    match format {
        Some(FORMAT) => Ok(true),
        Some(1) => Err(StoreError::OlderFormat { place: address.to_string(), format: 1 }),
        Some(format) if format > FORMAT => {
            let as_u32 = |format| number(format).map(|format| u32::try_from(format).unwrap_or(u32::MAX));
            Err(StoreError::NewerFormat { path: path(), format: as_u32(format)?, supported: as_u32(FORMAT)? })
        }
        _ => Err(StoreError::NotAStore { path: path() }),
    }
}
