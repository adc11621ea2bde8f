//! `nattoku policy format DIR`: lays the source out the one way.

use std::path::Path;

use nattoku_model::Language;
use nattoku_policy::format::format;

use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Rewrites the files that are laid out otherwise; with `check`, only names them and exits 1. A file that cannot be read as a
/// policy is left as it is.
pub(crate) fn run(dir: &Path, check: bool, language: Language) -> Result<Exit, CommandError> {
    let mut exit = Exit::Done;
    for source in open::sources(dir)?.into_iter().filter(|s| s.name.ends_with(".kdl")) {
        let Some(text) =
            std::str::from_utf8(&source.bytes).ok().and_then(|text| format(&source.name, text).ok())
        else {
            output::note(&match language {
                Language::Ja => {
                    format!("{}: 読めないため変えていません（policy check をご覧ください）", source.name)
                }
                Language::En => format!("{}: cannot be read, left as it is (see policy check)", source.name),
            });
            exit = Exit::No;
            continue;
        };
        if text.as_bytes() == source.bytes {
            continue;
        }
        output::line(&source.name);
        if check {
            exit = Exit::No;
        } else {
            replace(&dir.join(&source.name), &text)?;
        }
    }
    Ok(exit)
}

/// Replaces a file in one step, so that it is never half written.
fn replace(path: &Path, text: &str) -> Result<(), CommandError> {
    let partial = path.with_extension("kdl.partial");
    let replaced = std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, path));
    replaced.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        CommandError::could_not_run(
            format!("{} に書けません: {error}", path.display()),
            format!("cannot write {}: {error}", path.display()),
        )
    })
}
