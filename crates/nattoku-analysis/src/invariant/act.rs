//! What can be told of an invariant from the request alone.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use nattoku_model::name::{CategoryName, ConsentName, ProvisionName, PurposeName};
use nattoku_model::policy::invariant::{Ground, GroundWord, Invariant, To, Way};
use nattoku_model::policy::{Activity, Basis, Choice, Class, Provision, Recipient, RecipientKind, Transfer};
use nattoku_model::{Action, Policy, Request};
use nattoku_spec::exception_relied_on;

use super::is_never;

/// A request for one category, under the policy that binds it.
pub(crate) struct Act<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) category: &'a CategoryName,
    classes: OnceCell<BTreeSet<Class>>,
}

/// What an invariant says of an act, before any state is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bearing {
    /// Nothing, or that a ground permits it in every state.
    No,
    /// That it is forbidden, unless on a ground.
    Forbidden,
    /// That it is in the way that an `only` leaves, and forbidden but on a condition.
    OnCondition,
}

impl<'a> Act<'a> {
    pub(crate) const fn new(policy: &'a Policy, request: &'a Request, category: &'a CategoryName) -> Self {
        Self { policy, request, category, classes: OnceCell::new() }
    }

    /// What the invariant says of it.
    pub(crate) fn bearing(&self, invariant: &Invariant) -> Bearing {
        if !self.is_subject_of(invariant) {
            return Bearing::No;
        }
        let is_in_the_way = self.goes(&invariant.way, !is_never(invariant));
        let always = |grounds: &[Ground]| grounds.iter().any(|g| self.rests_always_on(g, invariant));
        if always(&invariant.unless) {
            return Bearing::No;
        }
        match (is_never(invariant), is_in_the_way) {
            (true, true) | (false, false) => Bearing::Forbidden,
            (false, true) if !invariant.conditions.is_empty() && !always(&invariant.conditions) => {
                Bearing::OnCondition
            }
            _ => Bearing::No,
        }
    }

    fn is_subject_of(&self, invariant: &Invariant) -> bool {
        let is_named =
            invariant.categories.is_empty() || invariant.categories.iter().any(|c| meet(c, self.category));
        let is_excepted = || {
            invariant.except.iter().any(|e| {
                e.activities.contains(&self.request.activity)
                    && e.categories.iter().any(|c| c.covers(self.category))
            })
        };
        invariant.actions.contains(&self.request.action)
            && is_named
            && (invariant.classes.is_empty() || !self.classes().is_disjoint(&invariant.classes))
            && !is_excepted()
    }

    /// Whether it is about the data of the invariant whatever is held: not where what is asked lies above what is named, and
    /// only some of it may be held.
    pub(crate) fn is_wholly_about(&self, invariant: &Invariant) -> bool {
        let is_named = || invariant.categories.iter().any(|c| c.covers(self.category));
        let is_of_class = || !self.policy.classes_of(self.category).is_disjoint(&invariant.classes);
        (invariant.categories.is_empty() || is_named()) && (invariant.classes.is_empty() || is_of_class())
    }

    /// Whether it is done in that way. `wholly` asks for every purpose it is done for, not for any.
    fn goes(&self, way: &Way, wholly: bool) -> bool {
        let request = self.request;
        let fits_purposes = || {
            let purposes = self.purposes();
            let is_listed = |p: &&PurposeName| way.purposes.contains(p);
            if wholly {
                !purposes.is_empty() && purposes.iter().all(is_listed)
            } else {
                purposes.iter().any(is_listed)
            }
        };
        let outcome = || self.activity().and_then(|a| a.outcome.as_ref());
        (way.to.is_empty() || way.to.iter().any(|to| self.is_to(to)))
            && (way.activities.is_empty() || way.activities.contains(&request.activity))
            && (way.purposes.is_empty() || fits_purposes())
            && (way.applications.is_empty() || way.applications.contains(&request.application))
            && (way.outcomes.is_empty() || outcome().is_some_and(|o| way.outcomes.contains(o)))
    }

    fn is_to(&self, to: &To) -> bool {
        match to {
            To::Kind(kind) => self.flow() == Some(*kind),
            To::Recipient(name) => self.request.recipient.as_ref() == Some(name),
            To::Abroad => self.is_abroad(),
        }
    }

    /// Whether it rests on a ground in every state.
    fn rests_always_on(&self, ground: &Ground, invariant: &Invariant) -> bool {
        let claimed = || exception_relied_on(self.policy, self.request, self.category);
        match ground {
            Ground::Exception(name) => {
                claimed().is_some() && self.request.exception.as_ref().is_some_and(|e| e.name == *name)
            }
            Ground::Basis(GroundWord::Exception) => claimed().is_some(),
            Ground::Basis(GroundWord::Warrant) => claimed().is_some_and(|e| e.warrant),
            Ground::Basis(GroundWord::Statute) => self.has_statute(invariant),
            Ground::Basis(GroundWord::Law) => {
                self.provisions().any(|(_, p)| matches!(p.basis, Basis::Law(_)))
            }
            Ground::Basis(_) | Ground::Consent(_) => false,
        }
    }

    /// Whether the activity has a statute for a class of the data, one that the invariant is about where it names any, and
    /// that statute speaks of the act: of what the activity needs, and of providing others only where law orders that too.
    fn has_statute(&self, invariant: &Invariant) -> bool {
        let classes = self.classes();
        let is_provided_by_law = || self.provisions().any(|(_, p)| matches!(p.basis, Basis::Law(_)));
        self.activity().is_some_and(|a| {
            a.is_necessary(self.category)
                && (self.request.action != Action::Combine || a.combines)
                && (self.request.action != Action::Provide || is_provided_by_law())
                && a.statutes.iter().any(|s| {
                    classes.contains(&s.class)
                        && (invariant.classes.is_empty() || invariant.classes.contains(&s.class))
                })
        })
    }

    pub(crate) fn activity(&self) -> Option<&'a Activity> {
        self.policy.activities.get(&self.request.activity)
    }

    pub(crate) fn purposes(&self) -> Vec<&'a PurposeName> {
        match (&self.request.purpose, self.activity()) {
            (Some(stated), _) => vec![stated],
            (None, Some(activity)) => activity.purposes.iter().collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The recipient of an act that gives data to one.
    pub(crate) fn recipient(&self) -> Option<&'a Recipient> {
        let name = self.request.recipient.as_ref().filter(|_| self.request.action.gives())?;
        self.policy.recipients.get(name)
    }

    pub(crate) fn flow(&self) -> Option<RecipientKind> {
        self.recipient().and_then(|r| r.kind.of_flow(self.request.action))
    }

    pub(crate) fn is_abroad(&self) -> bool {
        self.recipient().is_some_and(|r| self.policy.is_abroad(r))
    }

    pub(crate) fn classes(&self) -> &BTreeSet<Class> {
        self.classes.get_or_init(|| self.policy.classes_within(self.category))
    }

    /// The provisions that cover it.
    pub(crate) fn provisions(&self) -> impl Iterator<Item = (&'a ProvisionName, &'a Provision)> {
        let (request, category) = (self.request, self.category);
        let gives = request.action == Action::Provide;
        self.policy.provisions.iter().filter(move |(_, p)| {
            gives
                && p.activity == request.activity
                && request.recipient.as_ref().is_some_and(|r| p.to.contains(r))
                && p.gives.iter().any(|c| c.covers(category))
        })
    }

    /// The consent items it needs: the activity's, those on which a provision rests, and that on which giving data abroad does.
    pub(crate) fn needed_items(&self) -> BTreeSet<&'a ConsentName> {
        let own = self.activity().into_iter().flat_map(|a| &a.requires);
        let provisions = self.provisions().filter_map(|(_, p)| match &p.basis {
            Basis::Consent(item, _) => Some(item),
            _ => None,
        });
        let transfer = self.recipient().filter(|_| self.is_abroad()).and_then(|r| match &r.transfer {
            Some(Transfer::Consent(item)) => Some(item),
            _ => None,
        });
        own.chain(provisions).chain(transfer).collect()
    }

    /// Whether declining the choice bears on it: the choice covers it, or a provision rests on the chance to decline.
    pub(crate) fn is_covered_by(&self, name: &nattoku_model::name::ChoiceName, choice: &Choice) -> bool {
        choice.covers_act(self.request.action, &self.request.activity, &self.purposes(), self.flow())
            || self.provisions().any(|(_, p)| matches!(&p.basis, Basis::OptOut(c) if c == name))
    }

    /// Whether it passes although the choice is declined (R50).
    pub(crate) fn is_residue_of(&self, choice: &Choice) -> bool {
        choice.residue.iter().any(|r| {
            r.activity == self.request.activity && r.categories.iter().any(|c| c.covers(self.category))
        })
    }
}

/// Whether two categories have anything in common: one is the other or stands above it.
pub(crate) fn meet(a: &CategoryName, b: &CategoryName) -> bool {
    a.covers(b) || b.covers(a)
}
