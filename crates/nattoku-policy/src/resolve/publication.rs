//! Matters that the law wants public: joint use, anonymized information.

use jiff::Timestamp;
use nattoku_model::name::PublicationName;
use nattoku_model::policy::{AnonymizedSet, JointUse, Policy};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;

/// A joint use with its published items.
pub(super) fn joint_use(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["responsible", "published"]).many(&["items", "users", "purposes"]));
    let joint_use = JointUse {
        title: scope.title(node),
        items: scope.names_in(NameKind::Category, node, "items"),
        users: scope.names_in(NameKind::Recipient, node, "users"),
        purposes: scope.names_in(NameKind::Purpose, node, "purposes"),
        responsible: scope.text(node, "responsible"),
        published: published(node, scope),
    };
    policy.joint_uses.insert(PublicationName::from(name), joint_use);
}

/// Anonymized information.
pub(super) fn anonymized(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["method", "published"]).many(&["items"]));
    let set = AnonymizedSet {
        title: scope.title(node),
        items: scope.names_in(NameKind::Category, node, "items"),
        method: scope.text(node, "method"),
        published: published(node, scope),
    };
    policy.anonymized_sets.insert(PublicationName::from(name), set);
}

fn published(node: &Node, scope: &mut Scope<'_>) -> Option<Timestamp> {
    let child = node.child("published")?;
    scope.shape(child, &BARE.args(1, 1, "日付", "a date"));
    scope.instant(child, child.args.first()?)
}
