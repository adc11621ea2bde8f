//! `nattoku policy format DIR`: lays the source out the one way.

use std::path::Path;

use nattoku_model::Language;
use nattoku_policy::format::format;

use crate::exit::{CommandError, Exit};
use crate::replace::{Replacement, replace};
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
            let path = dir.join(&source.name);
            replace(&[Replacement { path, old: source.bytes, new: text.into_bytes() }])?;
        }
    }
    Ok(exit)
}
