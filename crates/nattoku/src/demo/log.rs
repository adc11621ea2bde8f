//! The demo's ledger as a public log: a key of its own, and a checkpoint of whatever is new, a second later at most.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nattoku_ledger::{Kind, SigningKey};
use nattoku_operations::PublishedLog;
use nattoku_store::{Kek, OpenMode, Place, Store};

use super::ledger::FILE;
use crate::commands::ledger_checkpoint::sign;
use crate::exit::CommandError;
use crate::key_file::{self, kept_beside};
use crate::{kept_file, open, randomness};

/// The demo's private key, in its folder.
const KEY: &str = "log.key";
/// How long an event waits for a checkpoint at most.
const PAUSE: Duration = Duration::from_secs(1);

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

/// What signs the demo's ledger while it is served.
pub(super) struct Signing {
    store: Box<dyn Store>,
    origin: String,
    key: SigningKey,
    kept: PathBuf,
}

impl Signing {
    /// Makes the key where there is none, and signs what is there.
    pub(super) fn begin(dir: &Path) -> Result<Self, CommandError> {
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
        let signing = Self { store, origin, key: key_file::of_log(&path)?, kept: kept_beside(&path) };
        signing.sign()?;
        Ok(signing)
    }

    /// Where the newest checkpoint is.
    pub(super) fn published(&self) -> PublishedLog {
        PublishedLog::new(&self.kept)
    }

    /// Signs whatever is new from time to time, until the program ends.
    pub(super) async fn go_on(self) {
        let mut signing = self;
        let mut every = tokio::time::interval(PAUSE);
        loop {
            every.tick().await;
            let signed = tokio::task::spawn_blocking(move || {
                let newest = signing.published().checkpoint().map(|(_, checkpoint)| checkpoint.size);
                let is_new = signing.store.revision().is_ok_and(|revision| Some(revision.0) != newest);
                let failed = if is_new { signing.sign().err() } else { None };
                (signing, failed)
            });
            let Ok((next, failed)) = signed.await else { return };
            // What once contradicts what was signed will not stop doing so.
            if let Some(error) = failed {
                crate::output::error(&error, crate::output::language());
                return;
            }
            signing = next;
        }
    }

    fn sign(&self) -> Result<(), CommandError> {
        sign(self.store.as_ref(), &self.origin, &self.key, &[], &self.kept)?;
        Ok(())
    }
}
