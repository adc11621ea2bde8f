//! What of a principal's history the versions of a policy can ask about at all.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nattoku_model::Policy;
use nattoku_model::name::{CategoryName, ChoiceName, ConsentName, RelationshipName, WordingName};
use nattoku_model::policy::{Basis, RetentionStart, Versions};

/// The names that rows are made of, in an order of their own, and what may be left out of a row.
///
/// All that any version asks about is kept, so one population serves whichever version is in force and whichever governs.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub(crate) items: Sorted<ConsentName>,
    /// By item: whether some version lets it run out by itself, so that the day on which it was given counts.
    pub(crate) lasting: Vec<bool>,
    pub(crate) choices: Sorted<ChoiceName>,
    pub(crate) relationships: Sorted<RelationshipName>,
    /// The wordings that some version accepts; any other is as good as any other.
    pub(crate) wordings: Sorted<WordingName>,
    /// The categories whose last acquisition opens an activity.
    pub(crate) occasions: Vec<CategoryName>,
    /// The zones in which ages are counted.
    pub(crate) zones: Vec<TimeZone>,
    /// The ages at which some rule changes, in whole years.
    pub(crate) ages: BTreeSet<i16>,
    /// The instants at which acquisition changes the governing version.
    pub(crate) cuts: BTreeSet<Timestamp>,
    /// The trees of categories in which something is worked out from other categories, by the name at the top.
    pub(crate) derived: BTreeSet<String>,
    /// From here on no zone of any version shifts its clock, so that what began earlier ends earlier.
    pub(crate) steady_from: Timestamp,
}

/// Names in order, each with its place as its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sorted<T>(Vec<T>);

impl<T: Ord> Sorted<T> {
    fn new(names: BTreeSet<T>) -> Self {
        Self(names.into_iter().collect())
    }

    pub(crate) fn number(&self, name: &T) -> Option<usize> {
        self.0.binary_search(name).ok()
    }

    pub(crate) fn name(&self, number: usize) -> Option<&T> {
        self.0.get(number)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all names of another are among these.
    fn holds(&self, other: &Self) -> bool {
        other.0.iter().all(|name| self.number(name).is_some())
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl Vocabulary {
    /// What the versions can ask about.
    #[must_use]
    pub fn new(versions: &Versions) -> Self {
        let all = versions.oldest_first();
        let of = |names: &dyn Fn(&Policy) -> Vec<ConsentName>| all.iter().flat_map(|p| names(p)).collect();
        let items: Sorted<ConsentName> = Sorted::new(of(&|p| p.consents.keys().cloned().collect()));
        let lasts = |item: &ConsentName| {
            all.iter().any(|p| p.consents.get(item).is_some_and(|item| item.lasts.is_some()))
        };
        let zones = all.iter().fold(Vec::new(), |mut zones: Vec<TimeZone>, policy| {
            if !zones.contains(&policy.timezone) {
                zones.push(policy.timezone.clone());
            }
            zones
        });
        let occasions: BTreeSet<CategoryName> = all
            .iter()
            .flat_map(|p| p.activities.values().flat_map(|a| a.occasions.iter().map(|o| o.category.clone())))
            .collect();
        Self {
            lasting: items.0.iter().map(lasts).collect(),
            items,
            choices: Sorted::new(all.iter().flat_map(|p| p.choices.keys().cloned()).collect()),
            relationships: Sorted::new(all.iter().flat_map(|p| relationships(p)).collect()),
            wordings: Sorted::new(all.iter().flat_map(|p| wordings(p)).collect()),
            occasions: occasions.into_iter().collect(),
            ages: all.iter().flat_map(|p| ages(p)).collect(),
            cuts: all.iter().flat_map(|p| p.transitions.iter().map(|t| t.acquired_before)).collect(),
            derived: all.iter().flat_map(|p| derived(p)).collect(),
            steady_from: zones.iter().map(last_shift).max().unwrap_or(Timestamp::MIN),
            zones,
        }
    }

    /// Whether rows that were folded for this vocabulary hold all that another asks about: versions of that other one are then
    /// answered over the same population.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        // Every part is named, so that a new one cannot be forgotten here.
        let Self {
            items,
            lasting,
            choices,
            relationships,
            wordings,
            occasions,
            zones,
            ages,
            cuts,
            derived,
            steady_from,
        } = other;
        let runs_out = |item: &ConsentName| {
            self.items.number(item).is_some_and(|number| self.lasting.get(number) == Some(&true))
        };
        self.items.holds(items)
            && items.0.iter().zip(lasting).all(|(item, lasts)| !lasts || runs_out(item))
            && self.choices.holds(choices)
            && self.relationships.holds(relationships)
            && self.wordings.holds(wordings)
            && occasions.iter().all(|occasion| self.occasions.contains(occasion))
            && zones.iter().all(|zone| self.zones.contains(zone))
            && self.ages.is_superset(ages)
            && self.cuts.is_superset(cuts)
            && self.derived.is_superset(derived)
            && self.steady_from >= *steady_from
    }

    /// The oldest age that no rule tells apart from `age`.
    pub(crate) fn age_class(&self, age: i16) -> i16 {
        self.ages.range(..=age).next_back().copied().unwrap_or(i16::MIN)
    }

    /// How many of the cuts lie at or before an instant: what was acquired between the same two is governed alike.
    pub(crate) fn stretch(&self, acquired: Timestamp) -> usize {
        self.cuts.range(..=acquired).count()
    }

    /// Whether the last acquisition of what is under `category` bears on what may be used of that from which it is derived.
    pub(crate) fn needs_newest(&self, category: &CategoryName) -> bool {
        self.derived.contains(top(category))
    }
}

/// Every relationship that a version declares or speaks of.
fn relationships(policy: &Policy) -> BTreeSet<RelationshipName> {
    let during = policy.activities.values().flat_map(|a| &a.during);
    let ended = policy.retentions.iter().flat_map(|r| match &r.after {
        RetentionStart::Ended(relationships) => relationships.as_slice(),
        RetentionStart::Acquired => &[],
    });
    let unless = policy.transitions.iter().filter_map(|t| t.unless.as_ref().map(|(r, _)| r));
    policy.relationships.keys().chain(during).chain(ended).chain(unless).cloned().collect()
}

/// Every wording that an item or a provision accepts.
fn wordings(policy: &Policy) -> BTreeSet<WordingName> {
    let by_items = policy.consents.values().flat_map(|item| &item.accepts);
    let by_provisions = policy.provisions.values().filter_map(|p| match &p.basis {
        Basis::Consent(_, accepts) => accepts.as_ref(),
        Basis::OptOut(_) | Basis::Law(_) => None,
    });
    by_items.chain(by_provisions.flatten()).cloned().collect()
}

fn ages(policy: &Policy) -> BTreeSet<i16> {
    let by_items = policy.consents.values().filter_map(|item| item.guardian);
    let by_laws = policy.packs.iter().filter_map(|law| law.age.as_ref().map(|age| age.guardian));
    by_items.chain(by_laws).flat_map(|g| [Some(g.under), g.judge_from]).flatten().map(i16::from).collect()
}

fn derived(policy: &Policy) -> BTreeSet<String> {
    let derived = policy.categories.iter().filter(|(_, category)| !category.derived_from.is_empty());
    derived.map(|(name, _)| top(name).to_owned()).collect()
}

/// The name at the top of a category's tree.
fn top(category: &CategoryName) -> &str {
    category.as_str().split('.').next().unwrap_or_default()
}

/// When a zone shifted its clock for the last time; the end of time where it does so every year.
fn last_shift(zone: &TimeZone) -> Timestamp {
    zone.preceding(Timestamp::MAX).next().map_or(Timestamp::MIN, |shift| shift.timestamp())
}
