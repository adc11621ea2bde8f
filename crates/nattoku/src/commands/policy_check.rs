//! `nattoku policy check DIR`: says what is wrong with a policy.

use std::io::IsTerminal;
use std::path::{Component, Path};

use nattoku_analysis::check;
use nattoku_model::Language;
use nattoku_policy::check::Checked;
use nattoku_policy::diagnostic::render::{self, SHOWN_MAX};
use nattoku_policy::diagnostic::{Diagnostic, Severity};

use crate::cli::Output;
use crate::exit::{CommandError, Exit};
use crate::output::counted;
use crate::{open, output};

/// Exits 1 where there are errors, or warnings that count as such.
pub(crate) fn run(
    dir: &Path,
    deny_warnings: bool,
    format: Output,
    language: Language,
) -> Result<Exit, CommandError> {
    Ok(tell(&check(&open::sources(dir)?), dir, deny_warnings, format, language))
}

/// Prints the findings and how many there are.
pub(super) fn tell(
    checked: &Checked,
    dir: &Path,
    deny_warnings: bool,
    format: Output,
    language: Language,
) -> Exit {
    show(checked, dir, format, language);
    let errors = count(&checked.diagnostics, Severity::Error);
    let warnings = count(&checked.diagnostics, Severity::Warning);
    output::note(&summary(dir, errors, warnings, checked, language));
    let is_unusable = errors > 0 || checked.versions.is_none();
    if is_unusable || (deny_warnings && warnings > 0) { Exit::No } else { Exit::Done }
}

/// Prints the findings.
fn show(checked: &Checked, dir: &Path, format: Output, language: Language) {
    let (diagnostics, files) = (&checked.diagnostics, &checked.files);
    output::text(&match format {
        Output::Text => {
            let colored = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            render::text::render(diagnostics, files, language, SHOWN_MAX, colored)
        }
        Output::Concise => render::concise::render(diagnostics, files, language, usize::MAX),
        Output::Json => render::json::render(diagnostics, &checked.allowed, files, language),
        Output::Github => render::github::render(diagnostics, files, &from_here(dir), language),
        Output::Sarif => render::sarif::render(checked, &from_here(dir), language),
    });
}

/// The folder as seen from where the program runs, with `/`: what a code host finds its files by.
fn from_here(dir: &Path) -> String {
    let here = std::env::current_dir().ok();
    let dir = here.as_deref().and_then(|here| dir.strip_prefix(here).ok()).unwrap_or(dir);
    let parts = dir.components().filter_map(|part| match part {
        Component::CurDir => None,
        Component::RootDir => Some(String::new()),
        part => Some(part.as_os_str().to_string_lossy().into_owned()),
    });
    parts.collect::<Vec<_>>().join("/")
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|d| d.severity == severity).count()
}

fn summary(dir: &Path, errors: usize, warnings: usize, checked: &Checked, language: Language) -> String {
    let dir = dir.display();
    let (allowed, left_out) = (checked.allowed.len(), checked.left_out);
    let mut said = vec![match language {
        Language::Ja => format!("{dir}: エラー {errors} 件、警告 {warnings} 件"),
        Language::En => format!("{dir}: {}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }];
    if allowed > 0 {
        said.push(match language {
            Language::Ja => format!("認めたもの {allowed} 件"),
            Language::En => format!("{allowed} allowed"),
        });
    }
    let certain = checked.diagnostics.iter().filter_map(|d| d.fix.as_ref()).filter(|f| f.is_certain).count();
    if certain > 0 {
        said.push(match language {
            Language::Ja => format!("`--fix` で直せるもの {certain} 件"),
            Language::En => format!("{certain} mended by `--fix`"),
        });
    }
    if left_out > 0 {
        said.push(match language {
            Language::Ja => format!("ほかに {left_out} 件"),
            Language::En => format!("and {left_out} more"),
        });
    }
    said.join(match language {
        Language::Ja => "、",
        Language::En => ", ",
    })
}
