//! `nattoku policy check DIR --fix` and `--diff`: the fixes that are certain, applied or shown.

use std::path::Path;

use nattoku_model::Language;
use nattoku_policy::diagnostic::Severity;
use nattoku_policy::mend::{Mended, mend};
use similar::TextDiff;

use super::policy_check::tell;
use crate::cli::{Format, Output};
use crate::exit::{CommandError, Exit};
use crate::output::counted;
use crate::replace::{Replacement, replace};
use crate::{open, output};

/// Applies the fixes, shows on standard error what changed, and then tells what is left to find.
pub(crate) fn run(
    dir: &Path,
    deny_warnings: bool,
    format: Output,
    language: Language,
) -> Result<Exit, CommandError> {
    let (mended, changed) = mended(dir)?;
    replace(&changed)?;
    for file in &changed {
        output::note(patch(file).trim_end());
    }
    if !changed.is_empty() {
        output::note(&counts(&mended, &changed, true, language));
    }
    Ok(tell(&mended.checked, dir, deny_warnings, format, language))
}

/// Prints what would change as a patch, writes nothing, and exits 1 where there is anything to change or to find.
pub(crate) fn preview(
    dir: &Path,
    deny_warnings: bool,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    if format != Format::Text {
        let error =
            CommandError::asked_wrongly("`--diff` が出すのはパッチです", "what `--diff` prints is a patch");
        return Err(error.hint("`--format` は付けないでください", "leave `--format` out"));
    }
    let (mended, changed) = mended(dir)?;
    for file in &changed {
        output::text(&patch(file));
    }
    output::note(&counts(&mended, &changed, false, language));
    let diagnostics = &mended.checked.diagnostics;
    let is_wrong = mended.checked.versions.is_none()
        || (deny_warnings && diagnostics.iter().any(|d| d.severity <= Severity::Warning));
    Ok(if is_wrong || !changed.is_empty() { Exit::No } else { Exit::Done })
}

/// The policy mended in memory, and the files that differ from those on disk.
fn mended(dir: &Path) -> Result<(Mended, Vec<Replacement>), CommandError> {
    let sources = open::sources(dir)?;
    let mended = mend(&sources, nattoku_analysis::check);
    let changed = sources.into_iter().zip(&mended.sources).filter(|(old, new)| old.bytes != new.bytes);
    let changed = changed
        .map(|(old, new)| Replacement { path: dir.join(&old.name), old: old.bytes, new: new.bytes.clone() })
        .collect();
    Ok((mended, changed))
}

/// What changes in a file, as a patch to be applied from here.
fn patch(file: &Replacement) -> String {
    let (old, new) = (String::from_utf8_lossy(&file.old), String::from_utf8_lossy(&file.new));
    let path = file.path.display().to_string();
    TextDiff::from_lines(old.as_ref(), new.as_ref()).unified_diff().header(&path, &path).to_string()
}

fn counts(mended: &Mended, changed: &[Replacement], is_done: bool, language: Language) -> String {
    let (fixes, files) = (mended.n_applied, changed.len());
    let in_english = format!("{} in {}", counted(fixes, "place"), counted(files, "file"));
    match (language, is_done) {
        (Language::Ja, true) => format!("{files} 個のファイルの {fixes} か所を直しました"),
        (Language::Ja, false) => format!("`--fix` は {files} 個のファイルの {fixes} か所を直します"),
        (Language::En, true) => format!("mended {in_english}"),
        (Language::En, false) => format!("`--fix` would mend {in_english}"),
    }
}
