//! A consent item as a condition over what a principal last said about it (R41, R42, R48, CAP-1).

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_model::law::OwnConsent;
use nattoku_model::name::{ConsentName, WordingName};
use nattoku_model::policy::{Basis, Guardian};
use nattoku_model::{Action, Reason, Verdict};

use super::context::Context;
use crate::condition::{AgeCondition, Condition, Instants, ItemCondition};
use crate::elapsed::Elapsed;
use crate::lexicon::{Act, Giver, Lexicon};
use crate::population::State;
use crate::said::Said;

/// An item that an act needs.
#[derive(Debug, Clone)]
pub(crate) struct ItemRule {
    /// Its number; none where the version in force does not have it.
    item: Option<usize>,
    lasts: Option<Elapsed>,
    /// By wording: whether it counts.
    accepted: Vec<bool>,
    guardian: Option<Guardian>,
    /// The zone in which ages are counted.
    zone: usize,
    /// Whether it asks about one matter alone.
    pub(crate) is_individual: bool,
}

impl ItemRule {
    pub(crate) fn new(
        context: &Context<'_>,
        name: &ConsentName,
        accepts: Option<&BTreeSet<WordingName>>,
    ) -> Self {
        let (policy, vocabulary) = (context.policy, context.vocabulary);
        let zone = vocabulary.zones.iter().position(|zone| *zone == policy.timezone).unwrap_or(usize::MAX);
        let mut accepted = vec![false; vocabulary.wordings.len()];
        let Some(item) = policy.consents.get(name) else {
            return Self { item: None, lasts: None, accepted, guardian: None, zone, is_individual: false };
        };
        let counts = |wording: &&WordingName| accepts.is_none_or(|accepts| accepts.contains(*wording));
        for number in item.accepts.iter().filter(counts).filter_map(|w| vocabulary.wordings.number(w)) {
            if let Some(place) = accepted.get_mut(number) {
                *place = true;
            }
        }
        Self {
            item: vocabulary.items.number(name),
            lasts: item.lasts.map(|period| context.elapsed(period, &policy.timezone)),
            accepted,
            guardian: policy.guardian_of(item),
            zone,
            is_individual: item.individual,
        }
    }

    /// How the item stands.
    pub(crate) fn judge(&self, state: &State<'_>, lexicon: &Lexicon, at: Timestamp) -> Said {
        let stand = self.item.and_then(|item| state.will.stand(item));
        let Some((stand, act)) = stand.and_then(|s| Some((s, lexicon.acts.get(s.act)?))) else {
            return Said::needs_consent(Reason::ConsentMissing);
        };
        let Act::Granted { wording, giver } = act else { return Said::deny(Reason::Withdrawn) };
        let date = |place: u16| state.dates.get(state.profile.n_dates() + place);
        let has_expired = stand.until.is_some_and(|until| state.doubt.test(date(until), |until| until <= at))
            || self
                .lasts
                .as_ref()
                .zip(stand.given)
                .is_some_and(|(lasts, given)| lasts.is_over(date(given), at, state.doubt));
        if has_expired {
            return Said::needs_consent(Reason::ConsentExpired);
        }
        if wording.and_then(|wording| self.accepted.get(wording)) != Some(&true) {
            return Said::needs_consent(Reason::WordingNotAccepted);
        }
        match giver {
            Giver::Guardian => Said::permit(Reason::ConsentGiven),
            Giver::NotLinked => Said::refer(Reason::GuardianNotLinked),
            Giver::Unproven => Said::refer(Reason::AgentUnproven),
            Giver::Principal(ages) => self.judge_age(ages.as_deref()),
        }
    }

    fn judge_age(&self, ages: Option<&[i16]>) -> Said {
        let Some(guardian) = self.guardian else { return Said::permit(Reason::ConsentGiven) };
        let Some(age) = ages.and_then(|ages| ages.get(self.zone)) else {
            return Said::refer(Reason::AgeUnknown);
        };
        match guardian.own_consent(*age) {
            OwnConsent::Counts => Said::permit(Reason::ConsentGiven),
            OwnConsent::Judged => Said::refer(Reason::GuardianJudgement),
            OwnConsent::Guardian => Said::needs_consent(Reason::GuardianNeeded),
        }
    }

    pub(crate) fn stands(&self, state: &State<'_>, lexicon: &Lexicon, at: Timestamp) -> bool {
        self.judge(state, lexicon, at).verdict == Verdict::Permit
    }

    /// When the item stands at an instant; where it does not, that is never permitted, not even on conditions.
    pub(crate) fn permits(&self, at: Timestamp) -> Condition {
        let Some(item) = self.item else { return Condition::Never };
        let accepted = self.accepted.iter().enumerate().filter(|(_, counts)| **counts);
        let wordings: Vec<usize> = accepted.map(|(wording, _)| wording).collect();
        let given = self.lasts.as_ref().map_or_else(Instants::all, |lasts| lasts.over(at).others());
        if wordings.is_empty() || given.is_empty() {
            return Condition::Never;
        }
        let age = self.guardian.map(|g| AgeCondition { zone: self.zone, from: i16::from(g.under) });
        Condition::Stands(Box::new(ItemCondition { item, wordings, age, given, at }))
    }
}

/// The items that an act needs.
#[derive(Debug, Clone)]
pub(crate) struct Needed {
    /// Those of the activity itself.
    own: Vec<ItemRule>,
    /// By provision that the act may fall under: the item that it rests on. Nothing where none rests on consent.
    by_provision: Vec<ItemRule>,
}

impl Needed {
    pub(crate) fn new(context: &Context<'_>) -> Self {
        if context.is_disclosure() {
            return Self { own: Vec::new(), by_provision: Vec::new() };
        }
        let own = context.activity().into_iter().flat_map(|a| &a.requires);
        let provisions =
            if context.request.action == Action::Provide { context.provisions() } else { Vec::new() };
        let by_provision = provisions.iter().filter_map(|provision| match &provision.basis {
            Basis::Consent(item, accepts) => Some(ItemRule::new(context, item, accepts.as_ref())),
            Basis::OptOut(_) | Basis::Law(_) => None,
        });
        Self {
            own: own.map(|item| ItemRule::new(context, item, None)).collect(),
            by_provision: by_provision.collect(),
        }
    }

    /// Which provision the act falls under: the first whose consent stands, or else the first.
    pub(crate) fn provision(&self, state: &State<'_>, lexicon: &Lexicon, at: Timestamp) -> usize {
        match self.by_provision.len() {
            0 | 1 => 0,
            _ => self.by_provision.iter().position(|i| i.stands(state, lexicon, at)).unwrap_or(0),
        }
    }

    /// Under which provisions the act may fall, each with when it does: nothing is asked of the first where it is the only one.
    pub(crate) fn falls_under(&self, at: Timestamp) -> Vec<(usize, Condition)> {
        if self.by_provision.len() < 2 {
            return vec![(0, Condition::Always)];
        }
        let stands: Vec<Condition> = self.by_provision.iter().map(|item| item.permits(at)).collect();
        let none = |of: &[Condition]| Condition::all(of.iter().cloned().map(Condition::negated));
        let falls = stands.iter().enumerate().map(|(place, this)| {
            let is_first = Condition::all([this.clone(), none(stands.get(..place).unwrap_or_default())]);
            // Where no consent stands, it is the first provision that says so.
            let falls = if place == 0 { Condition::any([is_first, none(&stands)]) } else { is_first };
            (place, falls)
        });
        falls.collect()
    }

    /// The items needed, by the provision that the act falls under.
    pub(crate) fn items(&self, provision: usize) -> impl Iterator<Item = &ItemRule> {
        self.own.iter().chain(self.of_provision(provision))
    }

    /// The item on which the provision rests.
    pub(crate) fn of_provision(&self, provision: usize) -> Option<&ItemRule> {
        self.by_provision.get(provision)
    }
}
