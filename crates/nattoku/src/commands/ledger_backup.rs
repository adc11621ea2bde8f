//! `nattoku ledger backup FILE`: a copy of the ledger's file, taken while it is in use, and on demand of its keys.

use std::path::Path;

use nattoku_model::Language;
use nattoku_store::{OpenMode, StoreError, backup_in_progress};
use serde_json::json;

use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::leftover::Leftover;
use crate::{open, output};

/// The copy is the ledger at one revision, which is told.
pub(crate) fn run(
    file: &Path,
    keys: Option<&Path>,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let store = open::store_of(place, OpenMode::ReadOnly)?;
    let copied = guarded(file, || store.backup(file))?;
    // After the ledger: whoever is in the copy has keys in the other, or has been erased in between.
    keys.map_or(Ok(()), |keys| guarded(keys, || store.backup_keys(keys)))?;
    let kept = keys.map(|keys| keys.display().to_string());
    let (revision, root, file) = (copied.revision, copied.root, file.display());
    output::line(&match (format, language) {
        (Format::Json, _) => json!({
            "file": file.to_string(),
            "revision": revision.0,
            "root": root.to_string(),
            "keys": kept,
        })
        .to_string(),
        (_, Language::Ja) => format!("{file}: 版番号 {revision}、根 {root}"),
        (_, Language::En) => format!("{file}: revision {revision}, root {root}"),
    });
    Ok(Exit::Done)
}

/// Copies so that an interruption takes the half of a copy away, but not what was there before, which the store refuses.
fn guarded<T>(file: &Path, copy: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let partial = backup_in_progress(file);
    let _leftover = (!partial.exists()).then(|| Leftover::new(partial));
    copy()
}
