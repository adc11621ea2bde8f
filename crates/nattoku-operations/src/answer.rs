//! A decision as JSON: the same decision gives the same bytes (R36).

use jiff::Timestamp;
use nattoku_model::decision::{CategoryAnswer, KnownLater};
use nattoku_model::name::{ActivityName, CategoryName};
use nattoku_model::policy::{Rule, Versions};
use nattoku_model::{Decision, GateAnswer, Language, Obligation};
use serde_json::{Value, json};

use crate::unregistered::nearest_of_decision;

/// The whole answer: verdict, every gate of every category and era, obligations, version, revision and times. Keys are
/// sorted, times are in UTC.
#[must_use]
pub fn decision_json(decision: &Decision, versions: &Versions, principal: &str) -> Value {
    json!({
        "decision": decision.verdict.as_str(),
        "permitted": decision.verdict.is_permitted(),
        "principal": principal,
        "reason": decision.deciding().map(|gate| gate_json(gate, versions)),
        "nearest_activity": nearest_of_decision(decision, versions).as_ref().map(ActivityName::as_str),
        "categories": decision.answers.iter().map(|a| category_json(a, versions)).collect::<Vec<_>>(),
        "obligations": decision.obligations.iter().map(|o| obligation_json(o, versions)).collect::<Vec<_>>(),
        "exception": decision.exception.as_ref().map(ToString::to_string),
        "policy_version": decision.policy_version.as_ref().map(ToString::to_string),
        "revision": decision.revision.0,
        "at": time(decision.at),
        "known_at": decision.known_at.map(time),
        "known_later": decision.known_later.iter().map(later_json).collect::<Vec<_>>(),
    })
}

fn category_json(answer: &CategoryAnswer, versions: &Versions) -> Value {
    json!({
        "category": answer.category.as_str(),
        "verdict": answer.verdict.as_str(),
        "governing": answer.era.governing.as_str(),
        "acquired_from": answer.era.acquired_from.map(time),
        "acquired_before": answer.era.acquired_before.map(time),
        "holdings": answer.holdings.iter().map(|r| r.0).collect::<Vec<_>>(),
        "gates": answer.gates.iter().map(|g| gate_json(g, versions)).collect::<Vec<_>>(),
    })
}

fn gate_json(gate: &GateAnswer, versions: &Versions) -> Value {
    json!({
        "gate": gate.gate.as_str(),
        "verdict": gate.verdict.as_str(),
        "reason": gate.reason.code(),
        "sentence": {
            "ja": gate.reason.sentence(Language::Ja, &gate.details),
            "en": gate.reason.sentence(Language::En, &gate.details),
        },
        "rule": gate.rule.as_ref().map(|rule| rule_json(rule, versions)),
        "events": gate.events.iter().map(|r| r.0).collect::<Vec<_>>(),
        "details": gate.details,
    })
}

fn rule_json(rule: &Rule, versions: &Versions) -> Value {
    let place = versions.current().place_of(rule);
    json!({
        "kind": rule.kind,
        "name": rule.name,
        "file": place.map(|p| p.file.as_str()),
        "line": place.map(|p| p.line),
        "section": place.and_then(|p| p.section.as_deref()),
        "cites": place.map(|p| p.cites.as_slice()).unwrap_or_default(),
    })
}

pub(crate) fn obligation_json(obligation: &Obligation, versions: &Versions) -> Value {
    json!({
        "kind": obligation.kind,
        "categories": obligation.categories.iter().map(CategoryName::as_str).collect::<Vec<_>>(),
        "rule": rule_json(&obligation.rule, versions),
    })
}

fn later_json(later: &KnownLater) -> Value {
    json!({
        "revision": later.revision.0,
        "at": time(later.at),
        "recorded_at": time(later.recorded_at),
    })
}

pub(crate) fn time(instant: Timestamp) -> String {
    instant.to_string()
}
