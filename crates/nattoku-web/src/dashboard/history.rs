//! `/{language}/my/history`: the complete timeline, newest first, fifty lines a page, and what was looked for of it.
//!
//! The order is that in which things happened.

use askama::Template;
use axum::http::StatusCode;
use nattoku_model::Recorded;
use nattoku_operations::refusals;

use super::line::{Line, lines};
use super::part::Part;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

mod file;
mod search;

pub(crate) use file::{csv, json, receipt_number};
pub(crate) use search::kind_of;
use search::{Fault, Search, Typed};

const PAGE: &str = "my/history";

#[derive(Template)]
#[template(path = "my/history.html")]
struct HistoryPage<'a> {
    frame: Frame<'a>,
    total: String,
    typed: Typed,
    /// The kinds there are: name, words, and whether it is the one looked for.
    kinds: Vec<(&'static str, String, bool)>,
    /// What cannot be looked for, and why.
    faults: Vec<Fault>,
    /// Whether there is anything at all.
    has_any: bool,
    /// How more can be found, where something was looked for: words and address.
    wider: Vec<(String, String)>,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
    /// Where what is shown can be had as a file: CSV, JSON.
    files: Option<(String, String)>,
}

impl HistoryPage<'_> {
    /// What is wrong with a field, in words.
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.words.as_str())
    }
}

/// Shows a page of it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let typed = Typed::of(visit);
    let events = newest_first(visit, principal)?;
    let (found, faults) = match Search::of(visit, &typed) {
        Ok(search) => (Some(search), Vec::new()),
        Err(faults) => (None, faults),
    };
    let rest = typed.query();
    let refusals = refusals(&events);
    let is_wanted = |e: &Recorded| found.as_ref().is_some_and(|search| search.finds(visit, e, &refusals));
    let part = Part::of(visit, &events, (PAGE, &rest), is_wanted)?;
    let words = visit.words;
    let total = match &found {
        Some(search) if !search.is_of_everything() => {
            let found = events.iter().filter(|e| is_wanted(e)).count();
            words.fill2("history-found", &found.to_string(), &events.len().to_string())
        }
        _ => words.count("history-total", events.len()),
    };
    let file = |kind: &str| match rest.as_str() {
        "" => visit.link(&format!("{PAGE}.{kind}")),
        rest => visit.link(&format!("{PAGE}.{kind}?{rest}")),
    };
    let mut response = frame::page(&HistoryPage {
        frame: Frame::own(visit, words.get("history-title"), "record"),
        total,
        kinds: search::kinds(visit, &typed),
        has_any: !events.is_empty(),
        wider: typed.wider(visit),
        lines: lines(visit, principal, &part.shown, &refusals)?,
        older: part.older,
        newer: part.newer,
        files: (!part.shown.is_empty()).then(|| (file("csv"), file("json"))),
        typed,
        faults,
    })?;
    if found.is_none() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

fn newest_first(visit: &Visit, principal: &str) -> Result<Vec<Recorded>, Refusal> {
    let mut events = visit.nattoku().history(principal).map_err(Refusal::of)?;
    events.reverse();
    Ok(events)
}
