//! `nattoku policy check DIR`: says what is wrong with a policy.

use std::io::IsTerminal;
use std::path::Path;

use nattoku_model::Language;
use nattoku_policy::check::check;
use nattoku_policy::diagnostic::render::{self, SHOWN_MAX};
use nattoku_policy::diagnostic::{Diagnostic, Severity};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::output::counted;
use crate::{open, output};

/// Exits 1 where there are errors, or warnings that count as such.
pub(crate) fn run(
    dir: &Path,
    deny_warnings: bool,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let checked = check(&open::sources(dir)?);
    let (diagnostics, files) = (&checked.diagnostics, &checked.files);
    match format {
        Format::Text => {
            let colored = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            output::text(&render::text::render(diagnostics, files, language, SHOWN_MAX, colored));
        }
        Format::Concise => output::text(&render::concise::render(diagnostics, files, language, usize::MAX)),
        Format::Json => output::text(&render::json::render(diagnostics, files, language)),
    }
    let errors = count(diagnostics, Severity::Error);
    let warnings = count(diagnostics, Severity::Warning);
    output::note(&summary(dir, errors, warnings, checked.left_out, language));
    let is_unusable = errors > 0 || checked.versions.is_none();
    Ok(if is_unusable || (deny_warnings && warnings > 0) { Exit::No } else { Exit::Done })
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|d| d.severity == severity).count()
}

fn summary(dir: &Path, errors: usize, warnings: usize, left_out: usize, language: Language) -> String {
    let dir = dir.display();
    let in_english = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    match (language, left_out) {
        (Language::Ja, 0) => format!("{dir}: エラー {errors} 件、警告 {warnings} 件"),
        (Language::Ja, more) => format!("{dir}: エラー {errors} 件、警告 {warnings} 件、ほかに {more} 件"),
        (Language::En, 0) => format!("{dir}: {in_english}"),
        (Language::En, more) => format!("{dir}: {in_english}, and {more} more"),
    }
}
