//! One line a diagnostic: `data.kdl:3:9: error[undeclared-name]: …`.

use nattoku_model::Language;

use super::{rest, sentence};
use crate::diagnostic::Diagnostic;
use crate::source::Files;

/// Renders the first `shown_max` diagnostics, and counts the others.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &Files, language: Language, shown_max: usize) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(shown_max) {
        out.push_str(&line(diagnostic, files, language));
        out.push('\n');
    }
    out + &rest(diagnostics.len().saturating_sub(shown_max), language)
}

/// One diagnostic in one line, without a line end.
pub(super) fn line(diagnostic: &Diagnostic, files: &Files, language: Language) -> String {
    let Diagnostic { rule, severity, primary, .. } = diagnostic;
    let (line, column) = files.line_column(primary.file, primary.span.start);
    let out = format!(
        "{}:{line}:{column}: {}[{rule}]: {}",
        files.name(primary.file),
        severity.as_str(),
        sentence(diagnostic, language)
    );
    out.replace(['\n', '\r'], " ")
}
