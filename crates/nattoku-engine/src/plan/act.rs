//! What is asked of the act itself: purpose, agreement, choices, minimisation (R17, R18, R25, R33, R35, R38, R49, R50).

use jiff::Timestamp;
use nattoku_model::policy::{Basis, Minimisation, Refusability};
use nattoku_model::{Action, Gate, Reason, Verdict};

use super::claim::Lift;
use super::context::Context;
use crate::condition::{Condition, Instants};
use crate::elapsed::Elapsed;
use crate::pattern::TieState;
use crate::population::State;
use crate::said::{Said, worst};

/// What the purpose gate says where every occasion is there, and what where one is missing.
#[derive(Debug, Clone)]
pub(crate) struct PurposeRule {
    said: Said,
    missing: Said,
    /// The occasions, by number.
    occasions: Vec<(Option<usize>, Elapsed)>,
}

impl PurposeRule {
    pub(crate) fn new(context: &Context<'_>, lift: Lift) -> Self {
        let lifted = |said| lift.apply(Gate::Purpose, said);
        let missing = lifted(Said::deny(Reason::OccasionMissing));
        let fixed = |said| Self { said: lifted(said), missing, occasions: Vec::new() };
        let Some(activity) = context.activity() else { return fixed(UNREGISTERED) };
        let request = context.request;
        if !activity.by.contains(&request.application) {
            return fixed(Said::deny(Reason::ApplicationNotAllowed));
        }
        if request.purpose.as_ref().is_some_and(|p| !activity.purposes.contains(p)) {
            return fixed(Said::deny(Reason::PurposeNotServed));
        }
        if context.is_disclosure() {
            return fixed(Said::permit(Reason::DisclosureToPrincipal));
        }
        if !activity.is_necessary(context.category) {
            return fixed(Said::deny(Reason::NotNecessary));
        }
        if request.action == Action::Combine && !activity.combines {
            return fixed(Said::deny(Reason::CombinationNotDeclared));
        }
        let occasions = activity.occasions.iter().map(|occasion| {
            let number = context.vocabulary.occasions.binary_search(&occasion.category).ok();
            (number, context.elapsed(occasion.within, &context.policy.timezone))
        });
        Self { occasions: occasions.collect(), ..fixed(Said::permit(Reason::Necessary)) }
    }

    pub(crate) fn judge(&self, state: &State<'_>, at: Timestamp) -> Said {
        let is_missing = self.occasions.iter().any(|(number, within)| {
            let place = number.and_then(|n| state.profile.occasion(n));
            place.is_none_or(|place| within.is_over(state.dates.get(place), at, state.doubt))
        });
        if is_missing { self.missing } else { self.said }
    }

    /// When it says nothing worse than a verdict at an instant.
    pub(crate) fn permits(&self, at: Timestamp, at_most: Verdict) -> Condition {
        let is_there = |(number, within): &(Option<usize>, Elapsed)| {
            number.map_or(Condition::Never, |n| Condition::recent(n, within.over(at).others()))
        };
        let are_there = Condition::all(self.occasions.iter().map(is_there));
        let [said, missing] = [self.said, self.missing].map(|s| Condition::fixed(s.is_at_most(at_most)));
        if said == missing {
            return said;
        }
        let otherwise = Condition::all([are_there.clone().negated(), missing]);
        Condition::any([Condition::all([are_there, said]), otherwise])
    }
}

/// Whether an agreement is needed, and which.
#[derive(Debug, Clone)]
pub(crate) enum AgreementRule {
    Fixed(Said),
    During { relationships: Vec<Option<usize>>, may_continue: bool },
}

impl AgreementRule {
    pub(crate) fn new(context: &Context<'_>) -> Self {
        if context.is_disclosure() {
            return Self::Fixed(Said::permit(Reason::DisclosureToPrincipal));
        }
        let Some(activity) = context.activity() else { return Self::Fixed(UNREGISTERED) };
        if activity.during.is_empty() {
            return Self::Fixed(Said::permit(Reason::NoAgreementNeeded));
        }
        let relationships = activity.during.iter().map(|r| context.vocabulary.relationships.number(r));
        Self::During { relationships: relationships.collect(), may_continue: activity.may_continue }
    }

    /// What is said where nothing is past retention.
    pub(crate) fn judge(&self, state: &State<'_>) -> Said {
        let (relationships, may_continue) = match self {
            Self::Fixed(said) => return *said,
            Self::During { relationships, may_continue } => (relationships, *may_continue),
        };
        let ties = || relationships.iter().filter_map(|r| state.profile.tie((*r)?));
        if ties().any(|tie| tie == TieState::Alive) {
            return Said::permit(Reason::AgreementAlive);
        }
        match ties().any(|tie| matches!(tie, TieState::Ended(_))) {
            false => Said::deny(Reason::NoAgreement),
            true if may_continue => Said::permit(Reason::ContinuingUse),
            true => Said::deny(Reason::AgreementEnded),
        }
    }

    /// When it says nothing worse than a verdict.
    pub(crate) fn permits(&self, at_most: Verdict) -> Condition {
        let (relationships, may_continue) = match self {
            Self::Fixed(said) => return Condition::fixed(said.is_at_most(at_most)),
            Self::During { relationships, may_continue } => (relationships, *may_continue),
        };
        let alive = relationships.iter().flatten().map(|r| Condition::TieAlive(*r));
        let ended = relationships.iter().flatten().map(|r| Condition::tie_ended(*r, Instants::all()));
        Condition::any(alive.chain(ended.filter(|_| may_continue)))
    }
}

/// The choices that cover the act, by number, each with what is said where it is declined.
#[derive(Debug, Clone)]
pub(crate) struct ChoiceRule(Vec<(usize, Said)>);

impl ChoiceRule {
    pub(crate) fn new(context: &Context<'_>) -> Self {
        if context.is_disclosure() {
            return Self(Vec::new());
        }
        let request = context.request;
        let flow = context.recipient().and_then(|r| r.kind.of_flow(request.action));
        let purposes = context.purposes();
        let provision = context.provisions().first().copied().filter(|_| request.action == Action::Provide);
        let covering = context.policy.choices.iter().filter(|(name, choice)| {
            let rests_on_it = provision.is_some_and(|p| matches!(&p.basis, Basis::OptOut(c) if c == *name));
            choice.refusability != Refusability::NotRefusable
                && (rests_on_it || choice.covers_act(request.action, &request.activity, &purposes, flow))
        });
        let declined = covering.filter_map(|(name, choice)| {
            let is_residue = choice.residue.iter().any(|r| {
                r.activity == request.activity && r.categories.iter().any(|c| c.covers(context.category))
            });
            let said =
                if is_residue { Said::permit(Reason::ResidueOfChoice) } else { Said::deny(Reason::Declined) };
            Some((context.vocabulary.choices.number(name)?, said))
        });
        Self(declined.collect())
    }

    pub(crate) fn judge(&self, state: &State<'_>) -> Said {
        let declined = self.0.iter().filter(|(n, _)| state.profile.is_declined(*n));
        worst(declined.map(|(_, said)| *said)).unwrap_or(Said::permit(Reason::NothingDeclined))
    }

    /// When it says nothing worse than a verdict.
    pub(crate) fn permits(&self, at_most: Verdict) -> Condition {
        let refusing = self.0.iter().filter(|(_, said)| !said.is_at_most(at_most));
        Condition::all(refusing.map(|(choice, _)| Condition::Declined(*choice).negated()))
    }
}

/// What must be done to use no more than needed.
pub(crate) fn minimisation(context: &Context<'_>) -> Said {
    let nothing = Said::permit(Reason::NothingToMinimise);
    let Some(activity) = context.activity().filter(|_| !context.is_disclosure()) else { return nothing };
    let action = context.request.action;
    if activity.minimisations_of(context.category).into_iter().any(|what| is_left(what, action)) {
        Said::new(Verdict::PermitWithConditions, Reason::Minimise)
    } else {
        nothing
    }
}

/// Whether a minimisation is left to do: an act that is itself one needs it no more.
pub(super) fn is_left(what: Minimisation, action: Action) -> bool {
    !(matches!(action, Action::Pseudonymize | Action::Anonymize) && what == Minimisation::Pseudonymize)
}

/// What is said where the activity is not registered (R18).
pub(crate) const UNREGISTERED: Said = Said::refer(Reason::UnregisteredActivity);
