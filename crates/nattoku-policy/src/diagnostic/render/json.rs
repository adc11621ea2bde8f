//! Diagnostics as JSON, for editors and pipelines: an array of objects with file, line, column (characters, from 1),
//! rule, severity, message and help.

use std::fmt::Write as _;

use nattoku_model::Language;

use crate::diagnostic::Diagnostic;
use crate::source::Files;

/// Renders all diagnostics as one JSON array, an object a line.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &Files, language: Language) -> String {
    let objects: Vec<String> = diagnostics.iter().map(|d| object(d, files, language)).collect();
    if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n  {}\n]\n", objects.join(",\n  ")) }
}

fn object(diagnostic: &Diagnostic, files: &Files, language: Language) -> String {
    let primary = &diagnostic.primary;
    let (line, column) = files.line_column(primary.file, primary.span.start);
    let (end_line, end_column) = files.line_column(primary.file, primary.span.end);
    let help = diagnostic.help.as_ref().map_or_else(|| "null".to_owned(), |h| string(h.get(language)));
    let fix = diagnostic.fix.as_ref().map_or_else(
        || "null".to_owned(),
        |f| {
            let (line, column) = files.line_column(f.file, f.span.start);
            let (end_line, end_column) = files.line_column(f.file, f.span.end);
            format!(
                "{{\"file\": {}, \"line\": {line}, \"column\": {column}, \"end_line\": {end_line}, \
                 \"end_column\": {end_column}, \"replacement\": {}}}",
                string(files.name(f.file)),
                string(&f.replacement)
            )
        },
    );
    format!(
        "{{\"file\": {}, \"line\": {line}, \"column\": {column}, \"end_line\": {end_line}, \"end_column\": \
         {end_column}, \"rule\": {}, \"severity\": {}, \"message\": {}, \"help\": {help}, \"fix\": {fix}}}",
        string(files.name(primary.file)),
        string(diagnostic.rule),
        string(diagnostic.severity.as_str()),
        string(diagnostic.message.get(language)),
    )
}

/// A JSON string literal.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
