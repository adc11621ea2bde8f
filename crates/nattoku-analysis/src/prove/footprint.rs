//! What a gate looks at: the variables that can change its answer, and the words of the request that can.
//!
//! This is said here once and held in tests: whatever else changes, the gate's answer does not.

use nattoku_model::policy::{Basis, Class};
use nattoku_model::{Action, Gate};

use super::domain::Question;
use super::shape::Shape;
use super::variable::{Kind, Variable};

/// What the gates look at in one question.
pub(super) struct Footprints {
    /// Whether any of it is of a class; which of them need a consent of their own, law says.
    may_be_protected: bool,
    may_be_special_care: bool,
    /// Whether several provisions cover the act, so that which of them it falls under rests on what was agreed to.
    has_several_provisions: bool,
    has_opt_out: bool,
    /// Whether what is held may be the occasion that opens the activity.
    is_occasion_held: bool,
    /// Whether the act may need any consent.
    has_consents: bool,
    /// Whether the version that governs decides what the activity is.
    has_texts: bool,
}

impl Footprints {
    pub(super) fn of(question: &Question<'_>) -> Self {
        let act = question.act();
        Self {
            may_be_protected: question.words.may_be_of(question.category, &Class::ALL),
            may_be_special_care: question.words.may_be_of(question.category, &[Class::SpecialCare]),
            has_several_provisions: act.provisions().count() > 1,
            has_opt_out: act.provisions().any(|(_, p)| matches!(p.basis, Basis::OptOut(_))),
            is_occasion_held: question.is_occasion_held(),
            has_consents: !question.consents().is_empty(),
            has_texts: question.words.has_texts,
        }
    }

    /// Whether the variable can change the gate's answer.
    pub(super) fn looks_at(&self, gate: Gate, variable: &Variable) -> bool {
        let is_held = matches!(variable.kind, Kind::Holding | Kind::Origin) || variable.counts.as_holding;
        let is_governing = variable.kind == Kind::Principal || variable.counts.for_transition || is_held;
        let is_agreed = self.has_consents && matches!(variable.kind, Kind::Consent | Kind::Principal);
        let picks_provision = self.has_several_provisions && is_agreed;
        // Under several texts, which version governs decides what every gate but these sees of the activity.
        let is_by_text = !matches!(gate, Gate::Governing | Gate::Recipient | Gate::Restriction);
        if self.has_texts && is_by_text && is_governing {
            return true;
        }
        match gate {
            Gate::Governing => is_governing,
            Gate::Prohibition | Gate::Origin => is_held,
            Gate::Purpose => variable.kind == Kind::Occasion || (self.is_occasion_held && is_held),
            Gate::Relationship => is_held || variable.counts.for_tie,
            Gate::Secrecy => self.may_be_protected && (is_held || is_agreed),
            Gate::Recipient => {
                matches!(variable.kind, Kind::Standing | Kind::Assessed | Kind::Supervised | Kind::Published)
            }
            Gate::Provision => picks_provision || (self.has_opt_out && self.may_be_special_care && is_held),
            Gate::Transfer | Gate::Consent => is_agreed,
            Gate::Choice => variable.kind == Kind::Choice || picks_provision,
            Gate::Restriction => is_held || variable.kind == Kind::Restriction,
            Gate::Minimisation => false,
        }
    }

    /// The words of the request that can change the gate's answer, as numbers.
    pub(super) fn words(gate: Gate, shape: &Shape, application: usize) -> Vec<usize> {
        let (activity, category) = (shape.activity, shape.category);
        let action = action_number(shape.action);
        let recipient = shape.recipient.map_or(0, |r| r + 1);
        let purpose = shape.purpose.map_or(0, |p| p + 1);
        // A claim is looked at with what it may fit: the act and to whom.
        let claim = shape.exception.map_or([0, 0, 0], |e| [e + 1, action, recipient]);
        let kind = match shape.action {
            Action::Disclose => 1,
            Action::Combine => 2,
            Action::Collect => 3,
            _ => 0,
        };
        match gate {
            Gate::Governing => vec![kind],
            Gate::Prohibition | Gate::Origin | Gate::Relationship => vec![activity, category, kind],
            Gate::Purpose => [vec![activity, category, kind, purpose, application], claim.to_vec()].concat(),
            Gate::Secrecy | Gate::Provision | Gate::Transfer | Gate::Consent => {
                [vec![activity, category, action, recipient], claim.to_vec()].concat()
            }
            Gate::Recipient => vec![activity, category, action, recipient, purpose],
            Gate::Choice => [vec![activity, category, action, recipient, purpose], claim.to_vec()].concat(),
            Gate::Restriction => vec![category, action],
            Gate::Minimisation => vec![activity, category, action],
        }
    }

    /// Whether the gate looks at the clock, so that what it said of one instant is not what it says of another.
    pub(super) const fn looks_at_the_clock(&self, gate: Gate) -> bool {
        matches!(gate, Gate::Governing | Gate::Relationship | Gate::Recipient | Gate::Transfer)
            || (self.is_occasion_held && matches!(gate, Gate::Purpose))
            || self.has_texts
    }
}

fn action_number(action: Action) -> usize {
    Action::ALL.iter().position(|a| *a == action).unwrap_or(0)
}
