//! `nattoku policy export`: a policy in the terms of another vocabulary.

use std::fmt::Write as _;

use nattoku_exchange::dpv::{self, Base};
use nattoku_model::Language;
use nattoku_policy::Words;

use crate::cli::ExportCommand;
use crate::exit::{CommandError, Exit};
use crate::{open, output, replace};

/// Writes the document, and tells what it says in general terms alone.
pub(crate) fn run(command: &ExportCommand, language: Language) -> Result<Exit, CommandError> {
    let ExportCommand::Dpv { dir, out, base, terms: _ } = command;
    let document = match dir {
        None => dpv::terms(),
        Some(dir) => {
            // Before the policy is read, so that a wrong address is told at once.
            let base = base.as_deref().map(read_base).transpose()?;
            let checked = open::sound_policy(dir, language)?;
            let Some(versions) = &checked.versions else { return Ok(Exit::CouldNotRun) };
            let export = dpv::export(versions.current(), base.as_ref())
                .map_err(|unknown| refused(&unknown, language))?;
            if !export.notes.is_empty() {
                output::note(&lines(&export.notes, language));
            }
            export.json
        }
    };
    let Some(path) = out else {
        output::text(&document);
        return Ok(Exit::Done);
    };
    replace::put(path, document.as_bytes())?;
    Ok(Exit::Done)
}

fn read_base(text: &str) -> Result<Base, CommandError> {
    Base::parse(text).map_err(|why| {
        CommandError::asked_wrongly(format!("--base: {}", why.ja), format!("--base: {}", why.en)).hint(
            "`https://example.org/policy#` のように書いてください",
            "write for example `https://example.org/policy#`",
        )
    })
}

fn refused(unknown: &[Words], language: Language) -> CommandError {
    output::note(&lines(unknown, language));
    CommandError::asked_wrongly(
        "DPV にない語があるため、書き出していません",
        "the policy names terms that DPV does not have; nothing was written",
    )
}

fn lines(words: &[Words], language: Language) -> String {
    let mut lines = String::new();
    for said in words {
        let _ = writeln!(lines, "{}", said.get(language));
    }
    lines.truncate(lines.trim_end().len());
    lines
}
