//! What must be so for an invariant to bear: of the principal, of what is held, of the recipient.

use std::collections::BTreeSet;

use nattoku_model::name::{RelationshipName, WordingName};
use nattoku_model::policy::Policy;
use nattoku_model::policy::invariant::{State, Which, Word};

use super::ANY;
use crate::ast::Node;
use crate::resolve::names::NameKind;
use crate::resolve::scope::Scope;

/// Every state that the node names.
pub(super) fn states(node: &Node, policy: &Policy, scope: &mut Scope<'_>) -> Vec<State> {
    let mut states = Vec::new();
    of_will(node, &mut states, scope);
    wordings(node, policy, &mut states, scope);
    states.extend(scope.age(node, "age-under").map(State::AgeUnder));
    of_relationships(node, &mut states, scope);
    states.extend(which(NameKind::Entruster, node, "entrusted", scope).into_iter().map(State::Entrusted));
    states.extend(scope.instant_prop(node, "acquired-before").map(State::AcquiredBefore));
    states.extend(scope.period_prop(node, "older-than").map(State::OlderThan));
    states.extend(which(NameKind::Prohibition, node, "prohibited", scope).into_iter().map(State::Prohibited));
    let words = scope.words_of(node, node.prop("while"));
    let known: Vec<&str> = Word::ALL.iter().map(|w| w.as_str()).collect();
    for word in words {
        match Word::ALL.into_iter().find(|w| w.as_str() == word.text) {
            Some(found) => states.push(State::While(found)),
            None => scope.none_of(&word.at, word.text, &known),
        }
    }
    states
}

fn of_will(node: &Node, states: &mut Vec<State>, scope: &mut Scope<'_>) {
    states.extend(which(NameKind::Choice, node, "declined", scope).into_iter().map(State::Declined));
    states.extend(which(NameKind::Consent, node, "withdrawn", scope).into_iter().map(State::Withdrawn));
    states.extend(which(NameKind::Consent, node, "unanswered", scope).into_iter().map(State::Unanswered));
}

fn of_relationships(node: &Node, states: &mut Vec<State>, scope: &mut Scope<'_>) {
    let kind = NameKind::Relationship;
    let ended: Vec<RelationshipName> = scope.names_of(kind, node, node.prop("ended"));
    states.extend(ended.into_iter().map(State::Ended));
    if node.prop("without").is_some() {
        states.push(State::Without(scope.names_of(kind, node, node.prop("without"))));
    }
    let never: Vec<RelationshipName> = scope.names_of(kind, node, node.prop("never-in"));
    states.extend(never.into_iter().map(State::NeverIn));
}

/// The names of a property, or `any`.
fn which<'n, N: From<&'n str>>(
    kind: NameKind,
    node: &'n Node,
    prop: &str,
    scope: &mut Scope<'_>,
) -> Vec<Which<N>> {
    match node.prop(prop) {
        Some(value) if value.value.as_str() == Some(ANY) => vec![Which::Any],
        value => scope.names_of(kind, node, value).into_iter().map(Which::Named).collect(),
    }
}

/// A wording that some consent item has.
fn wordings(node: &Node, policy: &Policy, states: &mut Vec<State>, scope: &mut Scope<'_>) {
    let declared = policy.consents.values().flat_map(|c| c.wordings.keys()).map(WordingName::as_str);
    let known: BTreeSet<&str> = declared.collect();
    let words = scope.words_of(node, node.prop("wording"));
    for word in words {
        if known.contains(word.text) {
            states.push(State::Wording(WordingName::from(word.text)));
        } else {
            let known: Vec<&str> = known.iter().copied().collect();
            scope.none_of(&word.at, word.text, &known);
        }
    }
}
