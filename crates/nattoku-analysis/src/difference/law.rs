//! Prohibitions, exceptions by law, and which earlier version goes on to govern what (R37, R43 to R45, R75).

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ActivityName, CategoryName, VersionName};
use nattoku_model::policy::{Exception, Prohibition, RecipientKind, Rule, Transition};
use nattoku_model::{Action, ChangeKind, Language, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, names};
use super::data::declared;
use super::titles::{joined, nothing, plain, words};
use super::touch::Touch;

/// Compares prohibitions, exceptions and transitions.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    prohibitions(comparison);
    exceptions(comparison);
    transitions(comparison);
}

/// The activities that decide what the prohibition is about.
fn deciding(comparison: &Comparison<'_>, prohibition: &Prohibition) -> BTreeSet<ActivityName> {
    let activities = [comparison.old, comparison.new].into_iter().flat_map(|p| &p.activities);
    activities
        .filter(|(_, a)| a.outcome.as_deref() == Some(prohibition.outcome.as_str()))
        .map(|(name, _)| name.clone())
        .collect()
}

fn prohibitions(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.prohibitions, &new.prohibitions);
    let kinds = [
        (&names.added, new, ChangeKind::ProhibitionAdded),
        (&names.gone, old, ChangeKind::ProhibitionRemoved),
    ];
    for (names, policy, kind) in kinds {
        for (name, prohibition) in names.iter().filter_map(|n| Some((n, policy.prohibitions.get(n)?))) {
            let activities = deciding(comparison, prohibition);
            comparison
                .add(kind, Rule::new("prohibition", name))
                .concerns(Affected::Everybody)
                .touches(activities.iter().map(Touch::activity))
                .done();
        }
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.prohibitions.get(name), new.prohibitions.get(name)) else {
            continue;
        };
        let rule = Rule::new("prohibition", name);
        let touched: BTreeSet<ActivityName> =
            deciding(comparison, before).into_iter().chain(deciding(comparison, after)).collect();
        for (kind, differs) in [
            (ChangeKind::ProhibitionNarrowed, !forbids(old, before, new, after)),
            (ChangeKind::ProhibitionWidened, !forbids(new, after, old, before)),
        ] {
            if differs {
                comparison
                    .add(kind, rule.clone())
                    .concerns(Affected::Everybody)
                    .touches(touched.iter().map(Touch::activity))
                    .done();
            }
        }
        comparison.words(&rule, &[(&before.title, &after.title)]);
    }
}

/// Whether `by` still forbids all that `from` forbids. With neither category nor class named, an outcome is forbidden on
/// anything.
fn forbids(from_policy: &Policy, from: &Prohibition, by_policy: &Policy, by: &Prohibition) -> bool {
    if from.outcome != by.outcome {
        return false;
    }
    let is_total = |p: &Prohibition| p.on.is_empty() && p.classes.is_empty();
    if is_total(from) || is_total(by) {
        return is_total(by);
    }
    let (was, is) = (declared(from_policy, &from.on), declared(by_policy, &by.on));
    let still = was.iter().filter(|c| by_policy.categories.contains_key(*c)).all(|c| is.contains(c));
    still && from.classes.is_subset(&by.classes)
}

fn exceptions(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.exceptions, &new.exceptions);
    for name in &names.added {
        comparison
            .add(ChangeKind::ExceptionAdded, Rule::new("exception", name))
            .concerns(Affected::Everybody)
            .done();
    }
    for name in &names.gone {
        comparison
            .add(ChangeKind::ExceptionRemoved, Rule::new("exception", name))
            .concerns(Affected::Everybody)
            .done();
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.exceptions.get(name), new.exceptions.get(name)) else {
            continue;
        };
        let rule = Rule::new("exception", name);
        for (kind, items) in [
            (ChangeKind::ExceptionLoosened, loosened(new, before, after)),
            (ChangeKind::ExceptionTightened, loosened(new, after, before)),
        ] {
            if !items.is_empty() {
                comparison.add(kind, rule.clone()).items(joined(items)).concerns(Affected::Everybody).done();
            }
        }
        comparison.words(&rule, &[(&before.title, &after.title)]);
    }
}

/// In what the second asks for less, or permits more, than the first; both over the categories of one policy, so that a
/// change of those is not told here again.
fn loosened(policy: &Policy, before: &Exception, after: &Exception) -> Vec<Text> {
    let actions = |e: &Exception| -> BTreeSet<Action> {
        if e.actions.is_empty() { Action::ALL.into_iter().collect() } else { e.actions.clone() }
    };
    let permits = actions(after).difference(&actions(before)).map(plain).collect::<Vec<_>>();
    let gives = actions(after).iter().any(|a| a.gives());
    let to = RecipientKind::ALL
        .into_iter()
        .filter(|_| gives)
        .filter_map(|kind| gained(policy, kind, before, after));
    let requires = before.requires.difference(&after.requires).map(|r| plain(r.as_str()));
    let obliges = before.obliges.iter().filter(|o| !after.obliges.contains(o)).map(plain);
    let warrant = (after.warrant && !before.warrant).then(|| words("令状", "warrant"));
    let basis = (before.basis != after.basis).then(|| plain(&after.basis));
    permits.into_iter().chain(to).chain(requires).chain(obliges).chain(warrant).chain(basis).collect()
}

/// A kind of recipient to whom the second lets more go, with what where that is not everything.
fn gained(policy: &Policy, kind: RecipientKind, before: &Exception, after: &Exception) -> Option<Text> {
    let newly: Vec<&CategoryName> = policy
        .categories
        .keys()
        .filter(|c| after.may_give(policy, c, kind) && !before.may_give(policy, c, kind))
        .collect();
    if newly.is_empty() || newly.len() == policy.categories.len() {
        return newly.first().map(|_| plain(kind.as_str()));
    }
    // What lies below a category that is told need not be told too.
    let told = newly.iter().filter(|c| !newly.iter().any(|above| above != *c && above.covers(c)));
    let told = joined(told.filter_map(|c| policy.categories.get(*c)).map(|c| c.title.clone()));
    let told = |language| format!("{} ({})", kind.as_str(), told.get(language));
    Some(words(told(Language::Ja), told(Language::En)))
}

fn transitions(comparison: &mut Comparison<'_>) {
    let by_version = |policy: &Policy| {
        let mut all: BTreeMap<VersionName, Vec<Transition>> = BTreeMap::new();
        for transition in &policy.transitions {
            all.entry(transition.governing.clone()).or_default().push(transition.clone());
        }
        for transitions in all.values_mut() {
            transitions.sort_by_key(|t| (t.acquired_before, t.unless.clone()));
        }
        all
    };
    let (old, new) = (by_version(comparison.old), by_version(comparison.new));
    let names = names(&old, &new);
    let rule = |version: &VersionName| Rule::new("transition", version);
    for version in &names.added {
        comparison.add(ChangeKind::TransitionAdded, rule(version)).concerns(Affected::Everybody).done();
    }
    for version in &names.gone {
        comparison.add(ChangeKind::TransitionRemoved, rule(version)).concerns(Affected::Everybody).done();
    }
    for version in &names.both {
        if old.get(version) != new.get(version) {
            let [was, is] = [(comparison.old, &old), (comparison.new, &new)].map(|(policy, all)| {
                all.get(version).map_or_else(nothing, |t| joined(t.iter().map(|t| in_words(policy, t))))
            });
            comparison
                .add(ChangeKind::TransitionChanged, rule(version))
                .between(was, is)
                .concerns(Affected::Everybody)
                .done();
        }
    }
}

fn in_words(policy: &Policy, transition: &Transition) -> Text {
    let before = policy.local(transition.acquired_before);
    let (ja, en) = (format!("{before} より前に取得したもの"), format!("acquired before {before}"));
    let Some((relationship, since)) = &transition.unless else { return words(ja, en) };
    let title =
        policy.relationships.get(relationship).map_or_else(|| plain(relationship), |r| r.title.clone());
    let since = policy.local(*since);
    words(
        format!("{ja}（{since} 以後に{}であった方を除く）", title.get(Language::Ja)),
        format!("{en}, unless {} since {since}", title.get(Language::En)),
    )
}
