//! Columns of any database back to events.

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};

use crate::error::StoreError;
use crate::leaf;

/// An event from its columns.
pub(crate) fn decode(
    revision: i64,
    at: i64,
    recorded_at: i64,
    leaf: &[u8],
    payload: Option<&[u8]>,
) -> Result<Recorded, StoreError> {
    let revision = number(revision)?;
    let event = leaf::decode(leaf, payload).and_then(leaf::Decoded::event).map_err(|why| {
        StoreError::Corrupt { what: format!("the event at revision {revision} cannot be read: {why}") }
    })?;
    Ok(Recorded { revision: Revision(revision), at: instant(at)?, recorded_at: instant(recorded_at)?, event })
}

/// The instant that a column holds in microseconds since 1970.
pub(crate) fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| StoreError::Corrupt { what: format!("{microseconds} where an instant must be") })
}

/// A number that a column holds with a sign and that is never negative.
pub(crate) fn number(column: i64) -> Result<u64, StoreError> {
    u64::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("{column} where a count must be") })
}

/// A count as a column holds it.
pub(crate) fn column(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Full)
}
