//! The demo's ledger as a public log, with a key of its own.

use std::path::Path;

use nattoku_ledger::{Kind, SigningKey};
use nattoku_store::{Kek, OpenMode, Place};

use super::ledger::FILE;
use crate::exit::CommandError;
use crate::key_file::kept_beside;
use crate::signing::Signing;
use crate::{kept_file, open, randomness};

/// The demo's private key, in its folder.
const KEY: &str = "log.key";
/// Takes away the key and what it signed where the ledger is gone: the next one is another log.
pub(super) fn forget_without_ledger(dir: &Path) -> Result<(), CommandError> {
    let key = dir.join(KEY);
    if dir.join(FILE).exists() || !key.exists() {
        return Ok(());
    }
    // The key last: what it signed never outlives it.
    for path in [kept_beside(&key), key.with_extension("key.pub"), key] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CommandError::cannot_write(&path, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes the key where there is none, and signs what is there.
pub(super) fn begin(dir: &Path) -> Result<Signing, CommandError> {
    let store = open::store(&Place::Sqlite(dir.join(FILE)), OpenMode::ReadOnly, &Kek::Beside)?;
    let origin = format!("nattoku.invalid/{:032x}", u128::from_be_bytes(store.ledger_id()?));
    let path = dir.join(KEY);
    if !path.exists() {
        let mut seed = [0; 32];
        randomness::fill(&mut seed)?;
        let key = SigningKey::new(&origin, Kind::Ed25519, seed)
            .map_err(|error| CommandError::could_not_run(error.japanese(), error.to_string()))?;
        kept_file::put(&path.with_extension("key.pub"), format!("{}\n", key.verifying_key()).as_bytes())?;
        kept_file::make_private(&path, &format!("{}\n", key.to_private_text()))?;
    }
    Signing::begin(store, origin, &path)
}
