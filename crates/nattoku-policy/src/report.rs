//! Collects diagnostics, so that reading never stops at the first error and never drowns in them.

use crate::diagnostic::{DIAGNOSTICS_MAX, Diagnostic, Severity};
use crate::language_rules::{MISSING_POLICY, MISSING_VALUE, UNDECLARED_NAME};

/// Names compared in search of the nearest one, over a whole check. Beyond this no name is offered any more, so that
/// ten thousand misspelt names among ten thousand declared ones stay a matter of a moment.
const COMPARISONS_MAX: usize = 100_000;

/// What is reported of a policy that was read whole only.
const FOLLOWING: [&str; 3] = [UNDECLARED_NAME.name, MISSING_VALUE.name, MISSING_POLICY.name];

/// The diagnostics of one check.
#[derive(Debug)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
    comparisons_left: usize,
    n_errors: usize,
    has_gaps: bool,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            diagnostics: Vec::new(),
            left_out: 0,
            comparisons_left: COMPARISONS_MAX,
            n_errors: 0,
            has_gaps: false,
        }
    }
}

impl Report {
    /// One that nobody reads: no name is searched for.
    pub(crate) fn unheard() -> Self {
        Self { comparisons_left: 0, ..Self::default() }
    }

    /// Says whether part of what is read now is missing because it could not be read: then what only follows from
    /// that is not reported.
    pub(crate) const fn expect_gaps(&mut self, has_gaps: bool) {
        self.has_gaps = has_gaps;
    }

    /// Takes in a diagnostic, or counts it when there are too many.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.has_gaps && FOLLOWING.contains(&diagnostic.rule) {
            return;
        }
        if diagnostic.severity == Severity::Error {
            self.n_errors += 1;
        }
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// How many errors there were so far, kept or not.
    pub(crate) const fn n_errors(&self) -> usize {
        self.n_errors
    }

    /// The declared name nearest to `wanted`, if one is near and there is time left to look.
    pub(crate) fn nearest<'n>(
        &mut self,
        wanted: &str,
        declared: impl ExactSizeIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        self.comparisons_left = self.comparisons_left.checked_sub(declared.len())?;
        nattoku_model::name::nearest(wanted, declared)
    }

    /// The diagnostics kept, by file and place, and how many were left out.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, usize) {
        self.diagnostics.sort_by_key(|d| (d.primary.file, d.primary.span.start, d.severity));
        (self.diagnostics, self.left_out)
    }
}
