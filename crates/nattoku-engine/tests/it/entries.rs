//! The definition's other entries, which the proof and the pages ask: they say what it decides.

use nattoku_model::event::Recorded;
use nattoku_model::history::History;
use nattoku_model::policy::Versions;
use nattoku_model::{Action, Decision, Gate, GateAnswer, Reason, Request, Verdict};
use nattoku_spec::{consent_standing, exception_relied_on, governing, judge_gate};

/// Holds every other entry against a decision over the same events.
pub(crate) fn agree(versions: &Versions, events: &[Recorded], request: &Request, decision: &Decision) {
    for gate in Gate::ALL {
        let of_gate = decision.answers.iter().flat_map(|a| &a.gates).filter(|g| g.gate == gate).cloned();
        let nothing = || GateAnswer::new(gate, Verdict::Deny, Reason::NoHolding);
        let worst = of_gate.reduce(GateAnswer::worse).unwrap_or_else(nothing);
        assert_eq!(judge_gate(versions, events, request, gate), worst);
    }
    let history = History::new(events, request.at, request.known_at);
    let policy = versions.in_force(request.at).filter(|p| !p.text_absent);
    let policy = policy.unwrap_or_else(|| versions.current());
    for answer in &decision.answers {
        for holding in history.holdings(&answer.category) {
            if holding.revision.is_some_and(|revision| answer.holdings.contains(&revision)) {
                assert_eq!(governing(versions, &history, holding.acquired).0, answer.era);
            }
        }
        let relied_on = exception_relied_on(policy, request, &answer.category).is_some();
        for gate in &answer.gates {
            if matches!(gate.reason, Reason::LiftedByException | Reason::ByWarrant) {
                assert!(relied_on, "{} relies on an exception", gate.gate);
            }
            // A provision may narrow the wordings, so that its item stands less well for it.
            let item = gate.details.get("item").filter(|_| gate.gate == Gate::Consent);
            if let Some(item) = item.filter(|_| request.action != Action::Provide) {
                let standing = consent_standing(policy, &history, &item.as_str().into());
                assert_eq!((standing.verdict, standing.reason), (gate.verdict, gate.reason));
            }
        }
    }
}
