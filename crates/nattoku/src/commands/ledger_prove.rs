//! `nattoku ledger prove`: what is in the ledger, to those who have a checkpoint.

use nattoku_ledger::{AddCheckpoint, Checkpoint, LogProof};
use nattoku_model::Revision;
use nattoku_operations::continues;
use nattoku_store::{OpenMode, Store};

use super::ledger_checkpoint::told;
use crate::cli::ProveCommand;
use crate::exit::{CommandError, Exit};
use crate::{key_file, open, output};

/// Prints the proof in the format that others read.
pub(crate) fn run(command: &ProveCommand) -> Result<Exit, CommandError> {
    match command {
        ProveCommand::Inclusion { revision, checkpoint, place } => {
            let store = open::store_of(place, OpenMode::ReadOnly)?;
            let (note, checkpoint) = key_file::own_checkpoint(checkpoint)?;
            is_of(store.as_ref(), &checkpoint)?;
            let hashes = store.inclusion_proof(Revision(*revision), checkpoint.size)?;
            let hashes = hashes.ok_or_else(|| beyond(*revision, checkpoint.size))?;
            let proof = LogProof { extra: None, index: revision - 1, hashes, checkpoint: note.to_string() };
            output::text(&proof.to_string());
        }
        ProveCommand::Consistency { old, checkpoint, place } => {
            let store = open::store_of(place, OpenMode::ReadOnly)?;
            let (note, checkpoint) = key_file::own_checkpoint(checkpoint)?;
            is_of(store.as_ref(), &checkpoint)?;
            let proof = store.consistency_proof(*old, checkpoint.size)?;
            let proof = proof.ok_or_else(|| beyond(*old, checkpoint.size))?;
            output::text(&AddCheckpoint { old: *old, proof, note, checkpoint }.to_string());
        }
    }
    Ok(Exit::Done)
}

/// Sees that a checkpoint is one of this ledger.
pub(super) fn is_of(store: &dyn Store, checkpoint: &Checkpoint) -> Result<(), CommandError> {
    continues(store, checkpoint, store.revision()?.0).map_err(|error| told(&error))
}

fn beyond(wanted: u64, size: u64) -> CommandError {
    CommandError::asked_wrongly(
        format!("確認点は {size} 件までで、{wanted} はその先です"),
        format!("the checkpoint has {size} events, and {wanted} lies beyond"),
    )
    .hint(
        "新しい確認点に署名してください: nattoku ledger checkpoint --key ファイル",
        "sign a newer checkpoint: nattoku ledger checkpoint --key FILE",
    )
}
