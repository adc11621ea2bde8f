//! What rests on law is judged under every law that the policy is written under; the strictest answer counts (R6).

use nattoku_model::law::{Grounds, Pack};
use nattoku_model::{Gate, GateAnswer, Policy, Reason, Verdict};

/// The worst of the answers under each of the policy's laws. A checked policy has at least one.
pub(crate) fn strictest(gate: Gate, policy: &Policy, judge: impl FnMut(&Pack) -> GateAnswer) -> GateAnswer {
    let answers = policy.packs.iter().map(AsRef::as_ref).map(judge);
    answers.reduce(GateAnswer::worse).unwrap_or_else(|| GateAnswer::new(gate, Verdict::Deny, Reason::NoBasis))
}

/// Names what the answer rests on in the law.
pub(crate) fn citing(answer: GateAnswer, grounds: &Grounds) -> GateAnswer {
    match grounds.first() {
        Some(cited) => answer.detail("law", cited),
        None => answer,
    }
}
