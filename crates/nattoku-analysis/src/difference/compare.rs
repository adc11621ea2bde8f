//! What every part of the comparison needs: both policies, and a place for what was found.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::policy::{Place, Rule};
use nattoku_model::{ChangeClass, ChangeKind, Language, Policy, Text};

use super::affected::Affected;
use super::titles;
use super::touch::Touch;
use super::{Cause, Change};

/// Both policies, and what was found to differ.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Policy,
    pub(super) new: &'a Policy,
    pub(super) changes: Vec<Change>,
}

/// How a text differs from another by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wording {
    /// Not at all, but for white space.
    Same,
    /// In a language that does not prevail (A10).
    Translation,
    /// In the language that prevails.
    Changed,
}

impl<'a> Comparison<'a> {
    pub(super) const fn new(old: &'a Policy, new: &'a Policy) -> Self {
        Self { old, new, changes: Vec::new() }
    }

    /// Notes a change of a rule that concerns nobody and touches no act, until it is said otherwise.
    pub(super) fn add(&mut self, kind: ChangeKind, subject: Rule) -> Noted<'_> {
        let title = titles::of_rule(self.new, &subject).or_else(|| titles::of_rule(self.old, &subject));
        let change = Change {
            kind,
            within: None,
            title: title.unwrap_or_else(|| titles::plain(&subject.name)),
            details: BTreeMap::new(),
            before: place(self.old, &subject),
            after: place(self.new, &subject),
            causes: Vec::new(),
            affected: Affected::Nobody,
            touches: Vec::new(),
            class: ChangeClass::None,
            rulings: Vec::new(),
            effects: Vec::new(),
            subject,
        };
        Noted { change, comparison_old: self.old, comparison_new: self.new, changes: &mut self.changes }
    }

    /// Compares two texts by what prevails.
    pub(super) fn wording(&self, old: &Text, new: &Text) -> Wording {
        let differs = |language: Language| squeezed(old, language) != squeezed(new, language);
        if differs(self.new.prevails) {
            Wording::Changed
        } else if Language::ALL.into_iter().any(differs) {
            Wording::Translation
        } else {
            Wording::Same
        }
    }

    /// Notes that words which only explain differ, once for a rule.
    pub(super) fn words(&mut self, rule: &Rule, texts: &[(&Text, &Text)]) {
        let kinds: Vec<Wording> = texts.iter().map(|(old, new)| self.wording(old, new)).collect();
        if kinds.contains(&Wording::Changed) {
            self.add(ChangeKind::WordingChanged, rule.clone()).done();
        } else if kinds.contains(&Wording::Translation) {
            self.add(ChangeKind::TranslationChanged, rule.clone()).done();
        }
    }
}

/// A text without what white space adds to it.
pub(super) fn squeezed(text: &Text, language: Language) -> String {
    text.0.get(&language).map(|t| t.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

fn place(policy: &Policy, rule: &Rule) -> Option<Place> {
    policy.place_of(rule).cloned()
}

/// A change that is being noted.
pub(super) struct Noted<'c> {
    change: Change,
    comparison_old: &'c Policy,
    comparison_new: &'c Policy,
    changes: &'c mut Vec<Change>,
}

impl Noted<'_> {
    /// Says which things it is about.
    pub(super) fn items(self, items: Text) -> Self {
        self.detail("items", items)
    }

    /// Says what was and what is.
    pub(super) fn between(self, before: Text, after: Text) -> Self {
        self.detail("before", before).detail("after", after)
    }

    fn detail(mut self, key: &'static str, value: Text) -> Self {
        self.change.details.insert(key, value);
        self
    }

    /// Says whom it concerns.
    pub(super) fn concerns(mut self, affected: Affected) -> Self {
        self.change.affected = affected;
        self
    }

    /// Says on which acts it may bear.
    pub(super) fn touches(mut self, touches: impl IntoIterator<Item = Touch>) -> Self {
        self.change.touches.extend(touches);
        self
    }

    /// Tells it from another change of its kind to the same rule.
    pub(super) fn within(mut self, name: &(impl ToString + ?Sized)) -> Self {
        self.change.within = Some(name.to_string());
        self
    }

    /// Names other rules whose change is part of it.
    pub(super) fn because(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        for rule in rules {
            let cause = Cause {
                before: place(self.comparison_old, &rule),
                after: place(self.comparison_new, &rule),
                rule,
            };
            if !self.change.causes.contains(&cause) {
                self.change.causes.push(cause);
            }
        }
        self
    }

    /// Keeps it.
    pub(super) fn done(self) {
        self.changes.push(self.change);
    }
}

/// The names that both maps have, those that only the first has, and those that only the second has.
pub(super) struct Names<K> {
    pub(super) both: Vec<K>,
    pub(super) gone: Vec<K>,
    pub(super) added: Vec<K>,
}

pub(super) fn names<K: Ord + Clone, V, W>(old: &BTreeMap<K, V>, new: &BTreeMap<K, W>) -> Names<K> {
    Names {
        both: old.keys().filter(|k| new.contains_key(*k)).cloned().collect(),
        gone: old.keys().filter(|k| !new.contains_key(*k)).cloned().collect(),
        added: new.keys().filter(|k| !old.contains_key(*k)).cloned().collect(),
    }
}

/// What the first list has and the second has not.
pub(super) fn less<T: Ord + Clone>(from: &[T], less: &[T]) -> Vec<T> {
    from.iter().filter(|t| !less.contains(t)).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
