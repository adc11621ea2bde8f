//! A decision: a plan, and one principal's row.

use jiff::Timestamp;
use nattoku_model::{Action, Gate, Reason, Verdict};

use crate::answer::{Answer, CaseAnswer};
use crate::lexicon::Lexicon;
use crate::plan::{Asked, CaseRules, Entry, EraOf, HoldingRules, Plan};
use crate::population::{Ordinal, Population, State};
use crate::said::{Said, worst};

/// The engine has no answer: the definition is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// The instant lies before something that the population knows, or the request asks what was known at another instant.
    #[error("the engine answers for now, and this is about an earlier instant")]
    Earlier,
    /// The plan was made for another state of what concerns everybody, or its time has run out: it is to be made anew.
    #[error("the plan no longer holds and is to be made anew")]
    Stale,
    /// There is nobody with this ordinal.
    #[error("there is nobody with this ordinal")]
    Nobody,
}

/// Decides the plan's request about one principal, at an instant for which the plan serves. The plan learns patterns of
/// holdings as it meets them; for those it knows, nothing is allocated.
///
/// # Errors
/// Where the engine has no answer; none of these is a permit.
pub fn decide(
    plan: &mut Plan<'_>,
    population: &Population,
    ordinal: Ordinal,
    at: Timestamp,
    answer: &mut Answer,
) -> Result<(), NotNow> {
    answer.cases.clear();
    answer.verdict = Verdict::Deny;
    if plan.request().known_at.is_some() || at < population.newest() {
        return Err(NotNow::Earlier);
    }
    if !plan.serves(population, at) {
        return Err(NotNow::Stale);
    }
    let state = population.state(ordinal).ok_or(NotNow::Nobody)?;
    if plan.judged(state.held).is_none() {
        plan.meet(population, state.held);
    }
    answer.at = at;
    answer.revision = population.revision();
    plan.eras.of(&state, &mut answer.eras);
    let view = View { state, lexicon: &population.lexicon, at, action: plan.request().action };
    let judged = plan.judged(state.held).unwrap_or_default();
    for (number, (asked, entries)) in plan.asked.iter().zip(judged).enumerate() {
        view.category(number, asked, entries, answer);
    }
    answer.verdict = answer.cases.iter().map(|case| case.verdict).max().unwrap_or(Verdict::Deny);
    Ok(())
}

/// A principal as seen from an instant.
#[derive(Clone, Copy)]
struct View<'a> {
    state: State<'a>,
    lexicon: &'a Lexicon,
    at: Timestamp,
    action: Action,
}

impl View<'_> {
    /// Adds the answers for one category, one an era.
    fn category(&self, number: usize, asked: &Asked, entries: &[Entry], answer: &mut Answer) {
        let first = answer.cases.len();
        for entry in entries {
            let acquired = self.acquired(*entry);
            let era = answer.eras.iter().find(|era| era.before.is_none_or(|before| acquired < before));
            let Some(era) = era.copied() else { continue };
            let Some(case) = asked.cases.get(era.text) else { continue };
            let found = answer.cases.iter().skip(first).position(|c| c.era.number == era.number);
            let place = if let Some(place) = found {
                first + place
            } else {
                let later = answer.cases.iter().skip(first).position(|c| c.era.number > era.number);
                let place = later.map_or(answer.cases.len(), |later| first + later);
                answer.cases.insert(place, self.open(number, case, era));
                place
            };
            if let Some(open) = answer.cases.get_mut(place) {
                self.holding(case, *entry, acquired, open);
            }
        }
        answer.cases.iter_mut().skip(first).for_each(CaseAnswer::close);
    }

    fn acquired(&self, entry: Entry) -> Timestamp {
        match entry {
            Entry::Assumed => self.at,
            Entry::Held { rank, .. } => {
                let before = self.state.profile.n_dates + self.state.will.n_dates;
                self.state.dates.get(before + rank)
            }
        }
    }

    /// An era's case with what does not depend on the holding.
    fn open(&self, number: usize, case: &CaseRules, era: EraOf) -> CaseAnswer {
        let (state, lexicon, at) = (&self.state, self.lexicon, self.at);
        let provision = case.needed.provision(state, lexicon, at);
        let consents = case.needed.items(provision).map(|item| item.judge(state, lexicon, at));
        let consent = worst(consents).unwrap_or(Said::permit(Reason::NoConsentNeeded));
        let mut opened = CaseAnswer::new(number, era);
        for (gate, said) in [
            (Gate::Governing, self.governing(era)),
            (Gate::Purpose, case.purpose.judge(state, at)),
            (Gate::Recipient, case.recipient),
            (Gate::Transfer, case.transfer.judge(state, lexicon, at)),
            (Gate::Choice, case.lift.apply(Gate::Choice, case.choice.judge(state))),
            (Gate::Consent, case.lift.apply(Gate::Consent, consent)),
            (Gate::Minimisation, case.minimisation),
        ] {
            opened.add(gate, said);
        }
        opened
    }

    /// Whatever version governs, the principal may see the data (APPI-33-1).
    fn governing(&self, era: EraOf) -> Said {
        if self.action == Action::Disclose && era.said.verdict != Verdict::Permit {
            return Said::permit(Reason::DisclosureToPrincipal);
        }
        era.said
    }

    fn holding(&self, case: &CaseRules, entry: Entry, acquired: Timestamp, open: &mut CaseAnswer) {
        let Some(rules) = case.rules(entry) else { return };
        let (state, lexicon, at) = (&self.state, self.lexicon, self.at);
        let provision = case.needed.provision(state, lexicon, at);
        let relationship = if rules.has_retention_ended(state, acquired, at) {
            Said::deny(Reason::RetentionEnded)
        } else {
            case.agreement.judge(state)
        };
        for (gate, said) in [
            (Gate::Prohibition, rules.prohibition),
            (Gate::Origin, rules.origin),
            (Gate::Relationship, relationship),
            (Gate::Secrecy, rules.secrecy.judge(&case.needed, provision, state, lexicon, at)),
            (Gate::Provision, rules.provision(provision)),
            (Gate::Restriction, self.restriction(rules, entry)),
        ] {
            open.add(gate, said);
        }
    }

    fn restriction(&self, rules: &HoldingRules, entry: Entry) -> Said {
        let profile = self.state.profile;
        let category = &rules.category;
        let stops = self.lexicon.stops.get(profile.stops).map_or(&[][..], Vec::as_slice);
        if stops.iter().any(|stop| stop.stops(category, self.action)) {
            return Said::deny(Reason::Ceased);
        }
        let is_needed_now = entry == Entry::Assumed && self.action != Action::Collect;
        let erased = self.lexicon.erased.get(profile.erased).map_or(&[][..], Vec::as_slice);
        if is_needed_now && erased.iter().any(|e| e.covers(category) || category.covers(e)) {
            return Said::deny(Reason::Erased);
        }
        Said::permit(Reason::Unrestricted)
    }
}
