//! What may be held, what may have been, and the ties that bear on it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use nattoku_model::name::{CategoryName, EntrusterName, RelationshipName, SourceName};
use nattoku_model::policy::{Channel, RetentionStart};
use nattoku_model::{Action, Event};

use super::super::time::{LATELY, before, stretches};
use super::super::variable::{Counts, Draft, Kind, Variable};
use super::{Domains, Question};

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

impl Domains {
    /// Nothing recorded; something that was and has been erased; or one holding, of every category within, from every kind of
    /// source, acquired in every stretch of time. More than one need not be looked at: every gate takes the worst of them, so
    /// that what several pass each passes alone.
    pub(super) fn holding(&mut self, question: &Question<'_>) -> Rc<Variable> {
        let at = question.at();
        self.make(at, key("holding", question), || {
            let erased = Event::DataErased { category: question.category.clone() };
            let draft = Draft::new(Kind::Holding, question.category.as_str())
                .value("nothing", Vec::new())
                .value("erased", vec![(before(at, LATELY), erased)]);
            held(draft, question, question.within(), false)
        })
    }

    /// What stands beside something that the category was worked out from: nothing, or a holding that passes wherever any does,
    /// from a source that is vouched for or from the business whose work it is, as fresh as each governing version leaves it.
    pub(super) fn companion(&mut self, question: &Question<'_>) -> Rc<Variable> {
        self.make(question.at(), key("companion", question), || {
            let draft = Draft::new(Kind::Holding, question.category.as_str()).value("nothing", Vec::new());
            held(draft, question, question.within(), true)
        })
    }

    /// What may be held of something that the category was worked out from.
    pub(super) fn origin(&mut self, question: &Question<'_>) -> Rc<Variable> {
        self.make(question.at(), key("origin", question), || {
            let draft = Draft::new(Kind::Origin, question.category.as_str()).value("nothing", Vec::new());
            held(draft, question, question.origins().iter().collect(), false)
        })
    }

    /// Never, lately enough, or too long ago, for everything that must have been acquired for the activity to be open.
    pub(super) fn occasions(&mut self, question: &Question<'_>) -> Vec<Rc<Variable>> {
        let at = question.at();
        let mut variables = Vec::new();
        let mut seen = BTreeSet::new();
        for text in question.texts() {
            let activity = text.activities.get(&question.request.activity);
            for occasion in activity.into_iter().flat_map(|a| &a.occasions) {
                if !seen.insert(occasion.category.clone()) {
                    continue;
                }
                let is_within = |c: &CategoryName| c.covers(&occasion.category);
                let is_collected = question.request.action == Action::Collect;
                let counts = Counts {
                    as_holding: !is_collected
                        && (is_within(question.category) || question.origins().iter().any(is_within)),
                    ..Counts::default()
                };
                let key = format!("occasion {} {} {counts:?}", occasion.category, occasion.within);
                variables.push(self.make(at, key, || {
                    let mut draft =
                        Draft::new(Kind::Occasion, occasion.category.as_str()).value("never", Vec::new());
                    draft.counts = counts;
                    if let Some(source) = sources(question, &occasion.category).into_iter().next() {
                        let long_ago = before(occasion.within.before(at, &text.timezone), YEAR / 365);
                        let acquired = |when| vec![(when, acquired(&occasion.category, &source, None))];
                        draft.push("lately", acquired(before(at, LATELY)));
                        draft.push("long ago", acquired(long_ago));
                    }
                    draft
                }));
            }
        }
        variables
    }

    /// A relationship that stands for those that no rule tells apart from it: never, alive, or ended in each stretch of time.
    pub(super) fn tie(
        &mut self,
        question: &Question<'_>,
        name: &RelationshipName,
        all: &[RelationshipName],
        cuts: &BTreeSet<Timestamp>,
        (for_transition, for_tie): (bool, bool),
    ) -> Rc<Variable> {
        let at = question.at();
        let counts = Counts { for_transition, for_tie, ..Counts::default() };
        let key = format!("tie {all:?} {cuts:?} {counts:?}");
        self.make(at, key, || {
            let start = |when| (when, Event::RelationshipStarted { relationship: name.clone() });
            let end = |when| (when, Event::RelationshipEnded { relationship: name.clone() });
            let mut draft = Draft::new(Kind::Tie, name.as_str())
                .value("never", Vec::new())
                .value("alive", vec![start(before(at, YEAR))]);
            draft.names.extend(all.iter().map(ToString::to_string));
            draft.counts = counts;
            for when in stretches(at, cuts) {
                draft.push(&format!("ended {when}"), vec![start(before(when, YEAR)), end(when)]);
            }
            draft
        })
    }

    /// Whether the act is stopped.
    pub(super) fn restriction(&mut self, question: &Question<'_>) -> Rc<Variable> {
        let at = question.at();
        let key = format!("restriction {} {}", question.category, question.request.action);
        self.make(at, key, || {
            let placed = Event::RestrictionPlaced {
                categories: vec![question.category.clone()],
                actions: vec![question.request.action],
                claim: None,
            };
            Draft::new(Kind::Restriction, question.category.as_str())
                .value("none", Vec::new())
                .value(question.request.action.as_str(), vec![(before(at, LATELY), placed)])
        })
    }
}

/// What tells apart variables about what is held.
fn key(what: &str, question: &Question<'_>) -> String {
    let is_collected = question.request.action == Action::Collect;
    let cuts = (&question.extra.acquired, &question.extra.ages);
    let activities =
        question.texts().into_iter().filter_map(|p| p.activities.get(&question.request.activity));
    let occasions: Vec<_> = activities.flat_map(|a| &a.occasions).collect();
    format!("{what} {} {cuts:?} {is_collected} {occasions:?}", question.category)
}

/// Adds to a draft one holding of each of these categories, from each kind of source or entrusted by each business, acquired
/// in each stretch of time. `best` leaves out sources and stretches that others are never worse than.
fn held(mut draft: Draft, question: &Question<'_>, categories: Vec<&CategoryName>, best: bool) -> Draft {
    let at = question.at();
    let versions = question.words.versions.oldest_first();
    let transitions: BTreeSet<Timestamp> =
        versions.iter().flat_map(|v| &v.transitions).map(|t| t.acquired_before).collect();
    for category in categories {
        let instants = if best {
            stretches(at, &transitions)
        } else {
            stretches(at, &cuts_of_acquisition(question, category))
        };
        let sources = sources(question, category);
        let n_sources = if best { 1 } else { sources.len() };
        let own = sources.iter().take(n_sources).map(|source| (source, None));
        // Of what others entrust, the source is not asked about.
        let entrusted = sources.first().into_iter().flat_map(|source| {
            question.policy.entrusters.keys().map(move |entruster| (source, Some(entruster)))
        });
        for (source, entruster) in own.chain(entrusted) {
            for when in &instants {
                let what = format!("{category} {source} {entruster:?}");
                draft.push(&what, vec![(*when, acquired(category, source, entruster))]);
            }
        }
    }
    draft
}

fn acquired(category: &CategoryName, source: &SourceName, entruster: Option<&EntrusterName>) -> Event {
    Event::DataAcquired {
        category: category.clone(),
        source: source.clone(),
        entrusted_from: entruster.cloned(),
        policy_version: None,
    }
}

/// One source of each kind, as far as this category is concerned: vouched for or not, and agreed to give it or not. Those that
/// are and do come first.
fn sources(question: &Question<'_>, category: &CategoryName) -> Vec<SourceName> {
    let mut by_kind: BTreeMap<Vec<bool>, SourceName> = BTreeMap::new();
    let names: BTreeSet<&SourceName> = question.texts().into_iter().flat_map(|p| p.sources.keys()).collect();
    for name in names {
        let mut kind = Vec::new();
        for text in question.texts().into_iter().chain([question.policy]) {
            let source = text.sources.get(name);
            kind.push(source.is_none_or(|s| s.channel == Channel::Indirect && s.confirmed_by.is_none()));
            kind.push(source.is_none_or(|s| !s.gives.iter().any(|c| c.covers(category))));
        }
        by_kind.entry(kind).or_insert_with(|| name.clone());
    }
    by_kind.into_values().collect()
}

/// The instants that tell apart when something of the category was acquired.
fn cuts_of_acquisition(question: &Question<'_>, category: &CategoryName) -> BTreeSet<Timestamp> {
    let at = question.at();
    let mut cuts = question.extra.acquired.clone();
    cuts.extend(question.extra.ages.iter().map(|p| p.before(at, &question.policy.timezone)));
    for version in question.words.versions.oldest_first() {
        cuts.extend(version.transitions.iter().map(|t| t.acquired_before));
        let retentions = version.retention_within(category);
        cuts.extend(retentions.map(|r| r.period.before(at, &version.timezone)));
        let activity = version.activities.get(&question.request.activity);
        let occasions =
            activity.into_iter().flat_map(|a| &a.occasions).filter(|o| o.category.covers(category));
        cuts.extend(occasions.map(|o| o.within.before(at, &version.timezone)));
    }
    cuts
}

/// The instants that tell apart when a relationship ended.
pub(super) fn cuts_of_ends(question: &Question<'_>) -> BTreeSet<Timestamp> {
    let at = question.at();
    let mut cuts = BTreeSet::new();
    let held: Vec<&CategoryName> =
        question.within().into_iter().chain(question.origins()).chain([question.category]).collect();
    for version in question.words.versions.oldest_first() {
        cuts.extend(version.transitions.iter().filter_map(|t| t.unless.as_ref()).map(|(_, since)| *since));
        for retention in held.iter().flat_map(|c| version.retention_of(c)) {
            if let RetentionStart::Ended(_) = &retention.after {
                cuts.insert(retention.period.before(at, &version.timezone));
            }
        }
    }
    cuts
}
