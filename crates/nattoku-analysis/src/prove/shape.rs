//! Kinds of request: every combination of what a request names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use nattoku_model::name::{
    ActivityName, ApplicationName, CategoryName, ExceptionName, PurposeName, RecipientName,
};
use nattoku_model::policy::invariant::{Ground, Invariant};
use nattoku_model::policy::{Class, Exception, Policy, Requirement, Versions};
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Request};

/// What a request can name.
pub(super) struct Words<'a> {
    pub(super) versions: &'a Versions,
    pub(super) policy: &'a Policy,
    /// Those of every version that has a text, and one that none registers.
    pub(super) activities: Vec<ActivityName>,
    pub(super) categories: Vec<CategoryName>,
    /// By category, what every version says of it.
    about: BTreeMap<CategoryName, About>,
    pub(super) purposes: Vec<PurposeName>,
    pub(super) recipients: Vec<RecipientName>,
    /// Exceptions of which one stands for all that permit the same.
    pub(super) exceptions: Vec<ExceptionName>,
    /// Whether more than one version has a text, so that the version that governs decides what an activity is.
    pub(super) has_texts: bool,
}

/// What is told of a category again and again.
struct About {
    /// The categories it may be worked out from, and those below them.
    origins: Vec<CategoryName>,
    /// The classes of it, of what is below it and of what it may be worked out from.
    classes: BTreeSet<Class>,
}

/// One kind of request, by position in [`Words`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) action: Action,
    pub(super) activity: usize,
    pub(super) purpose: Option<usize>,
    pub(super) application: ApplicationName,
    pub(super) category: usize,
    pub(super) recipient: Option<usize>,
    pub(super) exception: Option<usize>,
}

impl<'a> Words<'a> {
    pub(super) fn new(versions: &'a Versions, invariants: &[&Invariant]) -> Self {
        let policy = versions.current();
        let texts: Vec<&Policy> = versions.oldest_first().into_iter().filter(|p| !p.text_absent).collect();
        let mut activities: BTreeSet<ActivityName> =
            texts.iter().flat_map(|p| p.activities.keys().cloned()).collect();
        let mut unregistered = "unregistered_use".to_owned();
        while activities.contains(unregistered.as_str()) {
            unregistered.push('_');
        }
        let mut activities: Vec<ActivityName> = std::mem::take(&mut activities).into_iter().collect();
        activities.push(ActivityName::new(unregistered));
        Self {
            versions,
            policy,
            activities,
            categories: policy.categories.keys().cloned().collect(),
            about: policy.categories.keys().map(|c| (c.clone(), about(&texts, policy, c))).collect(),
            purposes: policy.purposes.keys().cloned().collect(),
            recipients: policy.recipients.keys().cloned().collect(),
            exceptions: exceptions(policy, invariants),
            has_texts: texts.len() > 1,
        }
    }

    /// How many kinds of request there are: every action, activity (with one that is not registered), purpose or none, application,
    /// category, recipient or none, and claim: none, each exception complete, naming other data, and lacking each thing it asks for.
    pub(super) fn n_shapes(&self) -> u128 {
        let claims: usize = self.policy.exceptions.values().map(|e| e.requires.len() + 3).sum();
        [
            Action::ALL.len(),
            self.activities.len(),
            self.purposes.len() + 1,
            self.policy.applications.len(),
            self.categories.len(),
            self.recipients.len() + 1,
            claims + 1,
        ]
        .iter()
        .fold(1, |n, m| n * u128::try_from(*m).unwrap_or(1))
    }

    /// The categories that a category may be worked out from, and those below them.
    pub(super) fn origins(&self, category: &CategoryName) -> &[CategoryName] {
        self.about.get(category).map_or(&[], |about| &about.origins)
    }

    /// Whether some of what a category touches is of one of these classes.
    pub(super) fn may_be_of(&self, category: &CategoryName, classes: &[Class]) -> bool {
        self.about.get(category).is_some_and(|about| classes.iter().any(|c| about.classes.contains(c)))
    }

    pub(super) fn category(&self, shape: &Shape) -> Option<&CategoryName> {
        self.categories.get(shape.category)
    }

    /// The request of a shape at an instant.
    pub(super) fn request(&self, shape: &Shape, at: Timestamp) -> Option<Request> {
        let category = self.category(shape)?;
        let exception = shape.exception.and_then(|e| self.exceptions.get(e));
        Some(Request {
            application: shape.application.clone(),
            action: shape.action,
            activity: self.activities.get(shape.activity)?.clone(),
            purpose: shape.purpose.and_then(|p| self.purposes.get(p)).cloned(),
            categories: vec![category.clone()],
            recipient: shape.recipient.and_then(|r| self.recipients.get(r)).cloned(),
            at,
            known_at: None,
            exception: exception.and_then(|name| {
                let exception = self.policy.exceptions.get(name)?;
                Some(complete_claim(name, exception, category, at))
            }),
        })
    }

    /// The request of a shape at the beginning of each version that has a text, the newest last.
    pub(super) fn under_each_text(&self, shape: &Shape) -> impl Iterator<Item = Request> {
        let texts = self.versions.oldest_first().into_iter().filter(|p| !p.text_absent);
        texts.filter_map(|text| self.request(shape, text.effective))
    }

    /// How much evidence its claim brings.
    pub(super) fn n_evidence(&self, shape: &Shape) -> usize {
        let exception = shape.exception.and_then(|e| self.exceptions.get(e));
        exception.and_then(|name| self.policy.exceptions.get(name)).map_or(0, |e| e.requires.len() + 1)
    }

    /// One application of those that no activity tells apart, unless an invariant names them.
    pub(super) fn applications(
        &self,
        activity: &ActivityName,
        invariants: &[&Invariant],
    ) -> Vec<ApplicationName> {
        let texts: Vec<&Policy> = self.versions.oldest_first();
        let mut by_kind: BTreeMap<Vec<bool>, ApplicationName> = BTreeMap::new();
        for name in self.policy.applications.keys() {
            let may = texts.iter().map(|p| p.activities.get(activity).is_some_and(|a| a.by.contains(name)));
            let named = invariants.iter().map(|i| i.way.applications.contains(name));
            by_kind.entry(may.chain(named).collect()).or_insert_with(|| name.clone());
        }
        by_kind.into_values().collect()
    }
}

fn about(texts: &[&Policy], policy: &Policy, category: &CategoryName) -> About {
    let texts = || texts.iter().copied().chain([policy]);
    let roots: BTreeSet<CategoryName> = texts().flat_map(|p| p.origins_of(category)).collect();
    let origins: Vec<CategoryName> =
        policy.categories.keys().filter(|c| roots.iter().any(|o| o.covers(c))).cloned().collect();
    let classes =
        texts().flat_map(|p| origins.iter().chain([category]).flat_map(|c| p.classes_within(c))).collect();
    About { origins, classes }
}

/// One exception of those that permit the same acts towards the same recipients and count under the same laws, that with the
/// least evidence; those that an invariant names stand for themselves.
fn exceptions(policy: &Policy, invariants: &[&Invariant]) -> Vec<ExceptionName> {
    let mut by_kind: BTreeMap<_, (usize, &ExceptionName)> = BTreeMap::new();
    for (name, exception) in &policy.exceptions {
        let is_named = invariants
            .iter()
            .flat_map(|i| i.unless.iter().chain(&i.conditions))
            .any(|g| *g == Ground::Exception(name.clone()));
        let actions: Vec<Action> = exception.actions.iter().copied().collect();
        let counts: Vec<bool> =
            policy.packs.iter().map(|law| policy.counts_under(law, &exception.basis)).collect();
        let kind = (actions, &exception.to, exception.warrant, counts, is_named.then_some(name));
        let this = (exception.requires.len(), name);
        by_kind.entry(kind).and_modify(|best| *best = (*best).min(this)).or_insert(this);
    }
    let mut least: Vec<(usize, &ExceptionName)> = by_kind.into_values().collect();
    least.sort();
    least.into_iter().map(|(_, name)| name.clone()).collect()
}

/// A claim that brings all that the exception asks for. A warrant must name the data.
fn complete_claim(
    name: &ExceptionName,
    exception: &Exception,
    category: &CategoryName,
    at: Timestamp,
) -> ExceptionClaim {
    let brought = exception.requires.iter().filter(|r| **r != Requirement::TimeLimit);
    let is_limited = exception.requires.contains(&Requirement::TimeLimit);
    let tomorrow = at.checked_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX);
    ExceptionClaim {
        name: name.clone(),
        categories: if exception.warrant { vec![category.clone()] } else { Vec::new() },
        evidence: brought.map(|r| (r.as_str().to_owned(), "shown".to_owned())).collect(),
        until: is_limited.then_some(tomorrow),
    }
}
