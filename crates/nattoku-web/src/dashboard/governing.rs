//! "Which version applies to you, because …": the answer of the decision's first gate, in words (R75).

use nattoku_model::history::History;
use nattoku_model::{Reason, Recorded};
use nattoku_operations::GoverningLine;

use crate::refusal::Refusal;
use crate::visit::Visit;

/// One sentence for each version that governs some of what is held.
pub(super) fn governing(
    visit: &Visit,
    principal: &str,
    lines: &[GoverningLine],
) -> Result<Vec<String>, Refusal> {
    let events = visit.nattoku().events_of(principal).map_err(Refusal::of)?;
    Ok(lines.iter().map(|line| sentence(visit, &events, line)).collect())
}

fn sentence(visit: &Visit, events: &[Recorded], line: &GoverningLine) -> String {
    let words = visit.words;
    let which = match (&line.acquired_from, &line.acquired_before) {
        (_, Some(before)) => words.fill("data-before", &visit.dates.day(before)),
        (Some(from), None) => words.fill("data-from", &visit.dates.day(from)),
        (None, None) => words.get("data-all"),
    };
    let mut sentence = words.fill2("governing", &which, line.version.as_str());
    sentence.push_str(&because(visit, events, line));
    sentence
}

/// Why: a transition that applies or does not, or what is missing to tell.
fn because(visit: &Visit, events: &[Recorded], line: &GoverningLine) -> String {
    let words = visit.words;
    let policy = visit.nattoku().versions().current();
    let Some((relationship, since)) = policy.transitions.iter().rev().find_map(|t| t.unless.as_ref()) else {
        return words.get("because-all");
    };
    let title = policy.relationships.get(relationship).map(|r| r.title.get(visit.language));
    let history = History::new(events, visit.now, None);
    let was = history.intervals(relationship).iter().any(|i| i.until.is_none_or(|(until, _)| until > *since));
    let key = match line.reason {
        Reason::HistoryUnknown => "because-unknown",
        _ if was => "because-was",
        _ if line.acquired_before.is_some() => "because-was-not",
        _ => "because-new",
    };
    let mut sentence = words.fill2(key, &visit.dates.day(since), title.unwrap_or(relationship.as_str()));
    if line.reason == Reason::VersionTextAbsent {
        sentence.push_str(&words.get("because-text-absent"));
    }
    sentence
}
