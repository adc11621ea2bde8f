//! A decision: a plan, and one principal's row.

use jiff::Timestamp;
use nattoku_model::{Action, Gate, Reason, Verdict};

use crate::answer::{Answer, CaseAnswer};
use crate::dates::{Doubt, Moment};
use crate::lexicon::Lexicon;
use crate::plan::{Asked, CaseRules, Entry, EraOf, Eras, HeldPart, HoldingRules, Lists, Plan};
use crate::population::{Ordinal, Population, State};
use crate::row::Row;
use crate::said::{Said, worst};

/// The engine has no answer: the definition is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// The instant lies before something that the population knows, or the request asks what was known at another instant:
    /// [`Population::as_of`] is for that.
    #[error("the population is of another instant than is asked about")]
    Earlier,
    /// The plan was made for another state of what concerns everybody, or its time has run out: it is to be made anew.
    #[error("the plan no longer holds and is to be made anew")]
    Stale,
    /// It depends on a fraction of a second, or on a date before 1970 or after 2106, and of these a row keeps only their order.
    #[error("the answer depends on a date that the engine does not keep in full")]
    Finer,
    /// There is nobody with this ordinal, or so much of them that nothing is kept.
    #[error("nothing is kept of anybody with this ordinal")]
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
    answer.clear();
    may_ask(plan, population, at)?;
    let row = population.row(ordinal).ok_or(NotNow::Nobody)?;
    about(plan, population, row, at, answer)
}

/// How many rows are read before the first of them is decided: memory then looks for all of them at once.
const AT_ONCE: usize = 64;

/// Decides the plan's request about several principals, and tells each answer. Where principals lie far apart in memory
/// this takes much less time than asking about one after the other.
///
/// # Errors
/// Where the engine has no answer about anybody. Where it has none about one of them, `each` is told why.
pub fn decide_each(
    plan: &mut Plan<'_>,
    population: &Population,
    ordinals: impl IntoIterator<Item = Ordinal>,
    at: Timestamp,
    answer: &mut Answer,
    each: &mut dyn FnMut(Ordinal, Result<&Answer, NotNow>),
) -> Result<(), NotNow> {
    answer.clear();
    may_ask(plan, population, at)?;
    let mut ordinals = ordinals.into_iter();
    let mut rows = Vec::with_capacity(AT_ONCE);
    loop {
        rows.clear();
        let some = ordinals.by_ref().take(AT_ONCE);
        rows.extend(some.map(|ordinal| (ordinal, population.row(ordinal).copied())));
        for (ordinal, row) in &rows {
            answer.clear();
            let decided = match row {
                Some(row) => about(plan, population, row, at, answer),
                None => Err(NotNow::Nobody),
            };
            each(*ordinal, decided.map(|()| &*answer));
        }
        if rows.len() < AT_ONCE {
            return Ok(());
        }
    }
}

/// Whether the plan and the population answer for an instant at all.
pub(crate) fn may_ask(plan: &Plan<'_>, population: &Population, at: Timestamp) -> Result<(), NotNow> {
    if !population.answers(at, plan.request().known_at) {
        return Err(NotNow::Earlier);
    }
    if plan.serves(population, at) { Ok(()) } else { Err(NotNow::Stale) }
}

fn about(
    plan: &mut Plan<'_>,
    population: &Population,
    row: &Row,
    at: Timestamp,
    answer: &mut Answer,
) -> Result<(), NotNow> {
    let doubt = Doubt::default();
    let state = population.state(row, &doubt).ok_or(NotNow::Nobody)?;
    if plan.judged(state.held).is_none() {
        plan.meet(population, state.held);
    }
    answer.at = at;
    answer.revision = population.revision();
    plan.eras.of(&state, &mut answer.eras);
    let (lexicon, eras, action) = (&population.lexicon, &plan.eras, plan.request().action);
    let view = View { state, lexicon, eras, at, action };
    if let Some(mut lists) = plan.judged(state.held) {
        for (number, asked) in plan.asked.iter().enumerate() {
            view.category(number, asked, &mut lists, answer);
        }
    }
    answer.verdict = answer.cases.iter().map(|case| case.verdict).max().unwrap_or(Verdict::Deny);
    if doubt.is_there() {
        answer.clear();
        return Err(NotNow::Finer);
    }
    Ok(())
}

/// A principal as seen from an instant.
#[derive(Clone, Copy)]
struct View<'a> {
    state: State<'a>,
    lexicon: &'a Lexicon,
    eras: &'a Eras,
    at: Timestamp,
    action: Action,
}

impl View<'_> {
    /// Adds the answers for one category, one an era.
    fn category(&self, number: usize, asked: &Asked, lists: &mut Lists<'_>, answer: &mut Answer) {
        let first = answer.cases.len();
        let own = lists.next();
        if own.is_empty() {
            self.entry((number, asked), Entry::Assumed, Moment::exact(self.at), first, answer);
        }
        answer.turns.clear();
        self.line_up(own, None, &mut answer.turns);
        let newest = answer.turns.last().copied();
        for _ in &asked.origins {
            self.line_up(lists.next(), newest, &mut answer.turns);
        }
        for turn in 0..answer.turns.len() {
            let Some((_, held)) = answer.turns.get(turn).copied() else { continue };
            let acquired = self.state.dates.get(self.before() + held.group);
            self.entry((number, asked), Entry::Held(held), acquired, first, answer);
        }
        answer.cases.iter_mut().skip(first).for_each(CaseAnswer::close);
    }

    /// How many dates come before those of the holdings.
    fn before(&self) -> u16 {
        self.state.profile.n_dates() + self.state.will.n_dates()
    }

    /// Adds holdings in the order of their acquisition, as far as they are no newer than another.
    fn line_up(&self, held: &[HeldPart], newest: Option<(u32, HeldPart)>, turns: &mut Vec<(u32, HeldPart)>) {
        let first = turns.len();
        let before = self.before();
        let instant = |(second, held): &(u32, HeldPart)| (*second, held.nth);
        let all = held.iter().map(|held| (self.state.dates.second(before + held.group), *held));
        turns.extend(all.filter(|turn| newest.is_none_or(|newest| instant(turn) <= instant(&newest))));
        if let Some(added @ [_, _, ..]) = turns.get_mut(first..) {
            added.sort_by_key(instant);
        }
    }

    /// Judges one holding in the era of its acquisition.
    fn entry(
        &self,
        (number, asked): (usize, &Asked),
        entry: Entry,
        acquired: Moment,
        first: usize,
        answer: &mut Answer,
    ) {
        let is_before = |before: Timestamp| self.state.doubt.test(acquired, |acquired| acquired < before);
        let era = answer.eras.iter().find(|era| self.eras.end(era.number).is_none_or(is_before));
        let Some(era) = era.copied() else { return };
        let Some(case) = asked.cases.get(era.text) else { return };
        let earlier = answer.cases.iter().skip(first).take_while(|case| case.era.number < era.number);
        let place = first + earlier.count();
        let is_open = answer.cases.get(place).is_some_and(|case| case.era.number == era.number);
        if !is_open {
            answer.cases.insert(place, CaseAnswer::new(number, era));
        }
        let Some(open) = answer.cases.get_mut(place) else { return };
        if !is_open {
            self.open(case, open);
        }
        self.holding(case, entry, acquired, open);
    }

    /// Adds to an era's case what does not depend on the holding.
    fn open(&self, case: &CaseRules, opened: &mut CaseAnswer) {
        let (state, lexicon, at) = (&self.state, self.lexicon, self.at);
        let provision = case.needed.provision(state, lexicon, at);
        opened.provision = provision;
        let consents = case.needed.items(provision).map(|item| item.judge(state, lexicon, at));
        let consent = worst(consents).unwrap_or(Said::permit(Reason::NoConsentNeeded));
        opened.add(Gate::Governing, self.governing(opened.era));
        opened.add(Gate::Purpose, case.purpose.judge(state, at));
        opened.add(Gate::Recipient, case.recipient);
        opened.add(Gate::Transfer, case.transfer.judge(state, lexicon, at));
        opened.add(Gate::Choice, case.lift.apply(Gate::Choice, case.choice.judge(state)));
        opened.add(Gate::Consent, case.lift.apply(Gate::Consent, consent));
        opened.add(Gate::Minimisation, case.minimisation);
    }

    /// Whatever version governs, the principal may see the data (APPI-33-1).
    fn governing(&self, era: EraOf) -> Said {
        if self.action == Action::Disclose && era.said.verdict != Verdict::Permit {
            return Said::permit(Reason::DisclosureToPrincipal);
        }
        era.said
    }

    fn holding(&self, case: &CaseRules, entry: Entry, acquired: Moment, open: &mut CaseAnswer) {
        let Some(rules) = case.rules(entry) else { return };
        let (state, lexicon, at, provision) = (&self.state, self.lexicon, self.at, open.provision);
        let has_ended = rules.has_retention_ended(state, acquired, at);
        if let Entry::Held(held) = entry
            && open.judged.replace((held.part, has_ended)) == Some((held.part, has_ended))
        {
            return;
        }
        let relationship =
            if has_ended { Said::deny(Reason::RetentionEnded) } else { case.agreement.judge(state) };
        open.add(Gate::Prohibition, rules.prohibition);
        open.add(Gate::Origin, rules.origin);
        open.add(Gate::Relationship, relationship);
        open.add(Gate::Secrecy, rules.secrecy.judge(&case.needed, provision, state, lexicon, at));
        open.add(Gate::Provision, rules.provision(provision));
        open.add(Gate::Restriction, self.restriction(rules, entry));
    }

    fn restriction(&self, rules: &HoldingRules, entry: Entry) -> Said {
        let profile = self.state.profile;
        let category = &rules.category;
        let stops = self.lexicon.stops.get(profile.stops()).map_or(&[][..], Vec::as_slice);
        if stops.iter().any(|stop| stop.stops(category, self.action)) {
            return Said::deny(Reason::Ceased);
        }
        let is_needed_now = entry == Entry::Assumed && self.action != Action::Collect;
        let erased = self.lexicon.erased.get(profile.erased()).map_or(&[][..], Vec::as_slice);
        if is_needed_now && erased.iter().any(|e| e.covers(category) || category.covers(e)) {
            return Said::deny(Reason::Erased);
        }
        Said::permit(Reason::Unrestricted)
    }
}
