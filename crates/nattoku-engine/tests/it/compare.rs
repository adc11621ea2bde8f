//! One case: the definition's decision beside the engine's, to the last reason.

use std::fmt::Write as _;

use nattoku_engine::{Answer, Plan};
use nattoku_model::event::{Recorded, Revision};
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Request};

/// A decision in so many lines, as the definition gives it.
pub(crate) fn of_definition(decision: &Decision) -> String {
    let mut lines = format!("{}\n", decision.verdict);
    for answer in &decision.answers {
        let _ = writeln!(lines, "{} {:?} {}", answer.category, answer.era, answer.verdict);
        for gate in &answer.gates {
            let _ = writeln!(lines, "  {} {} {}", gate.gate, gate.verdict, gate.reason);
        }
    }
    let deciding = decision.deciding().map(|gate| (gate.gate, gate.verdict, gate.reason));
    let _ = writeln!(lines, "{deciding:?} decides");
    for obligation in &decision.obligations {
        let _ = writeln!(lines, "{obligation:?}");
    }
    let _ = writeln!(lines, "{:?} at {}", decision.policy_version, decision.at);
    lines
}

/// The same, as the engine gives it.
pub(crate) fn of_engine(plan: &Plan<'_>, answer: &Answer) -> String {
    let mut lines = format!("{}\n", answer.verdict);
    for case in &answer.cases {
        let category = plan.category(case).expect("it was asked");
        let era = plan.era(case).expect("it is an era of the plan");
        let _ = writeln!(lines, "{category} {era:?} {}", case.verdict);
        for (gate, said) in case.gates() {
            let _ = writeln!(lines, "  {gate} {} {}", said.verdict, said.reason);
        }
    }
    let deciding = answer.deciding().map(|(gate, said)| (gate, said.verdict, said.reason));
    let _ = writeln!(lines, "{deciding:?} decides");
    for obligation in plan.obligations(answer) {
        let _ = writeln!(lines, "{obligation:?}");
    }
    let _ = writeln!(lines, "{:?} at {}", plan.policy_version().cloned(), answer.at);
    lines
}

/// What the definition says of a principal's events with those that concern everybody.
pub(crate) fn definition(
    versions: &Versions,
    own: &[Recorded],
    general: &[Recorded],
    request: &Request,
) -> Decision {
    let events: Vec<Recorded> = own.iter().chain(general).cloned().collect();
    nattoku_spec::decide(versions, &events, request, Revision(0))
}

/// Whether both say the same, without writing it down.
pub(crate) fn agree(decision: &Decision, plan: &Plan<'_>, answer: &Answer) -> bool {
    decision.verdict == answer.verdict
        && decision.answers.len() == answer.cases.len()
        && decision.policy_version.as_ref() == plan.policy_version()
        && decision.at == answer.at
        && decision.obligations == plan.obligations(answer)
        && decision.deciding().map(|gate| (gate.gate, gate.verdict, gate.reason))
            == answer.deciding().map(|(gate, said)| (gate, said.verdict, said.reason))
        && decision.answers.iter().zip(&answer.cases).all(|(one, other)| {
            Some(&one.category) == plan.category(other)
                && Some(&one.era) == plan.era(other).as_ref()
                && one.verdict == other.verdict
                && one.gates.len() == other.gates().count()
                && one.gates.iter().zip(other.gates()).all(|(one, (gate, said))| {
                    (one.gate, one.verdict, one.reason) == (gate, said.verdict, said.reason)
                })
        })
}
