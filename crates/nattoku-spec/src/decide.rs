//! A decision: every category asked, in every era of its acquisition, through every gate; the worst verdict decides.

use std::collections::BTreeSet;

use nattoku_model::decision::{CategoryAnswer, KnownLater};
use nattoku_model::event::{Recorded, Revision};
use nattoku_model::history::{History, Holding};
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Rule, Versions};
use nattoku_model::{Action, Decision, Gate, GateAnswer, Obligation, Policy, Reason, Request, Verdict};

use crate::case::Case;
use crate::era::{Governed, governed};
use crate::exception::{Claim, lift};
use crate::gates;

/// Decides a request over the events of one principal.
///
/// `events` are that principal's, with those that concern everybody, in any order; `revision` is how much of the ledger
/// they were read from. The request's names are declared in `versions.current()`, but for the activity, which may be any
/// name: one that is not registered is referred (R18).
#[must_use]
pub fn decide(versions: &Versions, events: &[Recorded], request: &Request, revision: Revision) -> Decision {
    let history = History::new(events, request.at, request.known_at);
    let in_force = versions.in_force(request.at);
    let policy = in_force.filter(|p| !p.text_absent).unwrap_or_else(|| versions.current());
    let claim = Claim::of(policy, request);

    let answers: Vec<CategoryAnswer> = request
        .categories
        .iter()
        .flat_map(|category| answer_category(versions, policy, &history, request, claim.as_ref(), category))
        .collect();

    let verdict = answers.iter().map(|a| a.verdict).max().unwrap_or(Verdict::Deny);
    Decision {
        verdict,
        // Nobody who is refused has anything to carry out.
        obligations: if verdict.is_permitted() { obligations(policy, request, &answers) } else { Vec::new() },
        exception: request.exception.as_ref().map(|e| e.name.clone()),
        policy_version: in_force.map(|p| p.version.clone()),
        revision,
        at: request.at,
        known_at: request.known_at,
        known_later: known_later(events, request, &answers),
        answers,
    }
}

/// What one gate says of everything asked, at worst: the decision as that gate alone sees it. An act is permitted exactly
/// where every gate permits it, so whoever reasons about all possible acts can take one gate at a time.
#[must_use]
pub fn judge_gate(versions: &Versions, events: &[Recorded], request: &Request, gate: Gate) -> GateAnswer {
    let history = History::new(events, request.at, request.known_at);
    let policy =
        versions.in_force(request.at).filter(|p| !p.text_absent).unwrap_or_else(|| versions.current());
    let claim = Claim::of(policy, request);
    let answers = request.categories.iter().flat_map(|category| {
        eras(versions, policy, &history, request.action, category).into_iter().map(|(governed, holdings)| {
            let case = Case::new(policy, governed, &history, request, category, claim.as_ref());
            answer_gate(gate, &case, &holdings)
        })
    });
    answers
        .reduce(GateAnswer::worse)
        .unwrap_or_else(|| GateAnswer::new(gate, Verdict::Deny, Reason::NoHolding))
}

/// The answers for one category, one an era.
fn answer_category(
    versions: &Versions,
    policy: &Policy,
    history: &History<'_>,
    request: &Request,
    claim: Option<&Claim<'_>>,
    category: &CategoryName,
) -> Vec<CategoryAnswer> {
    eras(versions, policy, history, request.action, category)
        .into_iter()
        .map(|(governed, holdings)| {
            answer_era(&Case::new(policy, governed, history, request, category, claim), &holdings)
        })
        .collect()
}

/// What is to be judged, by the era of its acquisition, oldest first.
fn eras<'a>(
    versions: &'a Versions,
    policy: &'a Policy,
    history: &History<'_>,
    action: Action,
    category: &CategoryName,
) -> Vec<(Governed<'a>, Vec<Holding>)> {
    let mut eras: Vec<(Governed<'_>, Vec<Holding>)> = Vec::new();
    for holding in holdings_to_judge(policy, history, action, category) {
        let governed = governed(versions, policy, history, holding.acquired);
        match eras.iter_mut().find(|(g, _)| g.era == governed.era) {
            Some((_, holdings)) => holdings.push(holding),
            None => eras.push((governed, vec![holding])),
        }
    }
    eras.sort_by_key(|(governed, _)| governed.era.acquired_from);
    eras
}

/// What is held of a category, and what it was worked out from (R16: what is derived inherits from all its parents). Where
/// nothing is recorded, it is judged as acquired directly at the instant asked about; so is what is to be collected, which
/// is not held yet, whatever else of the category is.
fn holdings_to_judge(
    policy: &Policy,
    history: &History<'_>,
    action: Action,
    category: &CategoryName,
) -> Vec<Holding> {
    let mut holdings = if action == Action::Collect { Vec::new() } else { history.holdings(category) };
    if holdings.is_empty() {
        holdings.push(Holding {
            revision: None,
            category: category.clone(),
            source: None,
            entrusted_from: None,
            acquired: history.at,
        });
    }
    let newest = holdings.iter().map(|h| h.acquired).max();
    for origin in policy.origins_of(category) {
        holdings.extend(history.holdings(&origin).into_iter().filter(|h| Some(h.acquired) <= newest));
    }
    holdings
}

/// Every holding of the era through every gate; each gate says the worst that it says of any of them.
fn answer_era(case: &Case<'_>, holdings: &[Holding]) -> CategoryAnswer {
    let gates: Vec<GateAnswer> =
        Gate::ALL.into_iter().map(|gate| answer_gate(gate, case, holdings)).collect();
    CategoryAnswer {
        category: case.category.clone(),
        era: case.governed.era.clone(),
        holdings: holdings.iter().filter_map(|h| h.revision).collect(),
        verdict: gates.iter().map(|g| g.verdict).max().unwrap_or(Verdict::Deny),
        gates,
    }
}

/// The worst that a gate says of any holding, with what an exception lifts.
fn answer_gate(gate: Gate, case: &Case<'_>, holdings: &[Holding]) -> GateAnswer {
    holdings
        .iter()
        .map(|holding| lift(case, gates::judge(gate, case, holding)))
        .reduce(GateAnswer::worse)
        .unwrap_or_else(|| GateAnswer::new(gate, Verdict::Deny, Reason::NoHolding))
}

/// What a permitted caller must do: the activity's minimisations, and the duties of an exception relied on.
fn obligations(policy: &Policy, request: &Request, answers: &[CategoryAnswer]) -> Vec<Obligation> {
    let mut obligations: Vec<Obligation> = Vec::new();
    for answer in answers {
        for gate in answer.gates.iter().filter(|g| g.verdict == Verdict::PermitWithConditions) {
            let Some(rule) = &gate.rule else { continue };
            let kinds: Vec<String> = match gate.details.get("minimisation") {
                Some(kinds) => kinds.split(' ').map(str::to_owned).collect(),
                None => duties(policy, request),
            };
            for kind in kinds {
                add(&mut obligations, kind, &answer.category, rule);
            }
        }
    }
    obligations.sort();
    obligations
}

fn duties(policy: &Policy, request: &Request) -> Vec<String> {
    let exception = request.exception.as_ref().and_then(|claim| policy.exceptions.get(&claim.name));
    exception.map(|e| e.obliges.clone()).unwrap_or_default()
}

fn add(obligations: &mut Vec<Obligation>, kind: String, category: &CategoryName, rule: &Rule) {
    match obligations.iter_mut().find(|o| o.kind == kind && o.rule == *rule) {
        Some(obligation) if obligation.categories.contains(category) => {}
        Some(obligation) => obligation.categories.push(category.clone()),
        None => obligations.push(Obligation { kind, categories: vec![category.clone()], rule: rule.clone() }),
    }
}

/// The events relied on that the ledger learnt after the instant asked about (R11: a paper form keyed days later).
fn known_later(events: &[Recorded], request: &Request, answers: &[CategoryAnswer]) -> Vec<KnownLater> {
    let relied_on: BTreeSet<Revision> =
        answers.iter().flat_map(|a| &a.gates).flat_map(|g| g.events.iter().copied()).collect();
    let mut later: Vec<KnownLater> = events
        .iter()
        .filter(|e| e.recorded_at > request.at && relied_on.contains(&e.revision))
        .map(|e| KnownLater { revision: e.revision, at: e.at, recorded_at: e.recorded_at })
        .collect();
    later.sort();
    later
}
