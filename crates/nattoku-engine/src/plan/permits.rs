//! A plan as conditions: when what is asked of one category is permitted, for a holding of some kind and for none at all.

use std::cell::Cell;

use jiff::Timestamp;
use nattoku_model::name::CategoryName;
use nattoku_model::{Action, Recorded, Verdict};

use super::{Asked, CaseRules, Context, HoldingRules, Plan};
use crate::bounds::Bounds;
use crate::condition::Condition;
use crate::facts::Facts;
use crate::lexicon::{Kind, Lexicon};
use crate::population::{Full, Population};

impl Plan<'_> {
    /// Whether the plan's conditions are met by a principal with these events, so that nothing worse than a verdict is said at
    /// an instant for which the plan serves. It is what [`decide`](crate::decide()) says, by the longer way.
    ///
    /// # Errors
    /// There are more patterns than numbers.
    pub fn is_met(
        &self,
        population: &Population,
        events: &[Recorded],
        at: Timestamp,
        at_most: Verdict,
    ) -> Result<bool, Full> {
        let mut lexicon = Lexicon::default();
        let facts = Facts::of(&self.vocabulary, &mut lexicon, events)?;
        let is_met = |(number, asked): (usize, &Asked)| {
            self.holdings_to_judge(asked, &facts, &lexicon).iter().all(|held| {
                let (part, acquired) = held.as_ref().map_or((None, at), |(part, when)| (Some(part), *when));
                self.permits(population, number, part, at, at_most).is_met(&facts, &lexicon, acquired)
            })
        };
        Ok(!self.asked.is_empty() && self.asked.iter().enumerate().all(is_met))
    }

    /// What is held of a category, and what of that from which it is derived is not newer; none, which is assumed, where
    /// nothing is held.
    fn holdings_to_judge(
        &self,
        asked: &Asked,
        facts: &Facts,
        lexicon: &Lexicon,
    ) -> Vec<Option<(Kind, Timestamp)>> {
        let of = |category: &CategoryName| -> Vec<(Kind, Timestamp)> {
            let part = |kind| lexicon.kinds.get(kind)?.part_of(category);
            facts.held.iter().filter_map(|held| Some((part(held.kind)?, held.acquired))).collect()
        };
        let own = if self.request.action == Action::Collect { Vec::new() } else { of(&asked.category) };
        let newest = own.iter().map(|(_, acquired)| *acquired).max();
        let mut all: Vec<_> = if own.is_empty() { vec![None] } else { own.into_iter().map(Some).collect() };
        for origin in &asked.origins {
            let origins = of(origin).into_iter();
            all.extend(
                origins.filter(|(_, acquired)| newest.is_none_or(|newest| *acquired <= newest)).map(Some),
            );
        }
        all
    }

    /// When everything that is judged of a holding says nothing worse than a verdict at an instant for which the plan serves:
    /// `part` is what is held of the category asked under `number`, or of what that is worked out from. Where nothing is held,
    /// and the category asked is judged as if it were acquired now, there is no part.
    ///
    /// The condition may ask when the holding was acquired, but where there is none. Somebody is permitted where it is met for
    /// every holding that `decide` judges.
    pub(crate) fn permits(
        &self,
        population: &Population,
        number: usize,
        part: Option<&Kind>,
        at: Timestamp,
        at_most: Verdict,
    ) -> Condition {
        let Some(asked) = self.asked.get(number) else { return Condition::Never };
        let governed = self.permits_but_for_restrictions(population, asked, part, at, at_most);
        let category = part.map_or(&asked.category, |part| &part.category);
        let action = self.request.action;
        let stopped = Condition::Stopped(category.clone(), action);
        let permitted = Condition::all([governed, stopped.negated()]);
        if part.is_some() {
            return permitted;
        }
        let is_needed_now = action != Action::Collect;
        let erased = if is_needed_now { Condition::Erased(category.clone()) } else { Condition::Never };
        Condition::all([permitted, erased.negated()]).of_what_was_acquired(at)
    }

    /// The same, with what restrictions and erasures of the principal's stop left aside.
    pub(crate) fn permits_but_for_restrictions(
        &self,
        population: &Population,
        asked: &Asked,
        part: Option<&Kind>,
        at: Timestamp,
        at_most: Verdict,
    ) -> Condition {
        let bounds = Cell::new(Bounds::new(self.request.at));
        let compiled = |text| {
            self.with_context(population, text, &asked.category, &bounds, |context: &Context<'_>| {
                HoldingRules::new(context, part, asked.lift)
            })
        };
        let by_text: Vec<Condition> = self
            .texts
            .iter()
            .zip(&asked.cases)
            .map(|(text, case)| match part {
                Some(_) => case.permits(&compiled(text), at, at_most),
                None => case.permits(&case.assumed, at, at_most),
            })
            .collect();
        self.governed(&by_text, at_most)
    }

    /// When what was acquired at some instant is permitted under the text that governs it, given when each text permits it.
    pub(crate) fn governed(&self, by_text: &[Condition], at_most: Verdict) -> Condition {
        // Whatever version governs, the principal may see the data (APPI-33-1).
        let is_disclosure = self.request.action == Action::Disclose;
        self.eras.permits(by_text, is_disclosure, |said| is_disclosure || said.is_at_most(at_most))
    }
}

impl CaseRules {
    /// When all gates but the governing one and restriction say nothing worse than a verdict of a holding with these rules.
    pub(crate) fn permits(&self, rules: &HoldingRules, at: Timestamp, at_most: Verdict) -> Condition {
        let is_fixed = [self.recipient, self.minimisation].into_iter().all(|said| said.is_at_most(at_most));
        let unless_lifted = |said: Condition| if self.lift.eases(at_most) { Condition::Always } else { said };
        let mut under: Vec<(Condition, Condition)> = Vec::new();
        for (provision, falls) in self.needed.falls_under(at) {
            let consents = self.needed.items(provision).map(|item| item.permits(at));
            let permitted = Condition::all([
                unless_lifted(Condition::all(consents)),
                rules.permits(self, provision, at, at_most),
            ]);
            under.push((falls, permitted));
        }
        Condition::all([
            Condition::fixed(is_fixed),
            self.purpose.permits(at, at_most),
            self.transfer.permits(at, at_most),
            unless_lifted(self.choice.permits(at_most)),
            Condition::any(under.into_iter().map(|(falls, permitted)| Condition::all([falls, permitted]))),
        ])
    }
}
