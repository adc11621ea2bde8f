//! Whether the classes that a law protects have their own consent or statute (TEL-1, TEL-7, APPI-20-2), as a condition over
//! the consents that the act needs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::law::{Handling, Need, Pack, Protection};
use nattoku_model::policy::{Activity, Basis, Class};
use nattoku_model::{Action, Reason, Verdict};

use super::act::UNREGISTERED;
use super::consent::{ItemRule, Needed};
use super::context::{Context, NO_LAW};
use crate::condition::Condition;
use crate::lexicon::Lexicon;
use crate::population::State;
use crate::said::{Said, worst};

/// What each law says of each protected class, in their order.
#[derive(Debug, Clone)]
pub(crate) struct SecrecyRule(Vec<Term>);

#[derive(Debug, Clone, Copy)]
enum Term {
    Fixed(Said),
    /// A consent that the act needs must be given.
    Consent {
        /// One about this matter alone.
        individual: bool,
        /// What the activity itself asks for will do too, not only what the provision rests on.
        own: bool,
    },
}

impl SecrecyRule {
    pub(crate) fn new(context: &Context<'_>, classes: &BTreeSet<Class>) -> Self {
        let laws = context.policy.packs.iter();
        Self(laws.flat_map(|law| under(law, context, classes)).collect())
    }

    pub(crate) fn judge(
        &self,
        needed: &Needed,
        provision: usize,
        state: &State<'_>,
        lexicon: &Lexicon,
        at: Timestamp,
    ) -> Said {
        let given = |individual: bool, own: bool| {
            let counts =
                |item: &ItemRule| (!individual || item.is_individual) && item.stands(state, lexicon, at);
            if own {
                needed.items(provision).any(counts)
            } else {
                needed.of_provision(provision).is_some_and(counts)
            }
        };
        let said = self.0.iter().map(|term| match *term {
            Term::Fixed(said) => said,
            Term::Consent { individual, own } if given(individual, own) => {
                Said::permit(Reason::IndividualConsent)
            }
            Term::Consent { .. } => Said::needs_consent(Reason::NeedsIndividualConsent),
        });
        worst(said).unwrap_or(NO_LAW)
    }

    /// When it says nothing worse than a verdict at an instant, where the act falls under a provision.
    pub(crate) fn permits(
        &self,
        needed: &Needed,
        provision: usize,
        at: Timestamp,
        at_most: Verdict,
    ) -> Condition {
        let given = |individual: bool, own: bool| {
            let needed: Vec<&ItemRule> = if own {
                needed.items(provision).collect()
            } else {
                needed.of_provision(provision).into_iter().collect()
            };
            let counting = needed.into_iter().filter(|item| !individual || item.is_individual);
            Condition::any(counting.map(|item| item.permits(at)))
        };
        if self.0.is_empty() {
            return Condition::fixed(NO_LAW.is_at_most(at_most));
        }
        Condition::all(self.0.iter().map(|term| match *term {
            Term::Fixed(said) => Condition::fixed(said.is_at_most(at_most)),
            Term::Consent { individual, own } => given(individual, own),
        }))
    }
}

fn under(law: &Pack, context: &Context<'_>, classes: &BTreeSet<Class>) -> Vec<Term> {
    let handling = Handling::of(context.request.action);
    let protected: Vec<(Class, &Protection)> =
        classes.iter().filter_map(|class| Some((*class, law.binding(*class, handling)?))).collect();
    if protected.is_empty() {
        return vec![Term::Fixed(Said::permit(Reason::NotProtected))];
    }
    if context.is_disclosure() {
        return vec![Term::Fixed(Said::permit(Reason::DisclosureToPrincipal))];
    }
    let Some(activity) = context.activity() else { return vec![Term::Fixed(UNREGISTERED)] };
    protected
        .into_iter()
        .map(|(class, protection)| of_class(law, context, activity, class, protection))
        .collect()
}

fn of_class(
    law: &Pack,
    context: &Context<'_>,
    activity: &Activity,
    class: Class,
    protection: &Protection,
) -> Term {
    let provides = context.request.action == Action::Provide;
    let provision = context.provisions().first().copied();
    // What an exception lets the activity have, combine or provide besides, neither its statute nor its own consents speak of.
    let is_own = activity.is_necessary(context.category)
        && (context.request.action != Action::Combine || activity.combines);
    let counts = |basis: &str| context.policy.counts_under(law, basis);
    let is_by_law = provision.is_some_and(|p| matches!(&p.basis, Basis::Law(basis) if counts(basis)));
    let is_ordered = is_own && (!provides || is_by_law);
    if is_ordered && activity.statutes.iter().any(|s| s.class == class && counts(&s.basis)) {
        return Term::Fixed(Said::permit(Reason::ByStatute));
    }
    if protection.needs == Need::Statute {
        return Term::Fixed(Said::deny(Reason::MyNumberOutsideStatute));
    }
    if protection.warrant && context.claim.is_some_and(|claim| claim.is_warrant_for(context.category, law)) {
        return Term::Fixed(Said::new(Verdict::PermitWithConditions, Reason::ByWarrant));
    }
    let own = is_own && (!provides || provision.is_some());
    Term::Consent { individual: protection.needs != Need::Consent, own }
}
