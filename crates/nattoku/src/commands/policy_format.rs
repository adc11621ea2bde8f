//! `nattoku policy format DIR`: lays the source out the one way.

use std::io::Write;
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

/// Replaces a file in one step, so that it is never half written. What a link points to is replaced, not the link, and who
/// may read it stays as it is.
fn replace(path: &Path, text: &str) -> Result<(), CommandError> {
    rewrite(path, text).map_err(|error| {
        CommandError::could_not_run(
            format!("{} に書けません: {error}", path.display()),
            format!("cannot write {}: {error}", path.display()),
        )
    })
}

fn rewrite(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let partial = path.with_extension(format!("kdl.{}.partial", std::process::id()));
    let mut file = std::fs::File::options().write(true).create_new(true).open(&partial)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(std::fs::metadata(&path)?.permissions()))
        .and_then(|()| std::fs::rename(&partial, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written
}
