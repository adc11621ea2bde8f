//! Erasing a principal, in its two steps (APPI-35, GDPR 17). Only keys and what they open are destroyed; the ledger stays whole.

use jiff::Timestamp;
use nattoku_store::{Erased, ErasedEverywhere, Store, StoreError};

use crate::error::OperationError;
use crate::population::snapshot_beside;

/// Erases a principal from all that is in use: keys, identifier, personal parts, and the snapshot of the population, which is
/// made again without them. The ledger says so by an event.
///
/// # Errors
/// The ledger knows no such principal, or cannot be written. Where it is not known whether the erasure came about, asking again
/// goes on with it.
pub fn erase(store: &dyn Store, identifier: &str, now: Timestamp) -> Result<Erased, OperationError> {
    finish(store, identifier, store.erase(identifier, now))
}

/// What is left to do once the store has told what became of an erasure.
fn finish(
    store: &dyn Store,
    identifier: &str,
    told: Result<Option<Erased>, StoreError>,
) -> Result<Erased, OperationError> {
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

#[cfg(test)]
mod tests {
    use nattoku_store::{OpenMode, SeededRandomness, SqliteStore};

    use super::*;

    /// Finishes an erasure beside a snapshot; what is told, and whether the snapshot is there still.
    fn finished(name: &str, told: Result<Option<Erased>, StoreError>) -> (OperationError, bool) {
        let folder = std::env::temp_dir().join(format!("nattoku-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let ledger = folder.join("ledger.sqlite");
        let store = SqliteStore::open(&ledger, OpenMode::Create, SeededRandomness::new(1)).unwrap();
        let snapshot = snapshot_beside(&ledger);
        std::fs::write(&snapshot, "of everybody").unwrap();
        let told = finish(&store, "p1", told).unwrap_err();
        let is_there = snapshot.exists();
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
        (told, is_there)
    }

    /// Whoever asks again may be told of nobody, and nobody would remove the snapshot then.
    #[test]
    fn of_whom_may_be_erased_no_snapshot_tells() {
        let uncertain = Err(StoreError::Uncertain { source: "the connection broke".into() });
        let (told, is_there) = finished("uncertain", uncertain);
        assert!(matches!(told, OperationError::Store(StoreError::Uncertain { .. })), "{told:?}");
        assert!(!is_there);
    }

    #[test]
    fn where_nobody_is_erased_the_snapshot_stays() {
        let (told, is_there) = finished("nobody", Ok(None));
        assert!(matches!(told, OperationError::UnknownPrincipal(_)), "{told:?}");
        assert!(is_there);
    }
}
