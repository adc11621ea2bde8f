//! `nattoku ledger verify`: recomputes everything that follows from the events.

use nattoku_model::Language;
use nattoku_operations::{LogError, continues};
use nattoku_store::{OpenMode, StoreError};
use serde_json::json;

use super::ledger_checkpoint::told;
use crate::cli::{Format, VerifyArgs};
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::{key_file, open, output};

/// Exits 1 where the ledger does not hold what its hashes say, naming the first event that does not, or where it does not
/// continue the checkpoint that was kept.
pub(crate) fn run(args: &VerifyArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let since = match (&args.since, &args.key) {
        (Some(since), Some(key)) => Some(key_file::checkpoint(since, &key_file::public(key)?)?),
        _ => None,
    };
    let store = open::store_of(&args.place, OpenMode::ReadOnly)?;
    let bar = progress::bar(Work::Verified, language);
    // Where the head does not hold, verifying tells.
    bar.set_length(store.revision().map_or(0, |revision| revision.0));
    let verified = store.verify_telling(&mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let stats = match verified {
        Ok(stats) => stats,
        Err(error @ StoreError::Corrupt { .. }) => {
            no(&error.message(language), format);
            return Ok(Exit::No);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(since) = &since
        && let Err(error) = continues(store.as_ref(), since, stats.events)
    {
        if let LogError::Store(_) = error {
            return Err(told(&error));
        }
        let error = told(&error);
        no(error.sentence(language), format);
        return Ok(Exit::No);
    }
    let (events, root) = (stats.events, stats.root);
    let continued = since.map(|since| since.size);
    output::line(&match (format, language, continued) {
        (Format::Json, _, None) => {
            json!({ "verified": true, "events": events, "root": root.to_string() }).to_string()
        }
        (Format::Json, _, Some(size)) => {
            json!({ "verified": true, "events": events, "root": root.to_string(), "since": size }).to_string()
        }
        (_, Language::Ja, None) => format!("{events} 件のできごとを確かめました。根 {root}"),
        (_, Language::En, None) => format!("{events} events verified, root {root}"),
        (_, Language::Ja, Some(size)) => {
            format!("{events} 件のできごとを確かめました。{size} 件の確認点の続きです。根 {root}")
        }
        (_, Language::En, Some(size)) => {
            format!("{events} events verified, continuing the checkpoint of {size}, root {root}")
        }
    });
    Ok(Exit::Done)
}

fn no(why: &str, format: Format) {
    output::line(&match format {
        Format::Json => json!({ "verified": false, "error": why }).to_string(),
        Format::Text | Format::Concise => why.to_owned(),
    });
}
