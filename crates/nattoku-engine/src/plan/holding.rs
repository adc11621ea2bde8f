//! What is asked of the data themselves, by what kind of holding they are: prohibition, origin, secrecy, provision and
//! retention.

use jiff::Timestamp;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Channel, RetentionStart};
use nattoku_model::{Action, Gate, Reason, Verdict};

use super::CaseRules;
use super::claim::Lift;
use super::context::Context;
use super::provision::provision;
use super::secrecy::SecrecyRule;
use crate::condition::{Condition, Instants};
use crate::dates::Moment;
use crate::elapsed::Elapsed;
use crate::lexicon::Kind;
use crate::pattern::TieState;
use crate::population::State;
use crate::said::Said;

/// What is said of holdings of one kind, or of data of which nothing is recorded.
#[derive(Debug, Clone)]
pub(crate) struct HoldingRules {
    /// What is held, or asked for where nothing is.
    pub(crate) category: CategoryName,
    pub(crate) prohibition: Said,
    pub(crate) origin: Said,
    pub(crate) secrecy: SecrecyRule,
    /// By the provision that the act falls under.
    pub(crate) provision: Vec<Said>,
    retention: Vec<RetentionRule>,
}

/// A rule by which data are to be gone.
#[derive(Debug, Clone)]
struct RetentionRule {
    period: Elapsed,
    /// The relationships whose end is waited for; none where acquisition starts the clock.
    ended: Option<Vec<Option<usize>>>,
}

impl HoldingRules {
    /// The rules for a kind of holding; for data of which nothing is recorded where none is given.
    pub(crate) fn new(context: &Context<'_>, kind: Option<&Kind>, lift: Lift) -> Self {
        let category = kind.map_or(context.category, |kind| &kind.category);
        let classes = context.classes(kind.map(|kind| &kind.category));
        let provision = provision(context, &classes);
        Self {
            category: category.clone(),
            prohibition: prohibition(context, kind),
            origin: origin(context, kind),
            secrecy: SecrecyRule::new(context, &classes),
            provision: provision.into_iter().map(|said| lift.apply(Gate::Provision, said)).collect(),
            retention: retention(context, category),
        }
    }

    /// What the provision gate says.
    pub(crate) fn provision(&self, chosen: usize) -> Said {
        let said = self.provision.get(chosen).or_else(|| self.provision.first());
        said.copied().unwrap_or(super::context::NO_LAW)
    }

    /// Whether what was acquired then should be gone.
    pub(crate) fn has_retention_ended(&self, state: &State<'_>, acquired: Moment, at: Timestamp) -> bool {
        self.retention.iter().any(|rule| {
            rule.starts(state, acquired).is_some_and(|start| rule.period.is_over(start, at, state.doubt))
        })
    }
}

impl HoldingRules {
    /// When every gate that looks at a holding of this kind says nothing worse than a verdict at an instant, where the act falls
    /// under a provision; restrictions, which hold whatever the kind, are left aside.
    pub(crate) fn permits(
        &self,
        case: &CaseRules,
        provision: usize,
        at: Timestamp,
        at_most: Verdict,
    ) -> Condition {
        let fixed = [self.prohibition, self.origin, self.provision(provision)];
        let is_past = Condition::any(self.retention.iter().map(|rule| rule.is_over(at)));
        Condition::all([
            Condition::fixed(fixed.into_iter().all(|said| said.is_at_most(at_most))),
            is_past.negated(),
            case.agreement.permits(at_most),
            self.secrecy.permits(&case.needed, provision, at, at_most),
        ])
    }
}

impl RetentionRule {
    /// When the clock has run out for what was acquired at some instant.
    fn is_over(&self, at: Timestamp) -> Condition {
        let over = self.period.over(at);
        let Some(relationships) = &self.ended else { return Condition::acquired(over) };
        let ties = || relationships.iter().flatten().copied();
        // The latest of the acquisition and the ends lies in a stretch where none lies after it and one not before it.
        let lies_in = over.stretches().iter().map(|stretch| {
            let not_after = stretch.before.map(|before| {
                let ends = ties().map(|r| Condition::tie_ended(r, Instants::from(before)).negated());
                Condition::all(ends.chain([Condition::acquired(Instants::before(before))]))
            });
            let not_before = stretch.from.map(|from| {
                let ends = ties().map(|r| Condition::tie_ended(r, Instants::from(from)));
                Condition::any(ends.chain([Condition::acquired(Instants::from(from))]))
            });
            Condition::all(not_after.into_iter().chain(not_before))
        });
        let alive = ties().map(Condition::TieAlive);
        Condition::all([Condition::any(alive).negated(), Condition::any(lies_in)])
    }

    /// When the clock starts; never while a relationship that it waits for is alive.
    fn starts(&self, state: &State<'_>, acquired: Moment) -> Option<Moment> {
        let Some(relationships) = &self.ended else { return Some(acquired) };
        let mut start = acquired;
        for tie in relationships.iter().filter_map(|r| state.profile.tie((*r)?)) {
            match tie {
                TieState::Never => {}
                TieState::Alive => return None,
                TieState::Ended(place) => start = start.max(state.dates.get(place)),
            }
        }
        Some(start)
    }
}

fn prohibition(context: &Context<'_>, kind: Option<&Kind>) -> Said {
    let outcome = context.activity().and_then(|a| a.outcome.as_deref());
    let category = kind.map_or(context.category, |kind| &kind.category);
    let classes = context.classes(kind.map(|kind| &kind.category));
    let is_prohibited = context.policy.prohibitions.values().any(|p| {
        Some(p.outcome.as_str()) == outcome
            && (p.on.iter().any(|on| on.covers(category) || category.covers(on))
                || !p.classes.is_disjoint(&classes)
                || (p.on.is_empty() && p.classes.is_empty()))
    });
    if is_prohibited { Said::deny(Reason::Prohibited) } else { Said::permit(Reason::NotProhibited) }
}

pub(crate) fn origin(context: &Context<'_>, kind: Option<&Kind>) -> Said {
    let work_for = context.activity().and_then(|a| a.entrusted_by.as_ref());
    let Some(kind) = kind else {
        return match work_for {
            Some(_) => Said::deny(Reason::OwnDataInEntrustedWork),
            None => Said::permit(Reason::NoHolding),
        };
    };
    match (&kind.entrusted_from, work_for) {
        (Some(entruster), _) if !context.policy.entrusters.contains_key(entruster) => {
            Said::deny(Reason::Quarantined)
        }
        (Some(entruster), Some(work_for))
            if entruster == work_for && context.request.action != Action::Combine =>
        {
            Said::permit(Reason::OriginConfirmed)
        }
        (Some(_), _) => Said::deny(Reason::EntrustedWorkOnly),
        (None, Some(_)) => Said::deny(Reason::OwnDataInEntrustedWork),
        (None, None) if context.is_disclosure() => Said::permit(Reason::DisclosureToPrincipal),
        (None, None) if is_confirmed(context, kind) => Said::permit(Reason::OriginConfirmed),
        (None, None) => Said::deny(Reason::Quarantined),
    }
}

/// Whether the source is known, vouched for where it is indirect, and declared to give this (R8, APPI-30-1).
fn is_confirmed(context: &Context<'_>, kind: &Kind) -> bool {
    let declared = context.policy.sources.get(&kind.source);
    declared.or_else(|| context.text.sources.get(&kind.source)).is_some_and(|source| {
        (source.channel != Channel::Indirect || source.confirmed_by.is_some())
            && source.gives.iter().any(|c| c.covers(&kind.category))
    })
}

fn retention(context: &Context<'_>, category: &CategoryName) -> Vec<RetentionRule> {
    if context.is_disclosure() || context.activity().is_none() {
        return Vec::new();
    }
    let text = context.text;
    let rules = text.retention_within(category).map(|rule| RetentionRule {
        period: context.elapsed(rule.period, &text.timezone),
        ended: match &rule.after {
            RetentionStart::Acquired => None,
            RetentionStart::Ended(relationships) => {
                Some(relationships.iter().map(|r| context.vocabulary.relationships.number(r)).collect())
            }
        },
    });
    rules.collect()
}
