//! A part of a person's record, newest first, fifty lines a page.
//!
//! A page is addressed by the entry it begins below (`?before=120`, a revision), so that an address goes on showing the same
//! lines however much is added on top.

use nattoku_model::{Recorded, Revision};

use crate::refusal::Refusal;
use crate::visit::Visit;

const LINES_PER_PAGE: usize = 50;

/// A page of it.
pub(super) struct Part<'e> {
    pub(super) shown: Vec<&'e Recorded>,
    /// The addresses of what is older and of what is newer.
    pub(super) older: Option<String>,
    pub(super) newer: Option<String>,
}

impl<'e> Part<'e> {
    /// The page that the visit asks for, of the events that `is_wanted` names. `page` is its address from the language on, `rest` what
    /// else stands in its query.
    pub(super) fn of(
        visit: &Visit,
        events: &'e [Recorded],
        (page, rest): (&str, &str),
        is_wanted: impl Fn(&Recorded) -> bool,
    ) -> Result<Self, Refusal> {
        let start = match visit.query("before") {
            None => 0,
            Some(text) => {
                let above = text.parse().map(Revision).map_err(|_| Refusal::NotFound)?;
                events.iter().position(|e| e.revision == above).ok_or(Refusal::NotFound)? + 1
            }
        };
        let (above, below) = events.split_at_checked(start).ok_or(Refusal::NotFound)?;
        let mut below = below.iter().filter(|e| is_wanted(e));
        let shown: Vec<&Recorded> = below.by_ref().take(LINES_PER_PAGE).collect();
        let before = |above: &Recorded| {
            let separator = if rest.is_empty() { "" } else { "&" };
            visit.link(&format!("{page}?{rest}{separator}before={}", above.revision))
        };
        let first = || {
            let separator = if rest.is_empty() { "" } else { "?" };
            visit.link(&format!("{page}{separator}{rest}"))
        };
        let older = below.next().and(shown.last()).map(|last| before(last));
        let mut above = above.iter().rev().filter(|e| is_wanted(e));
        let newer = above.next().map(|_| above.nth(LINES_PER_PAGE - 1).map_or_else(first, before));
        Ok(Self { shown, older, newer })
    }
}
