//! `nattoku ledger import FILE`: appends events, all or none.

use nattoku_model::Language;
use nattoku_operations::{ImportError, LineFault};
use nattoku_store::OpenMode;
use serde_json::json;

use super::decide::{cannot_read, open_input};
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::{open, output};

/// Exits 2 where lines were refused; then nothing was stored.
pub(crate) fn run(
    file: &str,
    keep_recorded_at: bool,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let input = open_input(file)?;
    let nattoku = open::nattoku(place, OpenMode::Create, language)?;
    let bar = progress::bar(Work::Lines, language);
    let imported =
        nattoku.import_events(input, keep_recorded_at, &mut |lines| bar.set_position(lines as u64));
    bar.finish_and_clear();
    let imported = match imported {
        Ok(imported) => imported,
        Err(ImportError::Lines { faults, more }) => return Err(refused(file, &faults, more, language)),
        Err(ImportError::Read(error)) => return Err(cannot_read(file, &error)),
        Err(ImportError::Store(error)) => return Err(error.into()),
    };
    match format {
        Format::Json => output::line(
            &json!({
                "events": imported.events,
                "appended": imported.appended,
                "already_there": imported.already_there,
                "revision": imported.revision.0,
            })
            .to_string(),
        ),
        Format::Text | Format::Concise => output::line(&match language {
            Language::Ja => format!(
                "{} 件を記録しました（{} 件はすでにありました）。版番号 {}",
                imported.appended, imported.already_there, imported.revision
            ),
            Language::En => format!(
                "{} events appended, {} were there already; revision {}",
                imported.appended, imported.already_there, imported.revision
            ),
        }),
    }
    Ok(Exit::Done)
}

fn refused(file: &str, faults: &[LineFault], more: usize, language: Language) -> CommandError {
    for fault in faults {
        let field = fault.field.as_ref().map(|f| format!(" `{f}`:")).unwrap_or_default();
        let sentence = fault.problem.get(language);
        // Some sentences begin with the field themselves.
        let field = if sentence.starts_with('`') { "" } else { field.as_str() };
        output::note(&format!("{file}:{}:{field} {sentence}", fault.line));
    }
    let count = faults.len() + more;
    CommandError::asked_wrongly(
        format!("{count} 行を受け付けられません。何も記録していません"),
        if count == 1 {
            "1 line was refused; nothing was stored".to_owned()
        } else {
            format!("{count} lines were refused; nothing was stored")
        },
    )
}
