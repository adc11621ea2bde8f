//! What is read: texts, keys and checkpoints.

use std::path::Path;

use nattoku_ledger::{Checkpoint, CheckpointError, Verified, VerifyingKey};

use crate::cli::Keys;
use crate::told::Told;

/// The keys of the log and of the witnesses that must have cosigned.
pub(crate) struct Opened {
    pub(crate) log: VerifyingKey,
    pub(crate) witnesses: Vec<VerifyingKey>,
}

impl Opened {
    pub(crate) fn of(keys: &Keys) -> Result<Self, Told> {
        let witnesses = keys.witness.iter().map(|path| key(path)).collect::<Result<_, _>>()?;
        Ok(Self { log: key(&keys.key)?, witnesses })
    }

    /// A checkpoint that the log signed, and every witness.
    pub(crate) fn checkpoint(&self, path: &Path, signed: &str) -> Result<Checkpoint, Told> {
        let opened = Checkpoint::open(signed.as_bytes(), &self.log, &self.witnesses);
        let (checkpoint, cosigned) = opened.map_err(|error| of_checkpoint(path, &error))?;
        self.all_cosigned(path, &cosigned)?;
        Ok(checkpoint)
    }

    /// Sees that every witness is among those that cosigned.
    pub(crate) fn all_cosigned(&self, path: &Path, cosigned: &[Verified]) -> Result<(), Told> {
        let missing = self.witnesses.iter().find(|key| !cosigned.iter().any(|by| by.key == *key.name()));
        let Some(missing) = missing else { return Ok(()) };
        let name = &missing.name().name;
        Err(Told::no(path, format!("`{name}` の連署がありません"), format!("`{name}` has not cosigned it")))
    }
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Told> {
    std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Told> {
    std::fs::read(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Told {
    Told::wrongly(path, format!("読めません: {error}"), format!("cannot be read: {error}"))
}

fn key(path: &Path) -> Result<VerifyingKey, Told> {
    let parsed = text(path)?.trim_end().parse::<VerifyingKey>();
    parsed.map_err(|error| Told::wrongly(path, error.japanese(), error))
}

fn of_checkpoint(path: &Path, error: &CheckpointError) -> Told {
    Told::no(path, error.japanese(), error)
}
