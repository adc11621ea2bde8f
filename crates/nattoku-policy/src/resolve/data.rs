//! Categories and their trees, sources, entrusters, relationships, retention.

use std::collections::BTreeMap;

use nattoku_model::name::{CategoryName, EntrusterName, RelationshipName, SourceName};
use nattoku_model::policy::{
    Category, Channel, Class, Entruster, Policy, Relationship, RelationshipKind, Retention, RetentionStart,
    Source,
};

use super::names::{Declared, NameKind};
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Words};
use crate::language_rules::CYCLIC_DERIVATION;

/// The nodes within a category that are its own parts; any other is a category below it.
pub(crate) const CATEGORY_PARTS: [&str; 7] =
    ["ja", "en", "description", "class", "derived-from", "cite", "allow"];

/// A category, as declared at the top or as a node within another.
pub(super) fn category(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    let is_below = node.name.value != "category" || name.contains('.') && node.declared() != Some(name);
    let shape = DECLARATION.once(&["description"]).many(&["class", "derived-from"]).props(&["class"]).open();
    scope.shape(node, &if is_below { shape.args(0, 0, "", "") } else { shape });
    let mut classes: Vec<Class> = scope.classes(node, node.prop("class"));
    for child in node.children_named("class") {
        scope.shape(child, &BARE.args(1, Class::ALL.len(), "データの区分", "one of the classes"));
        classes.extend(scope.classes(child, &child.args));
    }
    let category = Category {
        title: scope.title(node),
        description: scope.text(node, "description"),
        classes: classes.into_iter().collect(),
        derived_from: scope.names_in(NameKind::Category, node, "derived-from").into_iter().collect(),
    };
    policy.categories.insert(name.into(), category);
}

/// Reports categories derived from themselves in the end, or from what stands above or below them.
pub(super) fn derivations(policy: &Policy, declared: &[Declared<'_>], scope: &mut Scope<'_>) {
    let in_circle = circles(policy);
    for item in declared.iter().filter(|d| d.kind == NameKind::Category) {
        let name = CategoryName::from(item.name.as_str());
        let Some(category) = policy.categories.get(&name) else { continue };
        let related = category.derived_from.iter().find(|origin| origin.covers(&name) || name.covers(origin));
        let at = item.node.child("derived-from").map_or_else(|| item.node.declared_label(), Node::head_label);
        if let Some(origin) = related {
            let message = Words::new(
                format!("項目 `{name}` は、それ自身を含む、または含まれる `{origin}` から派生できません"),
                format!(
                    "the category `{name}` cannot be derived from `{origin}`, which it is part of or contains"
                ),
            );
            scope.error(CYCLIC_DERIVATION.name, at, message);
        } else if in_circle.get(&name).is_some_and(|c| *c) {
            let message = Words::new(
                format!("項目 `{name}` は、派生元をたどると自分に戻ります"),
                format!("the category `{name}` is derived from itself in the end"),
            );
            let help = Words::new(
                "派生元の輪をどこかで切ってください",
                "take one `derived-from` of the circle away",
            );
            scope.report.push(Diagnostic::error(CYCLIC_DERIVATION.name, at, message).help(help));
        }
    }
}

/// For every category whether some path of derivation comes back to it. One walk over all, without recursion: a
/// category is in a circle exactly if it can be neither peeled off as deriving from nothing left, nor as being nothing
/// left's origin.
fn circles(policy: &Policy) -> BTreeMap<CategoryName, bool> {
    let mut left: BTreeMap<&CategoryName, (usize, usize)> =
        policy.categories.iter().map(|(n, c)| (n, (c.derived_from.len(), 0))).collect();
    let mut derives: BTreeMap<&CategoryName, Vec<&CategoryName>> = BTreeMap::new();
    for (name, category) in &policy.categories {
        for origin in &category.derived_from {
            derives.entry(origin).or_default().push(name);
            if let Some((_, derived)) = left.get_mut(origin) {
                *derived += 1;
            }
        }
    }
    let mut todo: Vec<&CategoryName> = left
        .iter()
        .filter(|(_, (origins, derived))| *origins == 0 || *derived == 0)
        .map(|(n, _)| *n)
        .collect();
    while let Some(name) = todo.pop() {
        if left.remove(name).is_none() {
            continue;
        }
        for above in derives.get(name).into_iter().flatten() {
            if let Some((origins, _)) = left.get_mut(above) {
                *origins -= 1;
                if *origins == 0 {
                    todo.push(above);
                }
            }
        }
        for origin in policy.categories.get(name).into_iter().flat_map(|c| &c.derived_from) {
            if let Some((_, derived)) = left.get_mut(origin) {
                *derived -= 1;
                if *derived == 0 {
                    todo.push(origin);
                }
            }
        }
    }
    left.into_keys().map(|n| (n.clone(), true)).collect()
}

/// A place data come from.
pub(super) fn source(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs_props(&["channel"]).once(&["confirmed-by"]).many(&["gives"]));
    if let Some(confirmed) = node.child("confirmed-by") {
        scope.shape(confirmed, &BARE.args(1, 1, "確認の方法", "what confirms it"));
    }
    let title = scope.title(node);
    let channel = node.prop("channel").and_then(|v| scope.one_of(node, v, &Channel::ALL, Channel::as_str));
    let gives = scope.names_in(NameKind::Category, node, "gives");
    let confirmed_by = scope.string_child(node, "confirmed-by").map(str::to_owned);
    if let Some(channel) = channel {
        policy.sources.insert(SourceName::from(name), Source { title, channel, gives, confirmed_by });
    }
}

/// A business whose data are handled for its own work.
pub(super) fn entruster(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION);
    policy.entrusters.insert(EntrusterName::from(name), Entruster { title: scope.title(node) });
}

/// A dated tie between principal and organization.
pub(super) fn relationship(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs_props(&["kind"]));
    let title = scope.title(node);
    let kinds = [RelationshipKind::Contract, RelationshipKind::Membership];
    let kind = node.prop("kind").and_then(|v| {
        scope.one_of(node, v, &kinds, |kind| match kind {
            RelationshipKind::Contract => "contract",
            RelationshipKind::Membership => "membership",
        })
    });
    if let Some(kind) = kind {
        policy.relationships.insert(RelationshipName::from(name), Relationship { title, kind });
    }
}

/// How long a category is kept; the category, where it is declared.
pub(super) fn retention(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) -> Option<CategoryName> {
    let shape =
        BARE.args(1, 1, "データの項目", "one category").needs_props(&["for", "after"]).once(&["of"]).cites();
    scope.shape(node, &shape);
    let category: Option<CategoryName> =
        node.args.first().and_then(|v| scope.name(NameKind::Category, node, v));
    let period = scope.period_prop(node, "for");
    let after = retention_start(node, scope);
    let category = category?;
    let retention = Retention { category: category.clone(), period: period?, after: after? };
    let is_twice = scope.count(format!("retain {category} {}", after_word(&retention.after))) > 0;
    if is_twice {
        let first = scope.names.get(NameKind::Category, category.as_str()).cloned();
        scope.twice(
            node.head_label(),
            first.unwrap_or_else(|| node.head_label()),
            &format!("retain {category}"),
        );
    }
    policy.retentions.push(retention);
    Some(category)
}

fn retention_start(node: &Node, scope: &mut Scope<'_>) -> Option<RetentionStart> {
    let after = node.prop("after").and_then(|v| scope.one_of(node, v, &["acquired", "ended"], |w| w));
    let relationships: Vec<RelationshipName> = scope.names_in(NameKind::Relationship, node, "of");
    let of = node.child("of");
    if after? == "acquired" {
        if let Some(of) = of {
            let message = Words::new(
                "`of` は `after=ended` のときにだけ書けます",
                "`of` belongs to `after=ended` only",
            );
            scope.unexpected(of.head_label(), message);
        }
        return Some(RetentionStart::Acquired);
    }
    if of.is_none() {
        let message = Words::new(
            "`after=ended` には、どの関係の終了かを `of` で書いてください",
            "`after=ended` needs a node `of` with the relationships whose end is meant",
        );
        scope.missing(node.head_label(), message);
    }
    Some(RetentionStart::Ended(relationships))
}

const fn after_word(after: &RetentionStart) -> &'static str {
    match after {
        RetentionStart::Acquired => "acquired",
        RetentionStart::Ended(_) => "ended",
    }
}
