//! A checkpoint, and two against each other.

use std::path::Path;

use nattoku_ledger::{AddCheckpoint, consistency};

use crate::cli::Keys;
use crate::files::{self, Opened};
use crate::told::{Answer, Told};

/// Checks that the log signed a checkpoint.
pub(crate) fn verify(file: &Path, keys: &Keys) -> Answer {
    let checkpoint = Opened::of(keys)?.checkpoint(file, &files::text(file)?)?;
    let (origin, size, root) = (&checkpoint.origin, checkpoint.size, checkpoint.root);
    Ok((
        format!("確かめました: `{origin}`、{size} 件、根 {root}"),
        format!("verified: `{origin}`, {size} events, root {root}"),
    ))
}

/// Checks that a newer checkpoint continues an older one.
pub(crate) fn consistency(old: &Path, request: &Path, keys: &Keys) -> Answer {
    let keys = Opened::of(keys)?;
    let older = keys.checkpoint(old, &files::text(old)?)?;
    let asked = AddCheckpoint::parse(&files::bytes(request)?);
    let asked = asked.map_err(|refusal| Told::no(request, refusal.japanese(), refusal))?;
    let newer = keys.checkpoint(request, &asked.note.to_string())?;
    consistency::verify(older.tree(), newer.tree(), &asked.proof)
        .map_err(|error| Told::no(request, error.japanese(), error))?;
    Ok((
        format!("確かめました: {} 件の確認点は、{} 件の確認点の続きです", newer.size, older.size),
        format!("verified: the checkpoint of {} events continues the one of {}", newer.size, older.size),
    ))
}
