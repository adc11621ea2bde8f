//! One event as a line of the timeline: a sentence, when, and by which way it came.

use std::collections::BTreeSet;

use nattoku_model::event::By;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded, Revision};

use super::access;
use super::back::Back;
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// A line of the timeline.
pub(crate) struct Line {
    /// How it is marked: `will` for what the person decided, `out` for what went to others, `data` for the rest.
    pub(crate) kind: &'static str,
    pub(crate) machine: String,
    pub(crate) when: String,
    pub(crate) text: String,
    pub(crate) remark: String,
    /// The receipt's address, where there is one.
    pub(crate) receipt: Option<String>,
    pub(crate) receipt_word: String,
    /// The way back, while there is one.
    pub(crate) back: Option<Back>,
}

/// The lines of some of a person's events, in the order given, for a page: what is kept as a file does not say how far off a day is.
/// `refusals` are those of all events that decline what had never been allowed.
pub(crate) fn lines(
    visit: &Visit,
    principal: &str,
    events: &[&Recorded],
    refusals: &BTreeSet<Revision>,
) -> Result<Vec<Line>, Refusal> {
    let mut backs = Back::from_all(visit, principal, events)?;
    let lines = events.iter().map(|recorded| {
        let back = backs.remove(&recorded.revision);
        let when = visit.dates.minute_off(&recorded.at, &visit.now);
        Line { when, back, ..line(visit, recorded, refusals) }
    });
    Ok(lines.collect())
}

/// An event as a line, where it is known which decline what had never been allowed.
pub(super) fn line(visit: &Visit, recorded: &Recorded, refusals: &BTreeSet<Revision>) -> Line {
    let words = visit.words;
    let is_will = is_will(&recorded.event);
    let mut remark = remark(visit, &recorded.event);
    if recorded.recorded_at.duration_since(recorded.at).as_hours() >= 24 {
        remark.push_str(&words.fill("recorded-later", &visit.dates.day(&recorded.recorded_at)));
    }
    Line {
        kind: kind(&recorded.event),
        machine: visit.dates.machine(&recorded.at),
        when: visit.dates.minute(&recorded.at),
        text: sentence(visit, &recorded.event, refusals.contains(&recorded.revision)),
        remark,
        receipt: is_will.then(|| visit.link(&format!("my/receipts/{}", recorded.revision))),
        receipt_word: words.fill("receipt-of", &recorded.revision.to_string()),
        back: None,
    }
}

/// Whether the event expresses the person's will, and so has a receipt.
pub(crate) const fn is_will(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsentGranted { .. }
            | Event::ConsentWithdrawn { .. }
            | Event::ChoiceDeclined { .. }
            | Event::ChoiceRestored { .. }
    )
}

const fn kind(event: &Event) -> &'static str {
    match event {
        Event::DataProvided { .. } => "out",
        event if is_will(event) => "will",
        _ => "data",
    }
}

/// What happened, as a sentence. `refuses` tells of a withdrawal that it declines what had never been allowed.
pub(crate) fn sentence(visit: &Visit, event: &Event, refuses: bool) -> String {
    let words = visit.words;
    let policy = visit.nattoku().versions().current();
    let language = visit.language;
    let key = if refuses {
        "event-consent-declined".to_owned()
    } else {
        format!("event-{}", event.name().replace('_', "-"))
    };
    let categories = |names: &[CategoryName]| categories(visit, policy, names);
    match event {
        Event::RelationshipStarted { relationship } | Event::RelationshipEnded { relationship } => {
            let title = policy.relationships.get(relationship).map(|r| r.title.get(language));
            words.fill(&key, title.unwrap_or(relationship.as_str()))
        }
        Event::DataAcquired { category, source, .. } => {
            let source = policy.sources.get(source).map_or(source.as_str(), |s| s.title.get(language));
            words.fill2(&key, &category_title(policy, category, language), source)
        }
        Event::DataErased { category } => words.fill(&key, &category_title(policy, category, language)),
        Event::NoticeGiven { policy_version, .. } => words.fill(&key, policy_version.as_str()),
        Event::PolicyPublished { version, .. } => words.fill(&key, version.as_str()),
        Event::ConsentGranted { item, .. } | Event::ConsentWithdrawn { item, .. } => {
            let title = policy.consents.get(item).map(|c| c.title.get(language));
            words.fill(&key, title.unwrap_or(item.as_str()))
        }
        Event::ChoiceDeclined { choice, .. } | Event::ChoiceRestored { choice, .. } => {
            let title = policy.choices.get(choice).map(|c| c.title.get(language));
            words.fill(&key, title.unwrap_or(choice.as_str()))
        }
        Event::DataUsed { activity, categories: used, .. } => {
            let title = policy.activities.get(activity).map(|a| a.title.get(language));
            words.fill2(&key, &categories(used), title.unwrap_or(activity.as_str()))
        }
        Event::DataProvided { recipient, categories: given, .. } => {
            let title = policy.recipients.get(recipient).map(|r| r.title.get(language));
            words.fill2(&key, &categories(given), title.unwrap_or(recipient.as_str()))
        }
        Event::DataReceived { source, categories: got, .. } => {
            let title = policy.sources.get(source).map(|s| s.title.get(language));
            words.fill2(&key, &categories(got), title.unwrap_or(source.as_str()))
        }
        Event::DataViewed { department, role, categories: seen, .. } => {
            words.fill2(&key, &categories(seen), &access::who(visit, department, role))
        }
        Event::RestrictionPlaced { categories: c, .. } | Event::RestrictionLifted { categories: c, .. } => {
            let what = if c.is_empty() { words.get("everything") } else { categories(c) };
            words.fill(&key, &what)
        }
        Event::RecipientAssessed { recipient }
        | Event::RecipientSupervised { recipient }
        | Event::RecipientSuspended { recipient }
        | Event::RecipientEnded { recipient } => {
            let title = policy.recipients.get(recipient).map(|r| r.title.get(language));
            words.fill(&key, title.unwrap_or(recipient.as_str()))
        }
        Event::PublicationPublished { publication } => {
            let joint = policy.joint_uses.get(publication).map(|j| j.title.get(language));
            let set = || policy.anonymized_sets.get(publication).map(|s| s.title.get(language));
            words.fill(&key, joint.or_else(set).unwrap_or(publication.as_str()))
        }
        Event::PrincipalRegistered { .. } | Event::GuardianLinked { .. } => words.get(&key),
    }
}

fn remark(visit: &Visit, event: &Event) -> String {
    match event {
        Event::ConsentGranted { channel, by, .. }
        | Event::ConsentWithdrawn { channel, by, .. }
        | Event::ChoiceDeclined { channel, by, .. }
        | Event::ChoiceRestored { channel, by, .. } => said_by(visit, channel, by),
        Event::NoticeGiven { channel, .. } => channel_word(visit, channel),
        Event::DataViewed { reason, .. } => access::why(visit, reason),
        Event::DataProvided { activity, .. } | Event::DataReceived { activity, .. } => {
            let policy = visit.nattoku().versions().current();
            let title = policy.activities.get(activity).map(|a| a.title.get(visit.language));
            visit.words.fill("for-activity", title.unwrap_or(activity.as_str()))
        }
        _ => String::new(),
    }
}

/// By which way, and by whom where it was not the person.
pub(crate) fn said_by(visit: &Visit, channel: &str, by: &By) -> String {
    let by = match by {
        By::Principal => visit.words.get("by-principal"),
        By::Guardian(_) => visit.words.get("by-guardian"),
        By::Agent(_) => visit.words.get("by-agent"),
    };
    visit.words.fill2("said-by", &channel_word(visit, channel), &by)
}

/// The way in words; one that no catalogue names is told to be another, with its name.
pub(super) fn channel_word(visit: &Visit, channel: &str) -> String {
    visit.words.known("way", channel).unwrap_or_else(|| visit.words.fill("way-other", channel))
}

fn categories(visit: &Visit, policy: &Policy, names: &[CategoryName]) -> String {
    let titles: Vec<String> = names.iter().map(|name| category_title(policy, name, visit.language)).collect();
    titles.join(&visit.words.get("list-separator"))
}
