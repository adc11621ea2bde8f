//! `nattoku policy impact OLD NEW`: whom a change of policy concerns, over a real ledger.

mod out;

use std::path::Path;

use nattoku_analysis::difference::Change;
use nattoku_model::Language;
use nattoku_model::clock::Clock;
use nattoku_model::name::nearest;
use nattoku_operations::{Compared, ImpactError, impact, impact_json, impact_text};
use nattoku_store::OpenMode;

use super::policy_diff;
use crate::cli::{Format, ImpactArgs};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::settings::Settings;
use crate::{open, output};

use out::Out;

/// Exits 0 when it has counted.
pub(crate) fn run(args: &ImpactArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let compared = policy_diff::compared(&args.old, &args.new, language)?;
    if let Some(change) = &args.list {
        is_known(&compared, change)?;
    }
    let settings = Settings::load(None, args.store.as_deref())?;
    let store = open::store(&settings.store_place()?, OpenMode::ReadOnly, &settings.keys.kek()?)?;
    // Should the clock have gone back, the present is still after all that is recorded.
    let present = SystemClock.now().max(store.last_recorded_at()?.unwrap_or_default());
    let at = args.at.unwrap_or(present);

    let bar = progress::bar(Work::Principals, language);
    bar.set_length(store.stats()?.principals);
    let mut out = args.out.as_deref().map(Out::create).transpose()?;
    let mut list = |change: &Change, principal: &str| {
        if args.list.as_ref().is_some_and(|wanted| *wanted == change.id()) {
            bar.suspend(|| list_line(change, principal, format));
        }
        out.as_mut().map_or(Ok(()), |out| out.write(change, principal))
    };
    let counted = impact(&compared, store.as_ref(), at, &mut list, &mut |n| bar.set_position(n));
    bar.finish_and_clear();
    let counted = counted.map_err(|error| match error {
        ImpactError::Store(error) => CommandError::from(error),
        ImpactError::List(error) => {
            CommandError::cannot_write(args.out.as_deref().unwrap_or_else(|| Path::new("-")), &error)
        }
    })?;
    out.map_or(Ok(()), Out::finish)?;
    if args.list.is_none() {
        match format {
            Format::Json => output::line(&impact_json(&compared, &counted).to_string()),
            Format::Concise => {
                for (change, count) in compared.difference.changes.iter().zip(&counted.changes) {
                    let (class, id, affected) = (change.class, change.id(), count.affected);
                    output::line(&format!("{affected} {class} {id}: {}", change.sentence(language)));
                }
            }
            Format::Text => output::text(&impact_text(&compared, &counted, language)),
        }
    }
    Ok(Exit::Done)
}

fn list_line(change: &Change, principal: &str, format: Format) {
    match format {
        Format::Json => output::line(&out::to_json(change, principal).to_string()),
        Format::Text | Format::Concise => output::line(principal),
    }
}

/// Whether the difference has a change of that name.
fn is_known(compared: &Compared, wanted: &str) -> Result<(), CommandError> {
    let ids: Vec<String> = compared.difference.changes.iter().map(Change::id).collect();
    if ids.iter().any(|id| id == wanted) {
        return Ok(());
    }
    let error = CommandError::asked_wrongly(
        format!("この違いに `{wanted}` という変更はありません"),
        format!("this difference has no change `{wanted}`"),
    );
    let all = ids.join(", ");
    let near = nearest(wanted, ids.iter().map(String::as_str)).unwrap_or(&all);
    Err(error.hint(format!("変更: {near}"), format!("changes: {near}")))
}
