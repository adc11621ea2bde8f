//! Diagnostics drawn for a terminal, with the lines they are about. Columns are right after Japanese text.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use nattoku_model::Language;

use super::{concise, rest};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::is_refused;
use crate::source::{FileId, Files};

/// Largest stretch of a file drawn for one diagnostic, in bytes; beyond it the diagnostic becomes one line.
const WINDOW_BYTES_MAX: usize = 64 * 1024;

/// Renders the first `shown_max` diagnostics, and counts the others. `colored` adds terminal escapes.
#[must_use]
pub fn render(
    diagnostics: &[Diagnostic],
    files: &Files,
    language: Language,
    shown_max: usize,
    colored: bool,
) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(shown_max) {
        match groups(diagnostic, files, language) {
            Some(groups) => out.push_str(&renderer.render(&groups)),
            None => out.push_str(&concise::line(diagnostic, files, language)),
        }
        out.push_str("\n\n");
    }
    // The lines are drawn as they are written, but nothing in them steers the terminal. Of ASCII annotate-snippets sees to
    // that: it draws a picture for each control character, and its own escapes for colors are to stay.
    out.replace(|c: char| !c.is_ascii() && is_refused(c, true), "\u{fffd}")
        + &rest(diagnostics.len().saturating_sub(shown_max), language)
}

/// The parts of the drawing; none where the lines would be too long to draw.
fn groups<'a>(diagnostic: &'a Diagnostic, files: &'a Files, language: Language) -> Option<Vec<Group<'a>>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.get(language)).id(diagnostic.rule);
    let mut group = Group::with_title(title);
    for (file, labels) in by_file(diagnostic) {
        let (window, line) = window(files, file, labels.iter().map(|(_, l)| &l.span))?;
        let text = files.slice(file, &window);
        let mut snippet = Snippet::source(text).path(files.name(file)).line_start(line);
        for (kind, label) in labels {
            let span = within(text, &label.span, window.start);
            let annotation = kind.span(span);
            snippet = snippet.annotation(match &label.text {
                Some(words) => annotation.label(words.get(language)),
                None => annotation,
            });
        }
        group = group.element(snippet);
    }
    let mut groups = vec![group];
    if let Some(help) = &diagnostic.help {
        let mut group = Group::with_title(Level::HELP.secondary_title(help.get(language)));
        if let Some(fix) = &diagnostic.fix {
            let (window, line) = window(files, fix.file, std::iter::once(&fix.span))?;
            let text = files.slice(fix.file, &window);
            let patch = Patch::new(within(text, &fix.span, window.start), fix.replacement.as_str());
            group =
                group.element(Snippet::source(text).path(files.name(fix.file)).line_start(line).patch(patch));
        }
        groups.push(group);
    }
    Some(groups)
}

/// The labels by file, the file of the primary one first.
fn by_file(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<(AnnotationKind, &Label)>)> {
    let primary = &diagnostic.primary;
    let mut others: BTreeMap<FileId, Vec<(AnnotationKind, &Label)>> = BTreeMap::new();
    for label in &diagnostic.labels {
        others.entry(label.file).or_default().push((AnnotationKind::Context, label));
    }
    let mut first = vec![(AnnotationKind::Primary, primary)];
    first.extend(others.remove(&primary.file).unwrap_or_default());
    std::iter::once((primary.file, first)).chain(others).collect()
}

/// The whole lines that hold all spans, and the number of the first; none where they are too long to draw.
fn window<'a>(
    files: &Files,
    file: FileId,
    spans: impl Iterator<Item = &'a Range<usize>> + Clone,
) -> Option<(Range<usize>, usize)> {
    let first = files.line(file, spans.clone().map(|s| s.start).min()?);
    let last = files.line(file, spans.map(|s| s.end).max()?);
    let window = files.line_span(file, first).start..files.line_span(file, last).end;
    (window.len() <= WINDOW_BYTES_MAX).then_some((window, first))
}

/// A span of the file as a span of the window, kept within it and on character boundaries.
fn within(text: &str, span: &Range<usize>, window_start: usize) -> Range<usize> {
    let fit = |offset: usize| {
        let mut offset = offset.saturating_sub(window_start).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    fit(span.start)..fit(span.end)
}
