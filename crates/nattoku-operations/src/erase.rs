//! Erasing a principal, in its two steps (APPI-35, GDPR 17). Only keys and what they open are destroyed; the ledger stays whole.

use jiff::Timestamp;
use nattoku_store::{Erased, ErasedEverywhere, Store};

use crate::error::OperationError;
use crate::population::snapshot_beside;

/// Erases a principal from all that is in use: keys, identifier, personal parts, and the snapshot of the population, which is
/// made again without them. The ledger says so by an event.
///
/// # Errors
/// The ledger knows no such principal, or cannot be written. Where it is not known whether the erasure came about, asking again
/// goes on with it.
pub fn erase(store: &dyn Store, identifier: &str, now: Timestamp) -> Result<Erased, OperationError> {
    let told = store.erase(identifier, now);
    // Also where it is not known whether it came about: whoever asks again is told of nobody. What went wrong first is told first.
    let removed = if matches!(told, Ok(None)) { Ok(()) } else { remove_snapshot(store) };
    let erased = told?.ok_or_else(|| OperationError::unknown_principal(identifier))?;
    removed.map(|()| erased)
}

fn remove_snapshot(store: &dyn Store) -> Result<(), OperationError> {
    let Some(snapshot) = store.file().map(snapshot_beside) else { return Ok(()) };
    match std::fs::remove_file(&snapshot) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(OperationError::Leftover { path: snapshot, why: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// Erases from every copy those who are erased from what is in use: older copies of the key file open nothing from then on.
///
/// # Errors
/// The ledger or its keys cannot be written.
pub fn erase_everywhere(store: &dyn Store, now: Timestamp) -> Result<ErasedEverywhere, OperationError> {
    Ok(store.erase_everywhere(now)?)
}
