//! Signals: what a browser says of its own accord, and which choices it declines.

use nattoku_model::policy::{Policy, Refusability, Signal, SignalKind};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::BARE;
use crate::ast::Node;
use crate::diagnostic::Words;

/// A signal. It is one of those that browsers know: the policy makes up none.
pub(super) fn signal(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    let shape = BARE.args(1, 1, "信号の名前", "the name of a signal");
    scope.shape(node, &shape.props(&["stated"]).needs(&["declines"]).many(&["declines"]).cites());
    let kind = node.args.first().and_then(|v| scope.one_of(node, v, &SignalKind::ALL, SignalKind::as_str));
    let stated = node.prop("stated").and_then(|v| scope.date(node, v));
    let declines = scope.names_in(NameKind::Choice, node, "declines");
    if let Some(kind) = kind {
        policy.signals.insert(kind, Signal { declines, stated });
    }
}

/// Reports signals that would decline what nobody can.
pub(super) fn can_be_declined(node: &Node, policy: &Policy, scope: &mut Scope<'_>) {
    for child in node.children_named("declines") {
        for word in scope.words_of(child, &child.args) {
            let choice = policy.choices.iter().find(|(name, _)| name.as_str() == word.text);
            if choice.is_none_or(|(_, choice)| choice.refusability != Refusability::NotRefusable) {
                continue;
            }
            let name = word.text;
            let message = Words::new(
                format!("`{name}` は止められない選択なので、信号で止めることもできません"),
                format!("`{name}` is a choice that cannot be declined, and so by no signal either"),
            );
            scope.unexpected(word.at, message);
        }
    }
}
