//! `/{language}/my/history`: the complete timeline, newest first, fifty lines a page.
//!
//! The order is that in which things happened. A page is addressed by the entry it begins below (`?before=120`, a
//! revision), so that an address goes on showing the same lines however much is added on top.

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
    let mut events = visit.nattoku().history(principal).map_err(Refusal::of)?;
    events.reverse();
    let start = match visit.query("before") {
        None => 0,
        Some(text) => {
            let above = text.parse().map(Revision).map_err(|_| Refusal::NotFound)?;
            events.iter().position(|e| e.revision == above).ok_or(Refusal::NotFound)? + 1
        }
    };
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
        lines: lines(visit, principal, shown)?,
        older: older.map(|last| visit.link(&format!("my/history?before={}", last.revision))),
        newer,
    })
}
