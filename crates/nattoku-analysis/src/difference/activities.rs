//! Registered uses: what each needs, who may do it, and on which conditions (R18).

use std::collections::BTreeSet;

use nattoku_model::name::{ActivityName, CategoryName};
use nattoku_model::policy::{Activity, Occasion, Rule};
use nattoku_model::{ChangeKind, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, Wording, less, names};
use super::data::{declared, top_only};
use super::purposes::Explained;
use super::titles::{self, joined, nothing, plain, written};
use super::touch::Touch;

/// Compares activities and the applications that ask. What the purposes have told is left out.
pub(super) fn compare(comparison: &mut Comparison<'_>, explained: &Explained) {
    applications(comparison);
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.activities, &new.activities);
    for name in &names.added {
        if explained.serving.iter().any(|(activity, _)| activity == name) {
            continue;
        }
        comparison
            .add(ChangeKind::ActivityAdded, rule(name))
            .concerns(whom(new, name))
            .touches([Touch::activity(name)])
            .done();
    }
    for name in &names.gone {
        comparison
            .add(ChangeKind::ActivityRemoved, rule(name))
            .concerns(whom(old, name))
            .touches([Touch::activity(name)])
            .done();
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.activities.get(name), new.activities.get(name)) {
            let pair = Pair { name, before, after };
            purposes_and_needs(comparison, &pair, explained);
            conditions(comparison, &pair);
            occasions(comparison, &pair);
            marks(comparison, &pair);
            lists(comparison, &pair);
            title(comparison, &pair);
        }
    }
}

/// An activity as both versions have it.
struct Pair<'a> {
    name: &'a ActivityName,
    before: &'a Activity,
    after: &'a Activity,
}

fn rule(name: &ActivityName) -> Rule {
    Rule::new("activity", name)
}

/// Who holds what the activity needs.
fn whom(policy: &Policy, name: &ActivityName) -> Affected {
    Affected::holds(policy.activities.get(name).into_iter().flat_map(|a| &a.needs))
}

impl Pair<'_> {
    /// Notes a change of the activity that concerns whoever it is about.
    fn note(&self, comparison: &mut Comparison<'_>, kind: ChangeKind, items: Text) {
        let (name, affected) = (self.name, whom(comparison.new, self.name));
        comparison
            .add(kind, rule(name))
            .items(items)
            .concerns(affected)
            .touches([Touch::activity(name)])
            .done();
    }

    fn note_between(&self, comparison: &mut Comparison<'_>, kind: ChangeKind, texts: [Text; 2]) {
        let (name, affected) = (self.name, whom(comparison.new, self.name));
        let [before, after] = texts;
        comparison
            .add(kind, rule(name))
            .between(before, after)
            .concerns(affected)
            .touches([Touch::activity(name)])
            .done();
    }
}

fn applications(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.applications, &new.applications);
    for name in &names.added {
        comparison.add(ChangeKind::ApplicationAdded, Rule::new("application", name)).done();
    }
    for name in &names.gone {
        comparison.add(ChangeKind::ApplicationRemoved, Rule::new("application", name)).done();
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.applications.get(name), new.applications.get(name)) {
            comparison.words(&Rule::new("application", name), &[(&before.title, &after.title)]);
        }
    }
}

fn purposes_and_needs(comparison: &mut Comparison<'_>, pair: &Pair<'_>, explained: &Explained) {
    let both = [comparison.new, comparison.old];
    let more = less(&pair.after.purposes, &pair.before.purposes);
    let more: Vec<_> =
        more.into_iter().filter(|p| !explained.serving.contains(&(pair.name.clone(), p.clone()))).collect();
    let fewer = less(&pair.before.purposes, &pair.after.purposes);
    for (kind, purposes) in [(ChangeKind::ActivityServesMore, more), (ChangeKind::ActivityServesLess, fewer)]
    {
        if !purposes.is_empty() {
            let items = joined(purposes.iter().map(|p| titles::purpose(both, p)));
            pair.note(comparison, kind, items);
        }
    }
    let needs = |policy: &Policy, activity: &Activity| declared(policy, &activity.needs);
    let (needed, needs) = (needs(comparison.old, pair.before), needs(comparison.new, pair.after));
    let is_told = |c: &CategoryName| {
        explained.needing.contains(&(pair.name.clone(), c.clone()))
            // A new part of something needed as a whole is told by the category.
            || pair.before.needs.iter().any(|need| need.covers(c))
    };
    let more = top_only(needs.difference(&needed).filter(|c| !is_told(c)).cloned());
    let fewer =
        top_only(needed.difference(&needs).filter(|c| comparison.new.categories.contains_key(*c)).cloned());
    for (kind, categories) in [(ChangeKind::ActivityNeedsMore, more), (ChangeKind::ActivityNeedsLess, fewer)]
    {
        if categories.is_empty() {
            continue;
        }
        comparison
            .add(kind, rule(pair.name))
            .items(titles::categories(both, &categories))
            .concerns(Affected::holds(&categories))
            .touches(categories.iter().map(|c| Touch::activity(pair.name).on(c)))
            .done();
    }
}

fn conditions(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let both = [comparison.new, comparison.old];
    let during = |a: &Activity| a.during.iter().cloned().collect::<BTreeSet<_>>();
    let (was, is) = (during(pair.before), during(pair.after));
    if was != is {
        // With none named no tie is needed; otherwise one of those named must be alive.
        let is_looser = is.is_empty() || (!was.is_empty() && !is.is_subset(&was));
        let kind = if is_looser {
            ChangeKind::ActivityRelationshipLoosened
        } else {
            ChangeKind::ActivityRelationshipTightened
        };
        let in_words =
            |of: &BTreeSet<_>| {
                joined(of.iter().filter_map(|r| {
                    both.iter().find_map(|p| p.relationships.get(r)).map(|r| r.title.clone())
                }))
            };
        pair.note_between(comparison, kind, [in_words(&was), in_words(&is)]);
    }
    let consents = |names: &[_]| joined(names.iter().map(|c| titles::consent(both, c)));
    let dropped = less(&pair.before.requires, &pair.after.requires);
    let required = less(&pair.after.requires, &pair.before.requires);
    for (kind, items) in
        [(ChangeKind::ActivityConsentDropped, dropped), (ChangeKind::ActivityConsentRequired, required)]
    {
        if !items.is_empty() {
            pair.note(comparison, kind, consents(&items));
        }
    }
    if pair.before.entrusted_by != pair.after.entrusted_by {
        let title = |a: &Activity| a.entrusted_by.as_ref().map_or_else(nothing, plain);
        let texts = [title(pair.before), title(pair.after)];
        pair.note_between(comparison, ChangeKind::ActivityEntrusterChanged, texts);
    }
}

/// Every occasion must have been; so one more is tighter, and one that may lie further back looser.
fn occasions(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let lasting = |occasion: &Occasion, among: &[Occasion]| {
        among.iter().any(|other| other.category == occasion.category && lasts(other) >= lasts(occasion))
    };
    let covers = |from: &[Occasion], by: &[Occasion]| from.iter().all(|o| lasting(o, by));
    let (was, is) = (&pair.before.occasions, &pair.after.occasions);
    let same = covers(was, is) && covers(is, was) && was.len() == is.len();
    if same {
        return;
    }
    // Looser unless each former condition is still asked for, and at least as narrowly.
    let narrower = |o: &Occasion| is.iter().any(|n| n.category == o.category && lasts(n) <= lasts(o));
    let kind = if was.iter().all(narrower) {
        ChangeKind::ActivityOccasionTightened
    } else {
        ChangeKind::ActivityOccasionLoosened
    };
    pair.note(comparison, kind, nothing());
}

fn lasts(occasion: &Occasion) -> jiff::Timestamp {
    occasion.within.after(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC)
}

fn marks(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let mark = |was: bool, is: bool, on: ChangeKind, off: ChangeKind| match (was, is) {
        (false, true) => Some(on),
        (true, false) => Some(off),
        _ => None,
    };
    let (before, after) = (pair.before, pair.after);
    let changes = [
        mark(
            before.may_continue,
            after.may_continue,
            ChangeKind::ActivityMayContinue,
            ChangeKind::ActivityEndsWithAgreement,
        ),
        mark(
            before.combines,
            after.combines,
            ChangeKind::ActivityCombines,
            ChangeKind::ActivityNoLongerCombines,
        ),
        mark(
            before.to_nobody,
            after.to_nobody,
            ChangeKind::ActivityGivesToNobody,
            ChangeKind::ActivityMayGive,
        ),
    ];
    for kind in changes.into_iter().flatten() {
        pair.note(comparison, kind, nothing());
    }
}

fn lists(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (before, after) = (pair.before, pair.after);
    let both = [comparison.new, comparison.old];
    let applications = |names: &[nattoku_model::name::ApplicationName]| {
        joined(names.iter().map(|n| {
            let application = both.iter().find_map(|p| p.applications.get(n));
            application.map_or_else(|| plain(n), |a| a.title.clone())
        }))
    };
    let statutes = |a: &Activity| -> Vec<String> {
        a.statutes.iter().map(|s| format!("{} ({})", s.class.as_str(), s.basis)).collect()
    };
    let minimised = |a: &Activity| -> Vec<String> {
        let each = a.minimise.iter().flat_map(|(what, on)| {
            let on: Vec<&str> =
                if on.is_empty() { vec!["*"] } else { on.iter().map(CategoryName::as_str).collect() };
            on.into_iter().map(|c| format!("{} ({c})", what.as_str())).collect::<Vec<_>>()
        });
        each.collect()
    };
    let outcome = |a: &Activity| a.outcome.iter().cloned().collect::<Vec<String>>();
    let changes = [
        (ChangeKind::ActivityApplicationAdded, applications, less(&after.by, &before.by)),
        (ChangeKind::ActivityApplicationRemoved, applications, less(&before.by, &after.by)),
    ];
    for (kind, in_words, items) in changes {
        if !items.is_empty() {
            pair.note(comparison, kind, in_words(&items));
        }
    }
    let changes = [
        (ChangeKind::ActivityDecidesMore, less(&outcome(after), &outcome(before))),
        (ChangeKind::ActivityDecidesLess, less(&outcome(before), &outcome(after))),
        (ChangeKind::ActivityStatuteAdded, less(&statutes(after), &statutes(before))),
        (ChangeKind::ActivityStatuteRemoved, less(&statutes(before), &statutes(after))),
        (ChangeKind::ActivityMinimisesMore, less(&minimised(after), &minimised(before))),
        (ChangeKind::ActivityMinimisesLess, less(&minimised(before), &minimised(after))),
    ];
    for (kind, items) in changes {
        if !items.is_empty() {
            pair.note(comparison, kind, written(items));
        }
    }
}

fn title(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let texts = (&pair.before.title, &pair.after.title);
    if comparison.wording(texts.0, texts.1) == Wording::Changed {
        pair.note(comparison, ChangeKind::ActivityReworded, nothing());
    } else {
        comparison.words(&rule(pair.name), &[texts]);
    }
}
