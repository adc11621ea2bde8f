//! `/{language}/my/receipts/{revision}`: what was recorded of an act, and for half an hour the way back.

use askama::Template;
use nattoku_model::{Event, Revision};
use nattoku_operations::ReceiptFile;

use super::back::Back;
use super::line::{is_will, said_by, sentence};
use super::others::is_by_another;
use super::will::{Item, Will};
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

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
    /// The way back, while there is one.
    back: Option<Back>,
    /// The acts before and after it on the same item, where one took the other back.
    others: Vec<Other>,
    /// The item's page, while the policy has it.
    item: Option<String>,
    /// Whether it can be had as a file.
    file: ReceiptFile,
    /// Whether that is without what is personal alone, since somebody else acted for the person.
    by_another: bool,
    /// This page.
    address: String,
}

/// Another act on the same item that goes the other way.
struct Other {
    label: String,
    machine: String,
    when: String,
    text: String,
    receipt: String,
    receipt_word: String,
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
    let will = match Will::find(visit, principal, &item) {
        // Today's policy has no such item.
        Err(Refusal::NotFound) => None,
        will => Some(will?),
    };
    let of_this = |will: &Will| will.acts.iter().any(|act| act.revision == revision && act.refuses);
    let refuses = will.as_ref().is_some_and(of_this);
    let back = will.as_ref().and_then(|will| Back::from(visit, will, revision, recorded.recorded_at));
    frame::page(&ReceiptPage {
        frame: Frame::own(visit, words.fill("receipt-title", &receipt.receipt.number()), "choices"),
        done: visit.query("done") == Some("1"),
        what: sentence(visit, &recorded.event, refuses),
        when: (visit.dates.machine(&recorded.at), visit.dates.minute_off(&recorded.at, &visit.now)),
        said,
        version,
        next: next(visit, will.as_ref(), revision, stopped),
        back,
        others: will.as_ref().map(|will| others(visit, will, revision)).unwrap_or_default(),
        item: will.map(|will| will.address),
        number: receipt.receipt.number(),
        file: visit.nattoku().receipt_file_state(revision),
        by_another: is_by_another(&recorded.event),
        address: visit.link(&format!("my/receipts/{revision}")),
    })
}

/// What the engine now says of the act, while it is the newest.
fn next(visit: &Visit, will: Option<&Will>, revision: Revision, stopped: bool) -> Vec<String> {
    let words = visit.words;
    let Some(will) = will else { return vec![words.get("next-item-gone")] };
    if will.seen != revision {
        return vec![words.get("next-superseded")];
    }
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

/// What the act took back, and what took it back.
fn others(visit: &Visit, will: &Will, revision: Revision) -> Vec<Other> {
    let Some(at) = will.acts.iter().position(|act| act.revision == revision) else { return Vec::new() };
    let allows = will.acts.get(at).is_some_and(|act| act.allows);
    let newer = at.checked_sub(1).and_then(|at| will.acts.get(at));
    let both = [("receipt-before", will.acts.get(at.saturating_add(1))), ("receipt-after", newer)];
    let opposite = both.into_iter().filter_map(|(label, act)| Some((label, act?)));
    let opposite = opposite.filter(|(_, act)| act.allows != allows);
    opposite
        .map(|(label, act)| Other {
            label: visit.words.get(label),
            machine: act.machine.clone(),
            when: act.when.clone(),
            text: act.text.clone(),
            receipt: act.receipt.clone(),
            receipt_word: visit.words.fill("receipt-of", &act.revision.to_string()),
        })
        .collect()
}
