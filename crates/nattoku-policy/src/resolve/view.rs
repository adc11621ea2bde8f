//! Departments whose people look at data, and the reasons for which they do.

use std::collections::BTreeMap;

use nattoku_model::language::Text;
use nattoku_model::name::{DepartmentName, RoleName, ViewReasonName};
use nattoku_model::policy::{Department, Policy, ViewReason};

use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::Words;

/// A department with its roles: `department billing_office { ja "…"; en "…"; role clerk { ja "…"; en "…" } }`.
pub(super) fn department(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.many(&["role"]));
    if node.child("role").is_none() {
        let message =
            Words::new("`department` には `role` が一つは必要です", "`department` needs one `role` at least");
        scope.missing(node.head_label(), message);
    }
    let department = Department { title: scope.title(node), roles: roles(node, scope) };
    policy.departments.insert(DepartmentName::from(name), department);
}

fn roles(node: &Node, scope: &mut Scope<'_>) -> BTreeMap<RoleName, Text> {
    let mut roles = BTreeMap::new();
    for child in node.children_named("role") {
        scope.shape(child, &BARE.args(1, 1, "役割の名前", "the name of the role").texts(true));
        let Some(value) = child.args.first() else { continue };
        let Some(name) = scope.plain_word(child, value) else { continue };
        let title = scope.title(child);
        if roles.insert(RoleName::from(name.as_str()), title).is_some() {
            scope.twice(child.at(&value.span), node.declared_label(), &format!("role {name}"));
        }
    }
    roles
}

/// Why somebody looks, as the sentence that the principal reads.
pub(super) fn reason(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION);
    policy.view_reasons.insert(ViewReasonName::from(name), ViewReason { sentence: scope.title(node) });
}
