//! `/{language}/my/receipts/{revision}`: what was recorded of an act, and for half an hour the way back.

use askama::Template;
use jiff::SignedDuration;
use nattoku_model::{Event, Revision};

use super::line::{is_will, said_by, sentence};
use super::will::{Item, Will};
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

/// How long the receipt offers the way back.
const UNDO_FOR: SignedDuration = SignedDuration::from_mins(30);

#[derive(Template)]
#[template(path = "my/receipt.html")]
struct ReceiptPage<'a> {
    frame: Frame<'a>,
    /// Whether the act has just been done.
    done: bool,
    number: String,
    what: String,
    when: (String, String),
    said: String,
    /// The wording agreed to.
    version: Option<String>,
    next: Vec<String>,
    /// Address of the opposite act, and until when and as what it is offered.
    undo: Option<(String, String)>,
    item: String,
}

/// Shows a receipt.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let revision = visit.parameter("revision").parse().map(Revision).map_err(|_| Refusal::NotFound)?;
    let receipt =
        visit.nattoku().receipt(principal, revision).map_err(Refusal::of)?.ok_or(Refusal::NotFound)?;
    let recorded = &receipt.recorded;
    if !is_will(&recorded.event) {
        return Err(Refusal::NotFound);
    }
    let item = Item::of_event(&recorded.event).ok_or(Refusal::NotFound)?;
    let (said, version) = match &recorded.event {
        Event::ConsentGranted { channel, by, text_version, .. } => {
            (said_by(visit, channel, by), Some(text_version.to_string()))
        }
        Event::ConsentWithdrawn { channel, by, .. }
        | Event::ChoiceDeclined { channel, by, .. }
        | Event::ChoiceRestored { channel, by, .. } => (said_by(visit, channel, by), None),
        _ => (String::new(), None),
    };
    let stopped = matches!(recorded.event, Event::ConsentWithdrawn { .. } | Event::ChoiceDeclined { .. });
    let until = recorded.recorded_at.saturating_add(UNDO_FOR).unwrap_or(recorded.recorded_at);
    let will = Will::find(visit, principal, &item).ok();
    let of_this = |will: &Will| will.acts.iter().any(|act| act.revision == revision && act.refuses);
    let refuses = will.as_ref().is_some_and(of_this);
    let undo = will.as_ref().filter(|will| will.seen == revision && visit.now < until).and_then(|will| {
        let last = match (stopped, will.can_stop, will.can_resume) {
            (true, _, true) => "resume",
            (false, true, _) => "stop",
            _ => return None,
        };
        // Allowing after a withdrawal undoes nothing: it is a new consent, to today's wording (R53).
        let told = match last {
            "resume" if refuses => "undo-declined",
            "resume" if will.today.is_some() => "undo-anew",
            _ => "undo-until",
        };
        Some((format!("{}/{last}", will.address), words.fill(told, &visit.dates.minute(&until))))
    });
    frame::page(&ReceiptPage {
        frame: Frame::own(visit, words.fill("receipt-title", &receipt.receipt.number()), "choices"),
        done: visit.query("done") == Some("1"),
        what: sentence(visit, &recorded.event, refuses),
        when: (visit.dates.machine(&recorded.at), visit.dates.minute(&recorded.at)),
        said,
        version,
        next: next(visit, will.as_ref().filter(|will| will.seen == revision), stopped),
        undo,
        item: visit.link(&item.path()),
        number: receipt.receipt.number(),
    })
}

/// What the engine now says of the act, while it is the newest.
fn next(visit: &Visit, will: Option<&Will>, stopped: bool) -> Vec<String> {
    let words = visit.words;
    let Some(will) = will else { return vec![words.get("next-superseded")] };
    if stopped && will.is_refused {
        return vec![words.get("next-declined")];
    }
    if stopped {
        return vec![words.get("next-stopped")];
    }
    if let Some(before) = &will.before_it_counts {
        return vec![words.get("next-not-counted"), before.clone()];
    }
    if will.in_use == 0 {
        return [words.get("next-not-in-use")].into_iter().chain(will.remarks.clone()).collect();
    }
    vec![words.get("next-resumed")]
}
