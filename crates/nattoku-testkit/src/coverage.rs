//! What the pages show of all that a decision can say.

use std::collections::BTreeSet;

use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

/// Every verdict that a gate can give.
pub const POSSIBLE: [(Gate, &[Verdict]); 13] = {
    use Verdict::{Deny, NeedsConsent, Permit, PermitWithConditions, Refer};
    [
        (Gate::Governing, &[Permit, Refer]),
        (Gate::Prohibition, &[Permit, Deny]),
        (Gate::Origin, &[Permit, Deny]),
        (Gate::Purpose, &[Permit, PermitWithConditions, Refer, Deny]),
        (Gate::Relationship, &[Permit, Refer, Deny]),
        (Gate::Secrecy, &[Permit, PermitWithConditions, NeedsConsent, Refer, Deny]),
        (Gate::Recipient, &[Permit, Refer, Deny]),
        (Gate::Provision, &[Permit, PermitWithConditions, NeedsConsent, Refer, Deny]),
        (Gate::Transfer, &[Permit, PermitWithConditions, NeedsConsent, Refer, Deny]),
        (Gate::Choice, &[Permit, PermitWithConditions, Refer, Deny]),
        (Gate::Consent, &[Permit, PermitWithConditions, NeedsConsent, Refer, Deny]),
        (Gate::Restriction, &[Permit, Deny]),
        (Gate::Minimisation, &[Permit, PermitWithConditions]),
    ]
};

/// The verdicts of gates and the reasons that pages show and the decision confirms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    verdicts: BTreeSet<(Gate, Verdict)>,
    reasons: BTreeSet<Reason>,
}

impl Coverage {
    /// Counts what a gate is shown to say.
    pub fn add(&mut self, answer: &GateAnswer) {
        self.verdicts.insert((answer.gate, answer.verdict));
        self.reasons.insert(answer.reason);
    }

    /// What no page shows: verdicts of gates, and reasons.
    #[must_use]
    pub fn uncovered(&self) -> Vec<String> {
        let verdicts = POSSIBLE
            .iter()
            .flat_map(|(gate, verdicts)| verdicts.iter().map(|v| (*gate, *v)))
            .filter(|pair| !self.verdicts.contains(pair))
            .map(|(gate, verdict)| format!("the gate {gate} with the verdict {verdict}"));
        let reasons = Reason::ALL
            .iter()
            .filter(|reason| !self.reasons.contains(reason))
            .map(|reason| format!("the reason {reason}"));
        verdicts.chain(reasons).collect()
    }

    /// What pages show although [`POSSIBLE`] says that it cannot be.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        let is_possible = |(gate, verdict): &(Gate, Verdict)| {
            POSSIBLE.iter().any(|(g, verdicts)| g == gate && verdicts.contains(verdict))
        };
        let odd = self.verdicts.iter().filter(|pair| !is_possible(pair));
        odd.map(|(gate, verdict)| format!("the gate {gate} with the verdict {verdict}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_can_permit_and_is_listed_once() {
        let gates: BTreeSet<Gate> = POSSIBLE.iter().map(|(gate, _)| *gate).collect();
        assert_eq!(gates.len(), Gate::ALL.len());
        assert!(POSSIBLE.iter().all(|(_, verdicts)| verdicts.contains(&Verdict::Permit)));
    }

    #[test]
    fn what_is_not_shown_is_told() {
        let mut coverage = Coverage::default();
        coverage.add(&GateAnswer::new(Gate::Choice, Verdict::Deny, Reason::Declined));
        let uncovered = coverage.uncovered();
        assert!(!uncovered.contains(&"the gate choice with the verdict deny".to_owned()));
        assert!(uncovered.contains(&"the reason withdrawn".to_owned()));
        assert!(coverage.unexpected().is_empty());
    }
}
