//! Which version governs a holding, and the bounds of acquisition dates for which that is so (R75).

use jiff::Timestamp;
use nattoku_model::decision::Era;
use nattoku_model::event::Revision;
use nattoku_model::history::History;
use nattoku_model::name::RelationshipName;
use nattoku_model::policy::{Rule, Transition, Versions};
use nattoku_model::{Gate, GateAnswer, Policy, Reason, Verdict};

/// The version that governs a holding, with the gate's answer about it.
#[derive(Debug, Clone)]
pub(crate) struct Governed<'a> {
    /// The version and its bounds.
    pub(crate) era: Era,
    /// Its text, where it is at hand.
    pub(crate) text: Option<&'a Policy>,
    /// What the governing gate says.
    pub(crate) answer: GateAnswer,
}

/// Whether a transition keeps the older version for this principal.
enum Applies<'a> {
    /// By these ends of the relationship, where it asks for one.
    Yes(Vec<Revision>),
    /// By this start of the relationship.
    No(Revision),
    /// The past of this relationship is not known.
    Unknown(&'a RelationshipName),
}

/// The version that governs what was acquired at `acquired`, with its bounds and the governing gate's answer.
#[must_use]
pub fn governing(versions: &Versions, history: &History<'_>, acquired: Timestamp) -> (Era, GateAnswer) {
    let Governed { era, answer, .. } = governed(versions, versions.current(), history, acquired);
    (era, answer)
}

/// Finds the version that governs what was acquired at `acquired`.
pub(crate) fn governed<'a>(
    versions: &'a Versions,
    policy: &'a Policy,
    history: &History<'_>,
    acquired: Timestamp,
) -> Governed<'a> {
    let Some(in_force) = versions.in_force(history.at) else { return before_the_first(versions, policy) };
    let mut transitions: Vec<&Transition> = in_force.transitions.iter().collect();
    transitions.sort_by_key(|t| t.acquired_before);
    let mut acquired_from = None;
    let mut exempted_by = Vec::new();
    for transition in transitions {
        let kept = match applies(transition, history) {
            Applies::Yes(events) => Ok(events),
            Applies::Unknown(relationship) => Err(relationship),
            Applies::No(revision) => {
                exempted_by.push(revision);
                continue;
            }
        };
        if acquired < transition.acquired_before {
            let era = Era {
                governing: transition.governing.clone(),
                acquired_from,
                acquired_before: Some(transition.acquired_before),
            };
            return by_transition(versions, transition, kept, era);
        }
        acquired_from = Some(transition.acquired_before);
    }
    let era = Era { governing: in_force.version.clone(), acquired_from, acquired_before: None };
    let rule = Rule::new("policy", &in_force.name);
    by_version(in_force, era, rule, &exempted_by)
}

/// Before any version took effect, nothing can be told.
fn before_the_first<'a>(versions: &'a Versions, policy: &'a Policy) -> Governed<'a> {
    let oldest = versions.oldest_first().first().copied().unwrap_or(policy);
    let era = Era { governing: oldest.version.clone(), acquired_from: None, acquired_before: None };
    let answer = GateAnswer::new(Gate::Governing, Verdict::Refer, Reason::NoVersionInForce);
    Governed { era, text: None, answer }
}

/// By a transition that keeps the older version, on account of these events, or whose relationship has an unknown past.
fn by_transition<'a>(
    versions: &'a Versions,
    transition: &Transition,
    kept: Result<Vec<Revision>, &RelationshipName>,
    era: Era,
) -> Governed<'a> {
    let rule = Rule::new("transition", &transition.governing);
    let events = match kept {
        Ok(events) => events,
        Err(relationship) => {
            let answer = GateAnswer::new(Gate::Governing, Verdict::Refer, Reason::HistoryUnknown)
                .by_rule(rule)
                .detail("relationship", relationship);
            return Governed { era, text: None, answer };
        }
    };
    match versions.get(&transition.governing) {
        Some(version) => by_version(version, era, rule, &events),
        None => Governed { answer: text_absent(&era, rule, &events), era, text: None },
    }
}

fn by_version<'a>(version: &'a Policy, era: Era, rule: Rule, events: &[Revision]) -> Governed<'a> {
    if version.text_absent {
        return Governed { answer: text_absent(&era, rule, events), era, text: None };
    }
    let answer = GateAnswer::new(Gate::Governing, Verdict::Permit, Reason::Governed)
        .by_rule(rule)
        .on_events(events.iter().copied())
        .detail("version", &version.version);
    Governed { era, text: Some(version), answer }
}

fn text_absent(era: &Era, rule: Rule, events: &[Revision]) -> GateAnswer {
    GateAnswer::new(Gate::Governing, Verdict::Refer, Reason::VersionTextAbsent)
        .by_rule(rule)
        .on_events(events.iter().copied())
        .detail("version", &era.governing)
}

/// Whether a transition applies: it does unless the relationship touched the time from `since` on (A4: a history predicate;
/// an ended membership still counts, one that ended before does not).
fn applies<'a>(transition: &'a Transition, history: &History<'_>) -> Applies<'a> {
    let Some((relationship, since)) = &transition.unless else { return Applies::Yes(Vec::new()) };
    let intervals = history.intervals(relationship);
    let touching = intervals.iter().find(|i| i.until.is_none_or(|(until, _)| until > *since));
    match touching {
        Some(interval) => Applies::No(interval.started_by),
        None if !history.knows(relationship) => Applies::Unknown(relationship),
        None => Applies::Yes(intervals.iter().filter_map(|i| i.until.map(|(_, event)| event)).collect()),
    }
}
