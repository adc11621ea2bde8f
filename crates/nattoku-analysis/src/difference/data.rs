//! Kinds of data, where they come from, and the ties that bear on them.

use std::collections::BTreeSet;

use nattoku_model::ChangeKind;
use nattoku_model::name::{CategoryName, SourceName};
use nattoku_model::policy::{Class, Rule};

use super::affected::Affected;
use super::compare::{Comparison, less, names};
use super::titles::{self, nothing, plain, written};
use super::touch::Touch;

/// The classes that protect specially: without them a use needs no individual consent and no statute (TEL-1, APPI-20-2).
const PROTECTING: [Class; 4] =
    [Class::SpecialCare, Class::CommunicationsSecrecy, Class::MyNumber, Class::Referral];

/// Compares categories, sources, entrusters and relationships.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    categories(comparison);
    sources(comparison);
    others(comparison);
}

fn categories(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.categories, &new.categories);
    // What stands below something that is added or gone is told by it.
    let tops = |names: &[CategoryName]| -> Vec<CategoryName> {
        names.iter().filter(|n| n.parent().is_none_or(|above| !names.contains(&above))).cloned().collect()
    };
    for name in tops(&names.added) {
        comparison.add(ChangeKind::CategoryAdded, Rule::new("category", name)).done();
    }
    for name in tops(&names.gone) {
        let affected = Affected::holds([&name]);
        let touch = Touch::category(&name);
        comparison
            .add(ChangeKind::CategoryRemoved, Rule::new("category", &name))
            .concerns(affected)
            .touches([touch])
            .done();
    }
    for name in &names.both {
        category(comparison, name);
    }
}

fn category(comparison: &mut Comparison<'_>, name: &CategoryName) {
    let (old, new) = (comparison.old, comparison.new);
    let (Some(before), Some(after)) = (old.categories.get(name), new.categories.get(name)) else { return };
    let rule = Rule::new("category", name);
    // The classes that apply, wherever they are written; those that the node above gains or loses are told there.
    let inherited = |c: Class| {
        name.parent()
            .is_some_and(|above| old.classes_of(&above).contains(&c) != new.classes_of(&above).contains(&c))
    };
    let (had, has) = (old.classes_of(name), new.classes_of(name));
    let gained: Vec<Class> = has.difference(&had).copied().filter(|c| !inherited(*c)).collect();
    let lost: Vec<Class> = had.difference(&has).copied().filter(|c| !inherited(*c)).collect();
    let (protecting, other): (Vec<Class>, Vec<Class>) =
        lost.into_iter().partition(|c| PROTECTING.contains(c));
    for (kind, classes) in [
        (ChangeKind::CategoryClassAdded, gained),
        (ChangeKind::ProtectionRemoved, protecting),
        (ChangeKind::CategoryClassRemoved, other),
    ] {
        if !classes.is_empty() {
            comparison
                .add(kind, rule.clone())
                .items(written(classes.iter().map(|c| c.as_str())))
                .concerns(Affected::holds([name]))
                .touches([Touch::category(name)])
                .done();
        }
    }
    let both = [new, old];
    let lists = [&before.derived_from, &after.derived_from].map(|s| s.iter().cloned().collect::<Vec<_>>());
    let (more, fewer) = (less(&lists[1], &lists[0]), less(&lists[0], &lists[1]));
    for (kind, origins) in [(ChangeKind::DerivationAdded, more), (ChangeKind::DerivationRemoved, fewer)] {
        if !origins.is_empty() {
            let affected = Affected::holds(origins.iter().chain([name]));
            comparison
                .add(kind, rule.clone())
                .items(titles::categories(both, &origins))
                .concerns(affected)
                .touches([Touch::category(name)])
                .done();
        }
    }
    comparison.words(&rule, &[(&before.title, &after.title), (&before.description, &after.description)]);
}

fn sources(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.sources, &new.sources);
    let rule = |name: &SourceName| Rule::new("source", name);
    for name in &names.added {
        comparison.add(ChangeKind::SourceAdded, rule(name)).concerns(Affected::Everybody).done();
    }
    for name in &names.gone {
        let affected = Affected::HeldFrom(name.clone());
        comparison.add(ChangeKind::SourceRemoved, rule(name)).concerns(affected).done();
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.sources.get(name), new.sources.get(name)) else { continue };
        let from = || Affected::HeldFrom(name.clone());
        let gives = |s: &nattoku_model::policy::Source, p: &nattoku_model::Policy| declared(p, &s.gives);
        let (gave, gives) = (gives(before, old), gives(after, new));
        let both = [new, old];
        let more: Vec<_> = top_only(gives.difference(&gave).filter(|c| !is_new_below(c, &gave)).cloned());
        let fewer: Vec<_> = top_only(gave.difference(&gives).cloned());
        if !more.is_empty() {
            let items = titles::categories(both, &more);
            comparison.add(ChangeKind::SourceGivesMore, rule(name)).items(items).concerns(from()).done();
        }
        if !fewer.is_empty() {
            let items = titles::categories(both, &fewer);
            comparison.add(ChangeKind::SourceGivesLess, rule(name)).items(items).concerns(from()).done();
        }
        if before.channel != after.channel {
            comparison
                .add(ChangeKind::SourceChannelChanged, rule(name))
                .between(titles::channel(before.channel), titles::channel(after.channel))
                .concerns(from())
                .done();
        }
        if before.confirmed_by != after.confirmed_by {
            let [was, is] =
                [&before.confirmed_by, &after.confirmed_by].map(|c| c.as_ref().map_or_else(nothing, plain));
            comparison
                .add(ChangeKind::SourceConfirmationChanged, rule(name))
                .between(was, is)
                .concerns(from())
                .done();
        }
        comparison.words(&rule(name), &[(&before.title, &after.title)]);
    }
}

fn others(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let entrusters = names(&old.entrusters, &new.entrusters);
    for name in &entrusters.added {
        comparison.add(ChangeKind::EntrusterAdded, Rule::new("entruster", name)).done();
    }
    for name in &entrusters.gone {
        let affected = Affected::HeldFor(name.clone());
        comparison.add(ChangeKind::EntrusterRemoved, Rule::new("entruster", name)).concerns(affected).done();
    }
    for name in &entrusters.both {
        let (Some(before), Some(after)) = (old.entrusters.get(name), new.entrusters.get(name)) else {
            continue;
        };
        comparison.words(&Rule::new("entruster", name), &[(&before.title, &after.title)]);
    }
    let relationships = names(&old.relationships, &new.relationships);
    for name in &relationships.added {
        comparison.add(ChangeKind::RelationshipAdded, Rule::new("relationship", name)).done();
    }
    for name in &relationships.gone {
        let affected = Affected::Tied(name.clone());
        comparison
            .add(ChangeKind::RelationshipRemoved, Rule::new("relationship", name))
            .concerns(affected)
            .done();
    }
    for name in &relationships.both {
        let (Some(before), Some(after)) = (old.relationships.get(name), new.relationships.get(name)) else {
            continue;
        };
        let rule = Rule::new("relationship", name);
        if before.kind != after.kind {
            let kind = |k| match k {
                nattoku_model::policy::RelationshipKind::Contract => titles::words("契約", "contract"),
                nattoku_model::policy::RelationshipKind::Membership => titles::words("会員", "membership"),
            };
            comparison
                .add(ChangeKind::RelationshipKindChanged, rule.clone())
                .between(kind(before.kind), kind(after.kind))
                .concerns(Affected::Tied(name.clone()))
                .done();
        }
        comparison.words(&rule, &[(&before.title, &after.title)]);
    }
}

/// Every declared category that one of these covers.
pub(super) fn declared<'n>(
    policy: &nattoku_model::Policy,
    covering: impl IntoIterator<Item = &'n CategoryName>,
) -> BTreeSet<CategoryName> {
    let covering: Vec<&CategoryName> = covering.into_iter().collect();
    policy.categories.keys().filter(|c| covering.iter().any(|above| above.covers(c))).cloned().collect()
}

/// Whether the whole node above was there already, so that the category itself tells that it is new.
fn is_new_below(category: &CategoryName, before: &BTreeSet<CategoryName>) -> bool {
    category.parent().is_some_and(|above| before.contains(&above))
}

/// Of categories that stand below one another, the topmost.
pub(super) fn top_only(categories: impl IntoIterator<Item = CategoryName>) -> Vec<CategoryName> {
    let all: BTreeSet<CategoryName> = categories.into_iter().collect();
    all.iter().filter(|c| !all.iter().any(|other| other != *c && other.covers(c))).cloned().collect()
}
