//! What an invariant looks at.

use nattoku_model::Action;
use nattoku_model::policy::invariant::{Ground, GroundWord, State, Which, Word};

use super::shape::Shape;
use super::variable::{Kind, Variable};
use crate::invariant::Part;

/// Whether the variable can change whether that part of an invariant is so. `is_wholly_about`: whether the invariant is about
/// the data asked for, whatever is held of them.
pub(super) fn looks_at(part: Part<'_>, is_wholly_about: bool, variable: &Variable) -> bool {
    match part {
        Part::Touched => {
            let is_held = matches!(variable.kind, Kind::Holding | Kind::Origin) || variable.counts.as_holding;
            is_held && !is_wholly_about
        }
        Part::State(_, state) => state_looks_at(state, variable),
        Part::NotOn(_, ground) => ground_looks_at(ground, variable),
    }
}

/// The words of the request that can change whether it is so.
pub(super) fn words(part: Part<'_>, shape: &Shape) -> Vec<usize> {
    let action = Action::ALL.iter().position(|a| *a == shape.action).unwrap_or(0);
    let needs_all = match part {
        Part::Touched => false,
        Part::State(_, state) => !is_of_principal_or_holding(state),
        Part::NotOn(_, ground) => !is_static(ground),
    };
    let mut words = vec![shape.category, action];
    if needs_all {
        let recipient = shape.recipient.map_or(0, |r| r + 1);
        words.extend([shape.activity, recipient, shape.purpose.map_or(0, |p| p + 1)]);
    }
    words
}

/// Whether a state is told by the principal and what is held of them, whatever the act.
const fn is_of_principal_or_holding(state: &State) -> bool {
    matches!(
        state,
        State::AgeUnder(_)
            | State::Ended(_)
            | State::Without(_)
            | State::NeverIn(_)
            | State::Entrusted(_)
            | State::AcquiredBefore(_)
            | State::OlderThan(_)
            | State::While(
                Word::Restricted | Word::Erased | Word::Quarantined | Word::PastRetention | Word::AgeUnknown
            )
    )
}

/// Whether the request alone tells the ground.
pub(super) const fn is_static(ground: &Ground) -> bool {
    matches!(
        ground,
        Ground::Exception(_)
            | Ground::Basis(
                GroundWord::Exception | GroundWord::Warrant | GroundWord::Statute | GroundWord::Law
            )
    )
}

fn state_looks_at(state: &State, variable: &Variable) -> bool {
    let is_named = |name: &str| variable.names.contains(name);
    let is_held = matches!(variable.kind, Kind::Holding | Kind::Origin) || variable.counts.as_holding;
    match state {
        State::Declined(Which::Any) => variable.kind == Kind::Choice,
        State::Declined(Which::Named(name)) => variable.kind == Kind::Choice && is_named(name.as_str()),
        State::Withdrawn(Which::Any) | State::Unanswered(Which::Any) | State::Wording(_) => {
            variable.kind == Kind::Consent
        }
        State::Withdrawn(Which::Named(name)) | State::Unanswered(Which::Named(name)) => {
            variable.kind == Kind::Consent && is_named(name.as_str())
        }
        State::AgeUnder(_) | State::While(Word::AgeUnknown) => variable.kind == Kind::Principal,
        State::Ended(name) | State::NeverIn(name) => variable.kind == Kind::Tie && is_named(name.as_str()),
        State::Without(names) => variable.kind == Kind::Tie && names.iter().any(|n| is_named(n.as_str())),
        State::Entrusted(_)
        | State::AcquiredBefore(_)
        | State::OlderThan(_)
        | State::While(Word::Quarantined | Word::Erased) => is_held,
        State::While(Word::PastRetention) => is_held || variable.counts.for_tie,
        State::While(Word::Restricted) => is_held || variable.kind == Kind::Restriction,
        State::While(Word::Suspended | Word::RelationEnded) => {
            matches!(variable.kind, Kind::Standing | Kind::Assessed)
        }
        State::While(Word::Overdue) => matches!(variable.kind, Kind::Assessed | Kind::Supervised),
        State::While(Word::Unpublished) => variable.kind == Kind::Published,
        State::Prohibited(_) => false,
    }
}

fn ground_looks_at(ground: &Ground, variable: &Variable) -> bool {
    match ground {
        Ground::Consent(name) => {
            variable.kind == Kind::Principal
                || (variable.kind == Kind::Consent && variable.names.contains(name.as_str()))
        }
        Ground::Basis(GroundWord::Consent | GroundWord::IndividualConsent | GroundWord::Guardian) => {
            matches!(variable.kind, Kind::Consent | Kind::Principal)
        }
        Ground::Basis(GroundWord::OptOut) => variable.kind == Kind::Choice,
        Ground::Basis(GroundWord::JointUse) => variable.kind == Kind::Published,
        Ground::Basis(_) | Ground::Exception(_) => false,
    }
}
