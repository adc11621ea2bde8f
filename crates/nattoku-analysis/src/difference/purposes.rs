//! Which data serve which purpose: the sum of what a purpose's activities need is compared, not the nodes (R17, CORE-4).

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ActivityName, CategoryName, ConsentName, PurposeName};
use nattoku_model::policy::{Activity, Rule};
use nattoku_model::{ChangeKind, Policy};

use super::affected::Affected;
use super::compare::{Comparison, Wording, names};
use super::consents::standing;
use super::data::{declared, top_only};
use super::titles::{self, plain};
use super::touch::Touch;

/// What the purposes' own changes tell already, so that the activities need not tell it again: an activity serving a
/// purpose, and a category that it newly needs.
#[derive(Default)]
pub(super) struct Explained {
    /// Activities that newly serve a purpose, or serve a new one.
    pub(super) serving: BTreeSet<(ActivityName, PurposeName)>,
    /// Categories that an activity newly needs.
    pub(super) needing: BTreeSet<(ActivityName, CategoryName)>,
}

/// A category that newly serves a purpose, by an activity that needs it.
struct Gain<'a> {
    category: CategoryName,
    activity: &'a ActivityName,
    /// What stands between the data and the use.
    gated: Gate,
}

/// What stands between held data and a new use of them.
#[derive(Clone, PartialEq, Eq)]
enum Gate {
    /// Nothing.
    Open,
    /// Consents that were given for something else count for it.
    Standing(Vec<Affected>),
    /// A consent that nobody has given yet.
    Closed,
}

/// Compares the purposes.
pub(super) fn compare(comparison: &mut Comparison<'_>) -> Explained {
    let (old, new) = (comparison.old, comparison.new);
    let mut explained = Explained::default();
    let names = names(&old.purposes, &new.purposes);
    for name in &names.gone {
        let used = declared(old, served(old, name).flat_map(|(_, a)| &a.needs));
        comparison
            .add(ChangeKind::PurposeRemoved, Rule::new("purpose", name))
            .concerns(Affected::holds(&used))
            .touches([Touch::purpose(name)])
            .done();
    }
    for name in &names.added {
        let gains = gains(old, new, name, &mut explained);
        // A new purpose tells of every activity that serves it.
        explained.serving.extend(served(new, name).map(|(activity, _)| (activity.clone(), name.clone())));
        let rules =
            served(new, name).map(|(activity, _)| Rule::new("activity", activity)).collect::<Vec<_>>();
        let is_of_held_data = gains.iter().any(|g| g.gated != Gate::Closed);
        let kind = match (is_of_held_data, is_related(old, new, name)) {
            (false, _) => ChangeKind::PurposeAddedForNewData,
            (true, false) => ChangeKind::PurposeAdded,
            (true, true) => ChangeKind::PurposeAddedWithinScope,
        };
        note(comparison, kind, name, &gains, rules);
    }
    for name in &names.both {
        existing(comparison, name, &mut explained);
    }
    explained
}

fn existing(comparison: &mut Comparison<'_>, name: &PurposeName, explained: &mut Explained) {
    let (old, new) = (comparison.old, comparison.new);
    let (Some(before), Some(after)) = (old.purposes.get(name), new.purposes.get(name)) else { return };
    let rule = Rule::new("purpose", name);
    let gains = gains(old, new, name, explained);
    let (closed, open): (Vec<Gain<'_>>, Vec<Gain<'_>>) =
        gains.into_iter().partition(|g| g.gated == Gate::Closed);
    let because =
        |gains: &[Gain<'_>]| gains.iter().map(|g| Rule::new("activity", g.activity)).collect::<Vec<_>>();
    let is_related = is_related(old, new, name);
    let is_widened = !open.is_empty();
    if is_widened {
        let kind =
            if is_related { ChangeKind::PurposeWidenedWithinScope } else { ChangeKind::PurposeWidened };
        note(comparison, kind, name, &open, because(&open));
    }
    if !closed.is_empty() {
        note(comparison, ChangeKind::PurposeWidenedOnConsent, name, &closed, because(&closed));
    }
    let wording = comparison.wording(&before.title, &after.title);
    // Whoever widens a purpose words it anew; that is one change.
    if wording == Wording::Changed && !is_widened {
        let used = declared(old, served(old, name).flat_map(|(_, a)| &a.needs));
        let affected = Affected::holds(&used);
        let kind =
            if is_related { ChangeKind::PurposeRewordedWithinScope } else { ChangeKind::PurposeReworded };
        comparison.add(kind, rule.clone()).concerns(affected).done();
    }
    if before.number != after.number {
        comparison
            .add(ChangeKind::PurposeRenumbered, rule.clone())
            .between(plain(&before.number), plain(&after.number))
            .done();
    }
    let title = (&before.title, &after.title);
    let benefit = (&before.benefit, &after.benefit);
    let texts = if wording == Wording::Translation { vec![title, benefit] } else { vec![benefit] };
    comparison.words(&rule, &texts);
}

fn note(
    comparison: &mut Comparison<'_>,
    kind: ChangeKind,
    name: &PurposeName,
    gains: &[Gain<'_>],
    because: Vec<Rule>,
) {
    let both = [comparison.new, comparison.old];
    let categories = top_only(gains.iter().map(|g| g.category.clone()));
    let affected = affected(gains);
    let old = comparison.old;
    let touch = |gain: &Gain<'_>| match old.activities.get(gain.activity) {
        // What is new altogether is told of here alone, for all that it does.
        None => Touch::activity(gain.activity),
        Some(known) if !known.purposes.contains(name) => Touch::purpose(name).by(gain.activity),
        Some(_) => Touch::purpose(name).by(gain.activity).on(&gain.category),
    };
    let mut touches: Vec<Touch> = gains.iter().map(touch).collect();
    if gains.is_empty() {
        touches.push(Touch::purpose(name));
    }
    comparison
        .add(kind, Rule::new("purpose", name))
        .items(titles::categories(both, &categories))
        .concerns(affected)
        .because(because)
        .touches(touches)
        .done();
}

/// Who holds what newly serves the purpose; under a consent that is to count for it, those only who gave it.
fn affected(gains: &[Gain<'_>]) -> Affected {
    let mut by_gate: Vec<(&Gate, BTreeSet<&CategoryName>)> = Vec::new();
    for gain in gains {
        match by_gate.iter_mut().find(|(gate, _)| *gate == &gain.gated) {
            Some((_, categories)) => _ = categories.insert(&gain.category),
            None => by_gate.push((&gain.gated, BTreeSet::from([&gain.category]))),
        }
    }
    Affected::any(by_gate.into_iter().map(|(gate, categories)| {
        let top = top_only(categories.into_iter().cloned());
        let holds = Affected::holds(&top);
        match gate {
            Gate::Open | Gate::Closed => holds,
            Gate::Standing(agreed) => agreed.iter().cloned().fold(holds, Affected::and),
        }
    }))
}

/// Whether the newer version says of the purpose, with the reason, that it stays within what is related to those of the
/// older one (APPI-17-2).
fn is_related(old: &Policy, new: &Policy, purpose: &PurposeName) -> bool {
    new.purposes.get(purpose).is_some_and(|p| p.related.contains_key(&old.version))
}

/// The activities that serve a purpose with the controller's own data.
fn served<'p>(
    policy: &'p Policy,
    purpose: &PurposeName,
) -> impl Iterator<Item = (&'p ActivityName, &'p Activity)> {
    let purpose = purpose.clone();
    policy.activities.iter().filter(move |(_, a)| a.purposes.contains(&purpose) && a.entrusted_by.is_none())
}

/// The declared categories that an activity uses: what it needs, and what that is worked out from (R16).
fn used(policy: &Policy, activity: &Activity) -> BTreeSet<CategoryName> {
    let origins: BTreeSet<CategoryName> =
        activity.needs.iter().flat_map(|need| policy.origins_of(need)).collect();
    declared(policy, activity.needs.iter().chain(&origins))
}

/// What newly serves the purpose of what the older version knew, by each activity that brings it. What served it under a
/// consent serves it newly where that is no longer asked for, unless the activity itself tells so.
fn gains<'a>(
    old: &Policy,
    new: &'a Policy,
    purpose: &PurposeName,
    explained: &mut Explained,
) -> Vec<Gain<'a>> {
    let mut before: BTreeMap<CategoryName, Vec<(&ActivityName, BTreeSet<&ConsentName>)>> = BTreeMap::new();
    for (name, activity) in served(old, purpose) {
        for category in used(old, activity) {
            before.entry(category).or_default().push((name, activity.requires.iter().collect()));
        }
    }
    let mut gains = Vec::new();
    for (name, activity) in served(new, purpose) {
        let requires: BTreeSet<&ConsentName> = activity.requires.iter().collect();
        for category in used(new, activity) {
            let is_held_already = old.categories.contains_key(&category);
            let served_before = before.get(&category).is_some_and(|activities| {
                activities.iter().any(|(known, asked)| *known == name || asked.is_subset(&requires))
            });
            if is_held_already && !served_before {
                explained.serving.insert((name.clone(), purpose.clone()));
                explained.needing.insert((name.clone(), category.clone()));
                gains.push(Gain { category, activity: name, gated: gate(old, new, &activity.requires) });
            }
        }
    }
    gains
}

fn gate(old: &Policy, new: &Policy, requires: &[ConsentName]) -> Gate {
    if requires.is_empty() {
        return Gate::Open;
    }
    let mut agreed = Vec::new();
    for item in requires {
        match standing(old, new, item, None) {
            Some(wordings) => agreed.push(Affected::Agreed(item.clone(), wordings)),
            None => return Gate::Closed,
        }
    }
    Gate::Standing(agreed)
}
