//! Choices: what a principal can decline.

use nattoku_model::Action;
use nattoku_model::name::{ActivityName, ChoiceName, PurposeName};
use nattoku_model::policy::{Choice, Cover, Policy, Refusability, Residue};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::Words;

/// A switch by which a principal declines.
pub(super) fn choice(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(
        node,
        &DECLARATION.needs_props(&["refusability"]).once(&["consequence"]).many(&[
            "covers",
            "covers-purpose",
            "covers-recipients",
            "residue",
        ]),
    );
    let title = scope.title(node);
    let consequence = scope.text(node, "consequence");
    let refusability = node
        .prop("refusability")
        .and_then(|v| scope.one_of(node, v, &Refusability::ALL, Refusability::as_str));
    let covers = covers(node, scope);
    if !node.children.iter().any(|c| c.name.value.starts_with("covers")) {
        let message = Words::new(
            format!(
                "選択 `{name}` が何に及ぶかを `covers`、`covers-purpose`、`covers-recipients` で書いてください"
            ),
            format!("the choice `{name}` needs `covers`, `covers-purpose` or `covers-recipients`"),
        );
        scope.missing(node.declared_label(), message);
    }
    let residue = residue(node, scope);
    if let Some(refusability) = refusability {
        let choice = Choice { title, consequence, refusability, covers, residue };
        policy.choices.insert(ChoiceName::from(name), choice);
    }
}

fn covers(node: &Node, scope: &mut Scope<'_>) -> Vec<Cover> {
    let mut covers = Vec::new();
    for child in &node.children {
        match child.name.value.as_str() {
            "covers" => {
                scope.shape(child, &BARE.args(1, usize::MAX, "利用の名前", "activities").props(&["action"]));
                let action = action(child, scope);
                let names: Vec<ActivityName> = scope.names_of(NameKind::Activity, child, &child.args);
                covers.extend(names.into_iter().map(|a| Cover::Activity(a, action)));
            }
            "covers-purpose" => {
                scope
                    .shape(child, &BARE.args(1, usize::MAX, "利用目的の名前", "purposes").props(&["action"]));
                let action = action(child, scope);
                let names: Vec<PurposeName> = scope.names_of(NameKind::Purpose, child, &child.args);
                covers.extend(names.into_iter().map(|p| Cover::Purpose(p, action)));
            }
            "covers-recipients" => {
                scope.shape(child, &BARE.args(1, usize::MAX, "相手方の種類", "kinds of recipient"));
                for value in &child.args {
                    covers.extend(scope.recipient_kind(child, value).map(Cover::Recipients));
                }
            }
            _ => {}
        }
    }
    covers
}

fn action(node: &Node, scope: &mut Scope<'_>) -> Option<Action> {
    node.prop("action").and_then(|v| scope.one_of(node, v, &Action::ALL, Action::as_str))
}

fn residue(node: &Node, scope: &mut Scope<'_>) -> Vec<Residue> {
    let mut residue = Vec::new();
    for child in node.children_named("residue") {
        scope.shape(child, &BARE.args(1, usize::MAX, "データの項目", "categories").needs_props(&["for"]));
        let categories = scope.names_of(NameKind::Category, child, &child.args);
        let activity: Option<ActivityName> = scope.name_prop(NameKind::Activity, child, "for");
        residue.extend(activity.map(|activity| Residue { categories, activity }));
    }
    residue
}
