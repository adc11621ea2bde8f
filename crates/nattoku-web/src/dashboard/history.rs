//! `/{language}/my/history`: the complete timeline, newest first, fifty lines a page.
//!
//! A page is addressed by the revision it ends before (`?before=120`), so that an address shows the same lines for
//! ever however much is added.

use askama::Template;
use nattoku_model::Revision;

use super::line::{Line, lines};
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

const LINES_PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "my/history.html")]
struct HistoryPage<'a> {
    frame: Frame<'a>,
    total: String,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

/// Shows a page of it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let mut events = visit.web.nattoku.history(principal).map_err(Refusal::of)?;
    events.sort_by_key(|e| std::cmp::Reverse(e.revision));
    let before = match visit.query("before") {
        Some(text) => Some(Revision(text.parse().map_err(|_| Refusal::NotFound)?)),
        None => None,
    };
    let start = before.map_or(0, |before| events.partition_point(|e| e.revision >= before));
    let shown = events.get(start..).unwrap_or_default();
    let shown = shown.get(..LINES_PER_PAGE.min(shown.len())).unwrap_or_default();
    let older = (start + shown.len() < events.len()).then(|| shown.last()).flatten();
    let newer =
        (start > 0).then(|| match start.checked_sub(LINES_PER_PAGE + 1).and_then(|at| events.get(at)) {
            Some(above) => visit.link(&format!("my/history?before={}", above.revision)),
            None => visit.link("my/history"),
        });
    frame::page(&HistoryPage {
        frame: Frame::own(visit, visit.words.get("history-title"), "history"),
        total: visit.words.count("history-total", events.len()),
        lines: lines(visit, shown),
        older: older.map(|last| visit.link(&format!("my/history?before={}", last.revision))),
        newer,
    })
}
