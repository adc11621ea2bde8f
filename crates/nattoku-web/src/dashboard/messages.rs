//! `/{language}/my/messages`: what the ledger knows that was to be told to the person: versions of the policy and what they change for
//! them, and when they were given which.
//!
//! Nothing says which of them was read: there is no place where that would be kept.

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded};

use super::line::channel_word;
use super::versions::path;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/messages.html")]
struct MessagesPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    messages: Vec<Message>,
}

/// A message.
struct Message {
    /// The day on which it was announced.
    machine: String,
    day: String,
    address: String,
    title: String,
    /// From when the version is in force.
    from: String,
    /// What it comes to for the person.
    comes_to: String,
    /// When they were given it, and by which way.
    given: Vec<String>,
}

/// Shows them, newest first.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let history = visit.nattoku().history(principal).map_err(Refusal::of)?;
    let mut messages = Vec::new();
    for policy in visit.nattoku().versions().oldest_first() {
        let given = given(visit, &history, policy);
        if given.is_empty() && !comes_after(visit, &history, policy) {
            continue;
        }
        messages.push((announced(visit, policy), message(visit, principal, policy, given)?));
    }
    messages.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    frame::page(&MessagesPage {
        frame: Frame::own(visit, visit.words.get("messages-title"), "record"),
        as_of: visit.words.fill("as-of", &visit.dates.minute(&visit.now)),
        messages: messages.into_iter().map(|(_, message)| message).collect(),
    })
}

/// The day on which a version was made known: on which it took effect, where the policy does not say.
fn announced(visit: &Visit, policy: &Policy) -> Date {
    policy.announced.unwrap_or_else(|| visit.dates.civil(&policy.effective))
}

/// Whether the person was known when a version took effect: to others it was no news.
fn comes_after(visit: &Visit, history: &[Recorded], policy: &Policy) -> bool {
    let first = history.first().map_or(Timestamp::MAX, |recorded| recorded.at);
    visit.dates.civil(&first) <= visit.dates.civil(&policy.effective)
}

/// When the person was given a version, and by which way, newest first.
fn given(visit: &Visit, history: &[Recorded], policy: &Policy) -> Vec<String> {
    let given = history.iter().rev().filter_map(|recorded| match &recorded.event {
        Event::NoticeGiven { policy_version, channel, .. } if *policy_version == policy.version => {
            Some(visit.words.fill2(
                "messages-given",
                &visit.dates.day(&recorded.at),
                &channel_word(visit, channel),
            ))
        }
        _ => None,
    });
    given.collect()
}

fn message(visit: &Visit, principal: &str, policy: &Policy, given: Vec<String>) -> Result<Message, Refusal> {
    let words = visit.words;
    let version = policy.version.as_str();
    let change = visit.nattoku().version_change(principal, &policy.version).map_err(Refusal::of)?;
    let comes_to = match change.as_ref().map(|change| (&change.text_absent, &change.shifts)) {
        Some((Some(absent), _)) => words.fill("change-text-absent", absent.as_str()),
        Some((None, Some(shifts))) if shifts.becomes.is_empty() && shifts.ends.is_empty() => {
            words.get("change-nothing")
        }
        Some((None, Some(shifts))) => {
            words.fill2("messages-shifts", &shifts.becomes.len().to_string(), &shifts.ends.len().to_string())
        }
        Some((None, None)) | None => words.get("change-first"),
    };
    let day = announced(visit, policy);
    let effective = visit.dates.day_off(&policy.effective, &visit.now);
    let key = if policy.effective > visit.now { "change-begins" } else { "change-began" };
    Ok(Message {
        machine: day.to_string(),
        day: visit.dates.date(day),
        address: visit.link(&path(&policy.version)),
        title: words.fill("change-title", version),
        from: words.fill2(key, version, &effective),
        comes_to,
        given,
    })
}
