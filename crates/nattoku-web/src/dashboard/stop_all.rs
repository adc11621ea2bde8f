//! `/{language}/my/choices/stop`: everything optional stopped by one button. The page lists what stops and what stays; each item
//! is an act of its own with its own receipt and its own way back.

use std::collections::BTreeMap;

use askama::Template;
use nattoku_model::event::By;
use nattoku_model::{Event, Revision};
use nattoku_operations::{OperationError, ReceiptView, WillRequest, refusals};
use nattoku_trace::during;

use super::act::{CHANNEL, respected};
use super::back::Back;
use super::line::sentence;
use super::passed::{Passed, passed};
use super::present::Present;
use super::uses;
use super::will::{Item, Will};
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit, see_other};

#[derive(Template)]
#[template(path = "my/stop-all.html")]
struct StopAllPage<'a> {
    frame: Frame<'a>,
    stops: Vec<Will>,
    /// What cannot be stopped.
    locked: Vec<Will>,
    /// Whether anything passes all the same of what is stopped.
    leaves_residue: bool,
    /// Who was given something by it before.
    passed: Vec<Passed>,
    /// What allowing again needs besides the person's own answer, each with the items that it is needed for.
    needed_again: Vec<String>,
    /// All that stops, each as it was seen: what differs when the form comes back is not done.
    seen: String,
    /// Whether nothing was done because something had changed meanwhile.
    changed: bool,
}

#[derive(Template)]
#[template(path = "my/stopped.html")]
struct StoppedPage<'a> {
    frame: Frame<'a>,
    done: Vec<Stopped>,
    /// How many items could not be stopped, if any.
    rest: Option<String>,
}

/// One act with its receipt.
struct Stopped {
    number: String,
    receipt: String,
    what: String,
    back: Option<Back>,
}

/// `GET`: what would stop, and what stays.
pub(crate) fn ask(visit: &Visit, principal: &str) -> Answer {
    let present = Present::read(visit, principal)?;
    let stops = optional(visit, &present);
    let locked = Will::choices(visit, &present, |_| true).into_iter().filter(|will| will.is_locked).collect();
    frame::page(&StopAllPage {
        frame: Frame::own(visit, visit.words.get("ask-stop-all"), "choices"),
        passed: passed(visit, principal, &stops)?,
        needed_again: needed_again(visit, &stops),
        leaves_residue: stops.iter().any(|will| !will.residue.is_empty()),
        seen: seen(&stops),
        changed: visit.query("changed") == Some("1"),
        stops,
        locked,
    })
}

/// `POST`: stops all of it, unless it is no longer what the person saw.
pub(crate) fn stop(visit: &Visit, principal: &str) -> Answer {
    let stops = optional(visit, &Present::read(visit, principal)?);
    if stops.is_empty() || visit.form("seen") != Some(seen(&stops).as_str()) {
        return Ok(see_other(&visit.link("my/choices/stop?changed=1")));
    }
    let mut done: Vec<Revision> = Vec::new();
    for will in &stops {
        match during("append", || stop_one(visit, principal, will)) {
            Ok(revision) => {
                done.push(revision);
                visit.is_recorded(&visit.link(&format!("my/choices/stopped?from={revision}")));
            }
            // Somebody else was quicker with this one; the others are still to be stopped.
            Err(OperationError::Refused(_) | OperationError::Changed) => {}
            Err(error) if done.is_empty() => return Err(Refusal::of(error)),
            // What is done is done, and is told; the page after it says that not everything is.
            Err(error) => {
                tracing::warn!(%error, "not everything was stopped");
                respected(visit, done.iter().max().copied().unwrap_or_default());
                // Whether this one was is not known: whatever was stopped since is shown.
                let first = done.iter().min().copied().unwrap_or_default();
                return Ok(see_other(&visit.link(&format!("my/choices/stopped?from={first}"))));
            }
        }
    }
    let (Some(first), Some(last)) = (done.iter().min(), done.iter().max()) else {
        return Ok(see_other(&visit.link("my/choices/stop?changed=1")));
    };
    respected(visit, *last);
    Ok(see_other(&visit.link(&format!("my/choices/stopped?from={first}&to={last}"))))
}

/// `GET` of the result: a receipt for each, and the way back of each.
pub(crate) fn done(visit: &Visit, principal: &str) -> Answer {
    let revision = |name| visit.query(name).and_then(|text| text.parse().ok()).map(Revision);
    let Some(from) = revision("from") else { return Err(Refusal::NotFound) };
    // Whoever was not answered in time is led to all that was stopped since.
    let to = revision("to").unwrap_or(Revision(u64::MAX));
    let mut receipts = visit.nattoku().receipts(principal).map_err(Refusal::of)?;
    let refusals = refusals(receipts.iter().map(|view| &view.recorded));
    receipts.retain(|view| (from..=to).contains(&view.receipt.revision) && is_stop(&view.recorded.event));
    if receipts.is_empty() {
        return Err(Refusal::NotFound);
    }
    receipts.reverse();
    let events: Vec<_> = receipts.iter().map(|view| &view.recorded).collect();
    let mut backs = Back::from_all(visit, principal, &events)?;
    let rest = optional(visit, &Present::read(visit, principal)?).len();
    frame::page(&StoppedPage {
        frame: Frame::own(visit, visit.words.get("stopped-title"), "choices"),
        done: receipts
            .iter()
            .map(|view| {
                let revision = view.receipt.revision;
                shown(visit, view, refusals.contains(&revision), backs.remove(&revision))
            })
            .collect(),
        rest: (rest > 0).then(|| visit.words.count("stopped-rest", rest)),
    })
}

/// What is optional and not stopped: consents that were given, and choices that can be declined. What was never allowed is not
/// used, and is not answered for anybody.
fn optional(visit: &Visit, present: &Present<'_>) -> Vec<Will> {
    let mut wills = Will::consents(visit, present, |_| true);
    wills.extend(Will::choices(visit, present, |_| true));
    wills.retain(|will| will.can_stop && !will.is_unanswered);
    wills
}

/// What allowing again needs, with what it is needed for.
fn needed_again(visit: &Visit, stops: &[Will]) -> Vec<String> {
    let mut needed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for will in stops {
        if let Some(what) = &will.needed_again {
            needed.entry(what).or_default().push(will.title.clone());
        }
    }
    let of = |(what, titles)| visit.words.fill2("allow-again-but", &uses::list(visit, titles), what);
    needed.into_iter().map(of).collect()
}

/// The items with the newest act on each, in letters that a form carries as they are.
fn seen(wills: &[Will]) -> String {
    let one = |will: &Will| match &will.item {
        Item::Consent(name) => format!("consent.{name}.{}", will.seen),
        Item::Choice(name) => format!("choice.{name}.{}", will.seen),
    };
    wills.iter().map(one).collect::<Vec<_>>().join("-")
}

fn stop_one(visit: &Visit, principal: &str, will: &Will) -> Result<Revision, OperationError> {
    let nattoku = visit.nattoku();
    let request = WillRequest {
        channel: CHANNEL.to_owned(),
        by: By::Principal,
        language: visit.language,
        seen: Some(will.seen),
        id: None,
    };
    let receipt = match &will.item {
        Item::Consent(name) => nattoku.withdraw_consent(principal, name.as_str(), &request)?,
        Item::Choice(name) => nattoku.decline_choice(principal, name.as_str(), &request)?,
    };
    Ok(receipt.revision)
}

const fn is_stop(event: &Event) -> bool {
    matches!(event, Event::ConsentWithdrawn { .. } | Event::ChoiceDeclined { .. })
}

fn shown(visit: &Visit, view: &ReceiptView, refuses: bool, back: Option<Back>) -> Stopped {
    Stopped {
        number: view.receipt.number(),
        receipt: visit.link(&format!("my/receipts/{}", view.receipt.revision)),
        what: sentence(visit, &view.recorded.event, refuses),
        back,
    }
}
