//! `nattoku ledger backup FILE`: a copy of the ledger's file, taken while it is in use.

use std::path::Path;

use nattoku_model::Language;
use nattoku_store::OpenMode;
use serde_json::json;

use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// The copy is the ledger at one revision, which is told.
pub(crate) fn run(
    file: &Path,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    open::store_of(place, OpenMode::ReadOnly)?.backup(file)?;
    let stats = open::store(&nattoku_store::Place::Sqlite(file.to_owned()), OpenMode::ReadOnly)?.stats()?;
    let (revision, root, file) = (stats.revision, stats.root, file.display());
    output::line(&match (format, language) {
        (Format::Json, _) => {
            json!({ "file": file.to_string(), "revision": revision.0, "root": root.to_string() }).to_string()
        }
        (_, Language::Ja) => format!("{file}: 版番号 {revision}、根 {root}"),
        (_, Language::En) => format!("{file}: revision {revision}, root {root}"),
    });
    Ok(Exit::Done)
}
