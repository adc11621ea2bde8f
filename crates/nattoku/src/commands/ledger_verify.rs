//! `nattoku ledger verify`: recomputes everything that follows from the events.

use nattoku_model::Language;
use nattoku_store::{OpenMode, StoreError};
use serde_json::json;

use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Exits 1 where the ledger does not hold what its hashes say, naming the first event that does not.
pub(crate) fn run(place: &Where, format: Format, language: Language) -> Result<Exit, CommandError> {
    let verified = open::store_of(place, OpenMode::ReadOnly)?.verify();
    let stats = match verified {
        Ok(stats) => stats,
        Err(error @ StoreError::Corrupt { .. }) => {
            output::line(&match format {
                Format::Json => json!({ "verified": false, "error": error.message(language) }).to_string(),
                Format::Text | Format::Concise => error.message(language),
            });
            return Ok(Exit::No);
        }
        Err(error) => return Err(error.into()),
    };
    output::line(&match (format, language) {
        (Format::Json, _) => {
            json!({ "verified": true, "events": stats.events, "root": stats.root.to_string() }).to_string()
        }
        (_, Language::Ja) => format!("{} 件のできごとを確かめました。根 {}", stats.events, stats.root),
        (_, Language::En) => format!("{} events verified, root {}", stats.events, stats.root),
    });
    Ok(Exit::Done)
}
