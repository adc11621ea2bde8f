//! Choices: what can be stopped, how freely, and what passes all the same (R49, R50).

use std::collections::BTreeSet;

use nattoku_model::name::{ActivityName, CategoryName, ChoiceName};
use nattoku_model::policy::{Choice, Cover, Rule, SignalKind};
use nattoku_model::{Action, ChangeKind, Language, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, names};
use super::data::{declared, top_only};
use super::titles::{self, joined, plain, words};
use super::touch::Touch;

/// Compares the choices.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.choices, &new.choices);
    let rule = |name: &ChoiceName| Rule::new("choice", name);
    for name in &names.added {
        comparison.add(ChangeKind::ChoiceAdded, rule(name)).concerns(Affected::Everybody).done();
    }
    for name in &names.gone {
        note(comparison, ChangeKind::ChoiceRemoved, name, None);
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.choices.get(name), new.choices.get(name)) else { continue };
        if before.refusability != after.refusability {
            let is_less = after.refusability > before.refusability;
            let kind =
                if is_less { ChangeKind::RefusabilityReduced } else { ChangeKind::RefusabilityIncreased };
            comparison
                .add(kind, rule(name))
                .between(titles::refusability(before.refusability), titles::refusability(after.refusability))
                .concerns(Affected::Declined(name.clone()))
                .touches([Touch::choice(name)])
                .done();
        }
        covers(comparison, name, [before, after]);
        residue(comparison, name, [before, after]);
        comparison
            .words(&rule(name), &[(&before.title, &after.title), (&before.consequence, &after.consequence)]);
    }
    for kind in SignalKind::ALL {
        signal(comparison, kind);
    }
}

/// What a signal declines, among the choices that both versions have: with the others their being added or gone is told. What was
/// recorded by it stays so, whatever a later version says.
fn signal(comparison: &mut Comparison<'_>, kind: SignalKind) {
    let (old, new) = (comparison.old, comparison.new);
    let [was, is] = [old, new].map(|policy| {
        let declines = policy.signals.get(&kind).map(|signal| signal.declines.iter());
        declines.into_iter().flatten().collect::<BTreeSet<&ChoiceName>>()
    });
    let changes = [(ChangeKind::SignalAdded, &is, &was), (ChangeKind::SignalRemoved, &was, &is)];
    for (change, these, others) in changes {
        let in_both = |name: &&&ChoiceName| [old, new].iter().all(|p| p.choices.contains_key(**name));
        for name in these.difference(others).filter(in_both) {
            comparison
                .add(change, Rule::new("choice", name))
                .items(plain(kind.title()))
                .concerns(Affected::Everybody)
                .done();
        }
    }
}

fn note(comparison: &mut Comparison<'_>, kind: ChangeKind, name: &ChoiceName, items: Option<Text>) {
    let noted = comparison.add(kind, Rule::new("choice", name)).concerns(Affected::Declined(name.clone()));
    let noted = noted.touches([Touch::choice(name)]);
    match items {
        Some(items) => noted.items(items).done(),
        None => noted.done(),
    }
}

/// A choice may cover less of one thing and more of another. What covers others that join later covers more than what they
/// are today, so covers are compared as they are written, but for those that another contains.
fn covers(comparison: &mut Comparison<'_>, name: &ChoiceName, pair: [&Choice; 2]) {
    let both = [comparison.new, comparison.old];
    let [before, after] = pair;
    let lost = |from: &Choice, by: &Choice, policy: &Policy| -> Vec<Text> {
        let missing = from.covers.iter().filter(|c| !by.covers.iter().any(|b| contains(policy, b, c)));
        missing.map(|c| cover_words(both, c)).collect()
    };
    let fewer = lost(before, after, comparison.new);
    let more = lost(after, before, comparison.old);
    if !fewer.is_empty() {
        note(comparison, ChangeKind::ChoiceCoversLess, name, Some(joined(fewer)));
    }
    if !more.is_empty() {
        note(comparison, ChangeKind::ChoiceCoversMore, name, Some(joined(more)));
    }
}

/// Whether one cover contains another.
fn contains(policy: &Policy, cover: &Cover, other: &Cover) -> bool {
    let wider = |narrowed: &Option<Action>, than: &Option<Action>| narrowed.is_none() || narrowed == than;
    match (cover, other) {
        (Cover::Activity(a, on), Cover::Activity(b, than)) => a == b && wider(on, than),
        (Cover::Purpose(a, on), Cover::Purpose(b, than)) => a == b && wider(on, than),
        (Cover::Recipients(a), Cover::Recipients(b)) => a == b,
        // Asked for under that purpose alone, an activity of several is covered only then.
        (Cover::Purpose(purpose, on), Cover::Activity(activity, than)) => {
            let purposes = policy.activities.get(activity).map(|a| a.purposes.as_slice());
            purposes == Some(std::slice::from_ref(purpose)) && wider(on, than)
        }
        _ => false,
    }
}

fn cover_words(both: [&Policy; 2], cover: &Cover) -> Text {
    let narrowed = |title: Text, action: &Option<Action>| match action {
        None => title,
        Some(action) => titles::about(&title, &plain(action)),
    };
    match cover {
        Cover::Activity(name, action) => narrowed(titles::activity(both, name), action),
        Cover::Purpose(name, action) => narrowed(titles::purpose(both, name), action),
        Cover::Recipients(kind) => {
            let kind = titles::recipient_kind(*kind);
            words(format!("すべての{}", kind.get(Language::Ja)), format!("every {}", kind.get(Language::En)))
        }
    }
}

fn residue(comparison: &mut Comparison<'_>, name: &ChoiceName, pair: [&Choice; 2]) {
    let both = [comparison.new, comparison.old];
    let flat = |choice: &Choice, policy: &Policy| -> BTreeSet<(ActivityName, CategoryName)> {
        let each = choice
            .residue
            .iter()
            .flat_map(|r| declared(policy, &r.categories).into_iter().map(move |c| (r.activity.clone(), c)));
        each.collect()
    };
    let (was, is) = (flat(pair[0], comparison.old), flat(pair[1], comparison.new));
    let in_words = |parts: BTreeSet<&(ActivityName, CategoryName)>| {
        let activities: BTreeSet<&ActivityName> = parts.iter().map(|(a, _)| a).collect();
        joined(activities.into_iter().map(|activity| {
            let of = parts.iter().filter(|(a, _)| a == activity).map(|(_, c)| c.clone());
            titles::about(&titles::activity(both, activity), &titles::categories(both, &top_only(of)))
        }))
    };
    let more: BTreeSet<_> = is.difference(&was).collect();
    let fewer: BTreeSet<_> = was.difference(&is).collect();
    if !more.is_empty() {
        note(comparison, ChangeKind::ResidueWidened, name, Some(in_words(more)));
    }
    if !fewer.is_empty() {
        note(comparison, ChangeKind::ResidueNarrowed, name, Some(in_words(fewer)));
    }
}
