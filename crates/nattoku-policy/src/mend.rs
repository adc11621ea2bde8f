//! Applies the fixes that are certain, until there are none left.
//!
//! A fix stays only if checking again finds no error that was not there before; what could not be seen before, because
//! the text could not be read or the rules of law were not reached, was there all the same.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::Checked;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::language_rules;
use crate::report::Report;
use crate::source::{FileId, Files, Source};
use crate::syntax;

/// Most times that everything is checked anew. Mending one thing seldom shows another that can be mended.
const ROUNDS_MAX: usize = 10;

/// Most fixes tried one by one in a round where all together do harm.
const TRIED_MAX: usize = 200;

/// A policy after mending.
#[derive(Debug)]
pub struct Mended {
    /// The sources; those that nothing was mended in are as they were.
    pub sources: Vec<Source>,
    /// How many fixes were applied.
    pub n_applied: usize,
    /// What checking says about them now.
    pub checked: Checked,
}

/// How a policy is checked: by this crate alone, or with what takes deciding its scenarios.
type Check = fn(&[Source]) -> Checked;

/// Applies every certain fix that does no harm, as `check` tells it.
#[must_use]
pub fn mend(sources: &[Source], check: Check) -> Mended {
    let mut mended = Mended { sources: sources.to_vec(), n_applied: 0, checked: check(sources) };
    for _ in 0..ROUNDS_MAX {
        let fixes = certain(&mended.checked, &mended.sources);
        if fixes.is_empty() || !(mended.try_all(&fixes, check) || mended.try_each(&fixes, check)) {
            break;
        }
    }
    mended
}

impl Mended {
    /// Applies fixes if they do no harm together.
    fn try_all(&mut self, fixes: &[Fix], check: Check) -> bool {
        let (sources, written) = apply(&self.sources, &self.checked.files, fixes);
        let after = check(&sources);
        if does_harm(&self.checked, &after, &written) {
            return false;
        }
        self.n_applied += fixes.len();
        self.sources = sources;
        self.checked = after;
        true
    }

    /// Applies those fixes that do no harm alone; whether there was one. From the last to the first, so that the places
    /// of those still to come stay where they are.
    fn try_each(&mut self, fixes: &[Fix], check: Check) -> bool {
        let mut is_any = false;
        for fix in fixes.iter().rev().take(TRIED_MAX) {
            is_any |= self.try_all(std::slice::from_ref(fix), check);
        }
        is_any
    }
}

/// The certain fixes by file and place, without those that overlap an earlier one or would change nothing.
fn certain(checked: &Checked, sources: &[Source]) -> Vec<Fix> {
    let mut fixes: Vec<&Fix> =
        checked.diagnostics.iter().filter_map(|d| d.fix.as_ref()).filter(|f| f.is_certain).collect();
    fixes.sort_by_key(|f| (f.file, f.span.start, f.span.end));
    let mut kept: Vec<Fix> = Vec::new();
    for fix in fixes {
        let is_free = kept.last().is_none_or(|last| last.file != fix.file || last.span.end <= fix.span.start);
        let is_change = checked.files.slice(fix.file, &fix.span) != fix.replacement;
        // A file that is no text is shown with signs in place of what cannot be read, so its places are not those of
        // its bytes.
        let is_text = source_of(sources, &checked.files, fix.file)
            .is_some_and(|i| sources.get(i).is_some_and(|s| std::str::from_utf8(&s.bytes).is_ok()));
        if is_free && is_change && is_text {
            kept.push(fix.clone());
        }
    }
    kept
}

/// The source that a file was read from.
fn source_of(sources: &[Source], files: &Files, file: FileId) -> Option<usize> {
    sources.iter().position(|s| s.name == files.name(file))
}

/// The sources with the fixes applied, and where in each file the replacements stand now. The fixes are in order and do
/// not overlap.
fn apply(sources: &[Source], files: &Files, fixes: &[Fix]) -> (Vec<Source>, Written) {
    let mut sources = sources.to_vec();
    let mut written = Written::new();
    let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for fix in fixes {
        by_file.entry(fix.file).or_default().push(fix);
    }
    for (file, fixes) in by_file {
        let Some(source) = source_of(&sources, files, file).and_then(|i| sources.get_mut(i)) else {
            continue;
        };
        let text = files.text(file);
        // A byte order mark is no part of the text.
        let mark = source.bytes.len().saturating_sub(text.len());
        let mut bytes = source.bytes.get(..mark).unwrap_or_default().to_vec();
        let mut at = 0;
        for fix in fixes {
            bytes.extend_from_slice(text.get(at..fix.span.start).unwrap_or_default().as_bytes());
            let start = bytes.len() - mark;
            bytes.extend_from_slice(fix.replacement.as_bytes());
            written.entry(source.name.clone()).or_default().push(start..bytes.len() - mark);
            at = fix.span.end;
        }
        bytes.extend_from_slice(text.get(at..).unwrap_or_default().as_bytes());
        source.bytes = bytes;
    }
    (sources, written)
}

/// Where replacements stand, by file.
type Written = BTreeMap<String, Vec<Range<usize>>>;

/// Whether an error was brought in that was not there before.
fn does_harm(before: &Checked, after: &Checked, written: &Written) -> bool {
    let mut known: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for error in errors(before) {
        *known.entry(key(before, error)).or_default() += 1;
    }
    let was_read = is_read(before);
    let was_judged = !errors(before).any(|e| is_of_the_language(e.rule));
    errors(after).any(|error| {
        if let Some(left @ 1..) = known.get_mut(&key(after, error)) {
            *left -= 1;
            return false;
        }
        if !is_of_the_language(error.rule) {
            return was_judged;
        }
        was_read
            || std::iter::once(&error.primary).chain(&error.labels).any(|l| is_written(after, l, written))
    })
}

/// Whether everything in the `.kdl` files could be read, so that no error was hidden by another.
fn is_read(checked: &Checked) -> bool {
    checked.files.ids().filter(|f| checked.files.name(*f).ends_with(".kdl")).all(|file| {
        let mut report = Report::default();
        syntax::parse(file, checked.files.text(file), &mut report);
        report.n_errors() == 0
    })
}

/// Whether a place is one where something was replaced.
fn is_written(after: &Checked, at: &Label, written: &Written) -> bool {
    let end = at.span.end.max(at.span.start + 1);
    let places = written.get(after.files.name(at.file));
    places.is_some_and(|places| places.iter().any(|w| w.start < end && at.span.start < w.end))
}

fn errors(checked: &Checked) -> impl Iterator<Item = &Diagnostic> {
    checked.diagnostics.iter().filter(|d| d.severity == Severity::Error)
}

fn key<'c>(checked: &'c Checked, error: &'c Diagnostic) -> (&'c str, &'c str, &'c str) {
    (error.rule, checked.files.name(error.primary.file), &error.message.en)
}

fn is_of_the_language(rule: &str) -> bool {
    language_rules::RULES.iter().any(|r| r.name == rule)
}
