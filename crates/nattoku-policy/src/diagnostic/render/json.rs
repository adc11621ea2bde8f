//! Diagnostics as JSON, for editors and pipelines: an array of objects with file, line, column (characters, from 1),
//! rule, severity, message, help and fix. Those that the policy allows stand behind the others, with the reason and the
//! place that allow them.

use std::fmt::Write as _;

use nattoku_model::Language;

use crate::allow::Allowed;
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::Files;

/// Renders all diagnostics as one JSON array, an object a line.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], allowed: &[Allowed], files: &Files, language: Language) -> String {
    let standing = diagnostics.iter().map(|d| object(d, None, files, language));
    let allowed = allowed.iter().map(|a| object(&a.diagnostic, Some(a), files, language));
    let objects: Vec<String> = standing.chain(allowed).collect();
    if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n  {}\n]\n", objects.join(",\n  ")) }
}

fn object(diagnostic: &Diagnostic, allowed: Option<&Allowed>, files: &Files, language: Language) -> String {
    let primary = &diagnostic.primary;
    let (line, column) = files.line_column(primary.file, primary.span.start);
    let (end_line, end_column) = files.line_column(primary.file, primary.span.end);
    let help = diagnostic.help.as_ref().map_or_else(|| "null".to_owned(), |h| string(h.get(language)));
    let fix = diagnostic.fix.as_ref().map_or_else(|| "null".to_owned(), |f| fix(f, files));
    let allowed = allowed.map_or_else(
        || "null".to_owned(),
        |a| {
            let (file, line) = (files.name(a.at.file), files.line(a.at.file, a.at.span.start));
            format!("{{\"reason\": {}, \"file\": {}, \"line\": {line}}}", string(&a.reason), string(file))
        },
    );
    format!(
        "{{\"file\": {}, \"line\": {line}, \"column\": {column}, \"end_line\": {end_line}, \"end_column\": \
         {end_column}, \"rule\": {}, \"severity\": {}, \"message\": {}, \"help\": {help}, \"fix\": {fix}, \
         \"allowed\": {allowed}}}",
        string(files.name(primary.file)),
        string(diagnostic.rule),
        string(diagnostic.severity.as_str()),
        string(diagnostic.message.get(language)),
    )
}

fn fix(fix: &Fix, files: &Files) -> String {
    let (line, column) = files.line_column(fix.file, fix.span.start);
    let (end_line, end_column) = files.line_column(fix.file, fix.span.end);
    format!(
        "{{\"file\": {}, \"line\": {line}, \"column\": {column}, \"end_line\": {end_line}, \"end_column\": \
         {end_column}, \"replacement\": {}, \"certain\": {}}}",
        string(files.name(fix.file)),
        string(&fix.replacement),
        fix.is_certain
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
