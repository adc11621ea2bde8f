//! `/{language}/my/receipts`: every receipt there is for the person, newest first.

use askama::Template;
use nattoku_model::Recorded;
use nattoku_operations::{ReceiptView, refusals};

use super::line::{Line, lines};
use super::part::Part;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/receipts.html")]
struct ReceiptsPage<'a> {
    frame: Frame<'a>,
    total: String,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

/// Shows the list.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let receipts = visit.nattoku().receipts(principal).map_err(Refusal::of)?;
    let events: Vec<Recorded> = receipts.into_iter().map(|ReceiptView { recorded, .. }| recorded).collect();
    let part = Part::of(visit, &events, ("my/receipts", ""), |_| true)?;
    frame::page(&ReceiptsPage {
        frame: Frame::own(visit, visit.words.get("receipts-title"), "record"),
        total: visit.words.count("receipts-total", events.len()),
        lines: lines(visit, principal, &part.shown, &refusals(&events))?,
        older: part.older,
        newer: part.newer,
    })
}
