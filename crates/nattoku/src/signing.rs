//! A ledger as a public log while it is served: a checkpoint of whatever is new, a second later at most.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nattoku_ledger::SigningKey;
use nattoku_operations::{Nattoku, PublishedLog};
use nattoku_store::Store;

use crate::commands::ledger_checkpoint::sign;
use crate::exit::CommandError;
use crate::key_file::{self, kept_beside};

/// How long an event waits for a checkpoint at most.
const PAUSE: Duration = Duration::from_secs(1);

/// What signs a ledger while it is served.
pub(crate) struct Signing {
    store: Box<dyn Store>,
    origin: String,
    key: Arc<SigningKey>,
    kept: PathBuf,
}

impl Signing {
    /// Signs what is there, by the key in a file.
    pub(crate) fn begin(store: Box<dyn Store>, origin: String, key: &Path) -> Result<Self, CommandError> {
        let (kept, key) = (kept_beside(key), Arc::new(key_file::of_log(key)?));
        let signing = Self { store, origin, key, kept };
        signing.sign()?;
        Ok(signing)
    }

    /// The same ledger with its log, and with the key by which receipts are signed.
    pub(crate) fn published_by(&self, nattoku: Nattoku) -> Nattoku {
        nattoku.with_log(self.published()).with_log_key(Arc::clone(&self.key))
    }

    /// Where the newest checkpoint is.
    fn published(&self) -> PublishedLog {
        PublishedLog::new(&self.kept)
    }

    /// Signs whatever is new from time to time, until the program ends.
    pub(crate) async fn go_on(self) {
        let mut signing = self;
        let mut told: Option<String> = None;
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
            // What contradicts what was signed goes on doing so, and is said once; what could not be written may be later.
            if let Some(error) = failed {
                let sentence = error.sentence(crate::output::language()).to_owned();
                if told.as_ref() != Some(&sentence) {
                    tracing::error!(error = sentence, "no checkpoint is signed");
                }
                told = Some(sentence);
            } else {
                told = None;
            }
            signing = next;
        }
    }

    fn sign(&self) -> Result<(), CommandError> {
        sign(self.store.as_ref(), &self.origin, &self.key, &[], &self.kept)?;
        Ok(())
    }
}
