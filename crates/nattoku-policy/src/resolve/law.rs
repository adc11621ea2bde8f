//! Prohibitions, exceptions by law, transitions.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ExceptionName, ProhibitionName, RelationshipName, VersionName};
use nattoku_model::policy::{
    Class, Exception, Policy, Prohibition, Reach, RecipientKind, Requirement, Rule, Transition,
};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::{Label, Words};

/// What nothing overrides.
pub(super) fn prohibition(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs(&["outcome"]).many(&["on", "class"]));
    let mut classes: Vec<Class> = Vec::new();
    for child in node.children_named("class") {
        scope.shape(child, &BARE.args(1, Class::ALL.len(), "データの区分", "one of the classes"));
        classes.extend(scope.classes(child, &child.args));
    }
    let prohibition = Prohibition {
        title: scope.title(node),
        outcome: scope.word_child(node, "outcome").unwrap_or_default(),
        on: scope.names_in(NameKind::Category, node, "on"),
        classes: classes.into_iter().collect(),
    };
    policy.prohibitions.insert(ProhibitionName::from(name), prohibition);
}

/// What law permits besides.
pub(super) fn exception(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(
        node,
        &DECLARATION
            .needs_props(&["basis"])
            .once(&["warrant"])
            .many(&["actions", "to", "requires", "obliges"]),
    );
    let exception = Exception {
        title: scope.title(node),
        basis: scope.string_prop(node, "basis").unwrap_or_default().to_owned(),
        actions: actions(node, scope),
        requires: requirements(node, scope),
        obliges: obliges(node, scope),
        to: reach(node, scope),
        warrant: scope.mark(node, "warrant"),
    };
    policy.exceptions.insert(ExceptionName::from(name), exception);
}

fn actions(node: &Node, scope: &mut Scope<'_>) -> BTreeSet<nattoku_model::Action> {
    let mut actions = BTreeSet::new();
    for child in node.children_named("actions") {
        scope.shape(child, &BARE.args(1, usize::MAX, "行為", "actions"));
        actions.extend(scope.actions(child, &child.args));
    }
    actions
}

/// To whom an exception lets data be given. A court's warrant says so by itself.
fn reach(node: &Node, scope: &mut Scope<'_>) -> Vec<Reach> {
    let mut reach = Vec::new();
    // Of a kind that stood twice, the looser would win in silence.
    let mut told: BTreeMap<RecipientKind, Label> = BTreeMap::new();
    for child in node.children_named("to") {
        scope.shape(
            child,
            &BARE.args(1, RecipientKind::ALL.len(), "相手方の種類", "kinds of recipient").many(&["except"]),
        );
        let mut kinds = BTreeSet::new();
        for value in &child.args {
            let Some(kind) = scope.recipient_kind(child, value) else { continue };
            let at = child.at(&value.span);
            if let Some(first) = told.get(&kind) {
                scope.twice(at, first.clone(), kind.as_str());
            } else {
                told.insert(kind, at);
                kinds.insert(kind);
            }
        }
        let except = child.children_named("except").flat_map(|except| {
            scope.shape(except, &BARE.args(1, usize::MAX, "データの項目", "categories"));
            scope.names_of(NameKind::Category, except, &except.args)
        });
        reach.push(Reach { except: except.collect(), kinds });
    }
    if let Some(to) = node.child("to").filter(|_| node.child("warrant").is_some()) {
        let message = Words::new(
            "令状は公的機関だけに効くので、`to` を書けません",
            "a warrant serves authorities alone, and takes no `to`",
        );
        scope.unexpected(to.head_label(), message);
    }
    reach
}

fn requirements(node: &Node, scope: &mut Scope<'_>) -> BTreeSet<Requirement> {
    let mut requirements = BTreeSet::new();
    for child in node.children_named("requires") {
        scope.shape(child, &BARE.args(1, usize::MAX, "必要なもの", "what a claim must bring"));
        for value in &child.args {
            requirements.extend(scope.one_of(child, value, &Requirement::ALL, Requirement::as_str));
        }
    }
    requirements
}

fn obliges(node: &Node, scope: &mut Scope<'_>) -> Vec<String> {
    let mut obliges = Vec::new();
    for child in node.children_named("obliges") {
        scope.shape(child, &BARE.args(1, usize::MAX, "義務", "duties"));
        for value in &child.args {
            obliges.extend(scope.plain_word(child, value));
        }
    }
    obliges
}

/// Which older version keeps governing what; the rule it is.
pub(super) fn transition(
    node: &Node,
    versions: &BTreeSet<String>,
    policy: &mut Policy,
    scope: &mut Scope<'_>,
) -> Option<Rule> {
    let shape = BARE.needs_props(&["governing"]).needs(&["when"]).once(&["unless"]).cites();
    scope.shape(node, &shape);
    let governing = scope.string_prop(node, "governing");
    if let Some(version) = governing
        && !versions.contains(version)
    {
        let kind = Words::new("`earlier/` の版", "version below `earlier/`");
        let at = node.prop("governing").map_or_else(|| node.head_label(), |v| node.at(&v.span));
        scope.undeclared(&kind, version, &at, versions.iter().map(String::as_str), true);
    }
    let acquired_before = node.child("when").and_then(|when| {
        scope.shape(when, &BARE.args(1, 1, "`acquired`", "`acquired`").needs_props(&["before"]));
        if let Some(value) = when.args.first() {
            scope.one_of(when, value, &["acquired"], |w| w);
        }
        scope.instant_prop(when, "before")
    });
    let unless = node.child("unless").and_then(|unless| {
        scope.shape(unless, &BARE.needs_props(&["relationship", "since"]));
        let relationship: Option<RelationshipName> =
            scope.name_prop(NameKind::Relationship, unless, "relationship");
        relationship.zip(scope.instant_prop(unless, "since"))
    });
    let governing = VersionName::from(governing?);
    let n_before = scope.count(format!("transition {governing}"));
    policy.transitions.push(Transition {
        governing: governing.clone(),
        acquired_before: acquired_before?,
        unless,
    });
    // The first transition to a version has the version's name; further ones are counted.
    Some(match n_before {
        0 => Rule::new("transition", governing),
        n => Rule::new("transition", format!("{governing}#{}", n + 1)),
    })
}
