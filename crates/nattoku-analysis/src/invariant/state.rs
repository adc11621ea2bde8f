//! Whether something is so of the principal, of what is held, of the recipient.

use jiff::Timestamp;
use nattoku_model::Action;
use nattoku_model::event::Revision;
use nattoku_model::history::{ConsentAct, Holding};
use nattoku_model::name::{ConsentName, RelationshipName};
use nattoku_model::policy::invariant::{Ground, GroundWord, Invariant, State, Which, Word};
use nattoku_model::policy::{Channel, Prohibition, Recurring, Refusability};
use nattoku_spec::retention_ends;

use super::Scene;
use super::act::meet;

impl Scene<'_> {
    /// Whether something that the invariant names is touched. What is asked may lie above it; then what is held of it decides, or
    /// that nothing is recorded.
    pub(super) fn touches(&self, invariant: &Invariant) -> bool {
        if self.act.is_wholly_about(invariant) {
            return true;
        }
        let collected = self.act.request.action == Action::Collect;
        let held = if collected { Vec::new() } else { self.history.holdings(self.act.category) };
        let is_named = |h: &Holding| {
            invariant.categories.is_empty() || invariant.categories.iter().any(|c| meet(c, &h.category))
        };
        // The classes of what is held are those within it; of what is asked, those that all of it has (as the gates see it).
        let is_of_class = |h: &Holding| {
            let classes = self.act.policy.classes_within(&h.category).into_iter();
            let mut classes = classes.chain(self.act.policy.classes_of(self.act.category));
            invariant.classes.is_empty() || classes.any(|class| invariant.classes.contains(&class))
        };
        held.is_empty() || held.iter().any(|h| is_named(h) && is_of_class(h))
    }

    /// Whether the state is so.
    pub(super) fn is_so(&self, state: &State, invariant: &Invariant) -> bool {
        match state {
            State::Declined(which) => self.is_declined(which, invariant),
            State::Withdrawn(which) => {
                self.any_item(which, |act| matches!(act, Some(ConsentAct::Withdrawn { .. })))
            }
            State::Unanswered(which) => self.any_item(which, |act| act.is_none()),
            State::Wording(wording) => self.any_item(&Which::Any, |act| {
                matches!(act, Some(ConsentAct::Granted { text_version, .. }) if text_version == *wording)
            }),
            State::AgeUnder(age) => self.age().is_some_and(|known| known < i16::from(*age)),
            State::Ended(name) => !self.history.intervals(name).is_empty() && !self.is_alive(name),
            State::Without(names) => !names.iter().any(|n| self.is_alive(n)),
            State::NeverIn(name) => self.history.intervals(name).is_empty(),
            State::Entrusted(which) => self.holdings().iter().any(|h| match (which, &h.entrusted_from) {
                (_, None) => false,
                (Which::Any, Some(_)) => true,
                (Which::Named(name), Some(from)) => from == name,
            }),
            State::AcquiredBefore(instant) => self.holdings().iter().any(|h| h.acquired < *instant),
            State::OlderThan(period) => self.holdings().iter().any(|h| {
                period.after(h.acquired, &self.act.policy.timezone) <= self.history.at
            }),
            State::Prohibited(which) => self.act.policy.prohibitions.iter().any(|(name, prohibition)| {
                (*which == Which::Any || *which == Which::Named(name.clone())) && self.is_prohibited(prohibition)
            }),
            State::While(word) => self.is_while(*word),
        }
    }

    fn is_while(&self, word: Word) -> bool {
        let at = self.history.at;
        let standing =
            || self.act.request.recipient.as_ref().map(|r| self.history.standing(r)).unwrap_or_default();
        match word {
            Word::Restricted => self.is_restricted(),
            Word::Erased => {
                self.act.request.action != Action::Collect
                    && self.holdings().is_empty()
                    && self.history.erased(self.act.category).is_some()
            }
            Word::Quarantined => self.holdings().iter().any(|h| self.is_quarantined(h)),
            Word::PastRetention => self.holdings().iter().any(|h| {
                retention_ends(self.act.policy, &self.history, h).any(|(_, end)| end.is_some_and(|e| e <= at))
            }),
            Word::Suspended => self.act.request.action.gives() && standing().suspended.is_some(),
            Word::RelationEnded => self.act.request.action.gives() && standing().ended.is_some(),
            Word::Overdue => self.is_overdue(),
            Word::Unpublished => {
                self.act.request.action == Action::Share && self.published_joint_uses().next().is_none()
            }
            Word::AgeUnknown => self.age().is_none(),
        }
    }

    /// A choice is declined for what it covers only where it can be declined; a named one, where the principal said so.
    fn is_declined(&self, which: &Which<nattoku_model::name::ChoiceName>, invariant: &Invariant) -> bool {
        let spares_residue = invariant.unless.contains(&Ground::Basis(GroundWord::Residue));
        self.act.policy.choices.iter().any(|(name, choice)| {
            let bears = match which {
                Which::Any => {
                    choice.refusability != Refusability::NotRefusable && self.act.is_covered_by(name, choice)
                }
                Which::Named(named) => named == name,
            };
            bears
                && self.history.declined(name).is_some()
                && !(spares_residue && self.act.is_residue_of(choice))
        })
    }

    fn any_item(&self, which: &Which<ConsentName>, is_so: impl Fn(Option<ConsentAct>) -> bool) -> bool {
        match which {
            Which::Any => self.act.needed_items().into_iter().any(|i| is_so(self.history.consent(i))),
            Which::Named(item) => is_so(self.history.consent(item)),
        }
    }

    fn age(&self) -> Option<i16> {
        self.history.age_at(self.history.at, &self.act.policy.timezone).map(|(age, _)| age)
    }

    fn is_alive(&self, name: &RelationshipName) -> bool {
        self.history.intervals(name).iter().any(|i| i.until.is_none())
    }

    /// What the act touches of what is recorded: what is held of the category, and what that was worked out from. What is to
    /// be collected is not held yet.
    fn holdings(&self) -> Vec<Holding> {
        if self.act.request.action == Action::Collect {
            return Vec::new();
        }
        let mut holdings = self.history.holdings(self.act.category);
        let newest = holdings.iter().map(|h| h.acquired).max();
        for origin in self.act.policy.origins_of(self.act.category) {
            let of_origin = self.history.holdings(&origin);
            holdings.extend(of_origin.into_iter().filter(|h| newest.is_none_or(|n| h.acquired <= n)));
        }
        holdings
    }

    fn is_restricted(&self) -> bool {
        let holdings = self.holdings();
        let action = self.act.request.action;
        if holdings.is_empty() {
            return !self.history.restrictions(self.act.category, action).is_empty();
        }
        holdings.iter().any(|h| !self.history.restrictions(&h.category, action).is_empty())
    }

    fn is_quarantined(&self, holding: &Holding) -> bool {
        let Some(name) = &holding.source else { return false };
        let is_sound = self.act.policy.sources.get(name).is_some_and(|source| {
            (source.channel != Channel::Indirect || source.confirmed_by.is_some())
                && source.gives.iter().any(|c| c.covers(&holding.category))
        });
        holding.entrusted_from.is_none() && !is_sound
    }

    fn is_prohibited(&self, prohibition: &Prohibition) -> bool {
        let outcome = self.act.activity().and_then(|a| a.outcome.as_deref());
        let is_of_class = !self.act.classes().is_disjoint(&prohibition.classes);
        let speaks_of_all = prohibition.on.is_empty() && prohibition.classes.is_empty();
        outcome == Some(&prohibition.outcome)
            && (speaks_of_all || is_of_class || prohibition.on.iter().any(|c| meet(c, self.act.category)))
    }

    /// Whether a duty about the processor was not done in time.
    fn is_overdue(&self) -> bool {
        let Some((name, recipient)) = self.act.request.recipient.as_ref().zip(self.act.recipient()) else {
            return false;
        };
        let standing = self.history.standing(name);
        self.act.request.action == Action::Entrust
            && (!self.is_kept(recipient.assessed.as_ref(), standing.assessed)
                || !self.is_kept(recipient.supervised.as_ref(), standing.supervised))
    }

    fn is_kept(&self, duty: Option<&Recurring>, recorded: Option<(Timestamp, Revision)>) -> bool {
        let at = self.history.at;
        duty.is_some_and(|duty| {
            let last = recorded.map(|(when, _)| when).max(Some(duty.last).filter(|last| *last <= at));
            last.is_some_and(|last| at < duty.every.after(last, &self.act.policy.timezone))
        })
    }
}
