//! Looking for a state in which every gate permits and the invariant forbids: exactly, and with the fewest events.
//!
//! A decision permits where every gate does, and each gate looks at few variables. Constraints that share no variable are
//! solved apart; where they share one, each of its values is tried, and what is left may fall apart again. So every
//! combination is covered, none is sampled and none left out.

use std::collections::HashMap;

use nattoku_model::event::{Recorded, Revision};
use nattoku_model::history::History;
use nattoku_model::policy::invariant::Invariant;
use nattoku_model::{Event, Gate};
use nattoku_spec::judge_gate;

use super::domain::Question;
use super::footprint::Footprints;
use super::shape::Shape;
use super::variable::{Value, Variable, Variables};
use crate::invariant::{Bearing, Part, Scene, parts};

/// What was found out once: what a gate says, by what it looks at; and what becomes of constraints that hang together.
#[derive(Default)]
pub(super) struct Memo {
    said: HashMap<Vec<u32>, bool>,
    solved: HashMap<Vec<u32>, Option<Solved>>,
    /// How often a gate or an invariant was asked.
    pub(super) asked: u64,
}

/// What constraints cost together, with the value of each variable by its number.
type Solved = (usize, Vec<(u32, usize)>);

/// Something that must hold.
#[derive(Clone, Copy)]
enum Constraint<'a> {
    /// A gate permits.
    Permits(Gate),
    /// One of the things that an invariant asks for before it forbids is so.
    IsSo(&'a Invariant, Part<'a>),
}

/// The chosen value of each variable, by position.
pub(super) type Choice = Vec<usize>;

/// One question with its variables.
pub(super) struct Problem<'a> {
    question: &'a Question<'a>,
    shape: &'a Shape,
    variables: &'a Variables,
    footprints: Footprints,
    /// The number of the application.
    application: usize,
    /// The number of the version in force, and of the instant.
    version: u32,
    instant: u32,
}

/// A set of variables or constraints, by position.
type Set = u128;

/// Most variables that a question may have.
pub(super) const VARIABLES_MAX: usize = 128;

/// A constraint with the variables it looks at.
struct Looking<'a> {
    constraint: Constraint<'a>,
    variables: Vec<usize>,
    set: Set,
    /// All else that it looks at, as numbers.
    words: Vec<u32>,
    /// Whether instants matter to it.
    by_clock: bool,
}

impl<'a> Problem<'a> {
    pub(super) fn new(
        question: &'a Question<'a>,
        shape: &'a Shape,
        variables: &'a Variables,
        instant: u32,
    ) -> Self {
        let versions = question.words.versions.oldest_first();
        let version = versions.iter().position(|p| p.version == question.policy.version).unwrap_or(0);
        let footprints = Footprints::of(question);
        let applications = question.words.policy.applications.keys();
        let application = applications.into_iter().position(|a| *a == shape.application).unwrap_or(0);
        Self { question, shape, variables, footprints, application, version: number(version), instant }
    }

    /// How many states there are.
    pub(super) fn n_states(&self) -> u128 {
        self.variables
            .iter()
            .fold(1_u128, |n, v| n.saturating_mul(u128::try_from(v.values.len()).unwrap_or(1)))
    }

    /// Whether the gate permits in any state at all.
    pub(super) fn permits_somewhere(&self, gate: Gate, memo: &mut Memo) -> bool {
        self.search(&[self.gate(gate)], memo).is_some()
    }

    /// The state with the fewest events in which every gate permits and the invariant forbids; none if there is none.
    pub(super) fn solve(
        &self,
        invariant: Option<(usize, &'a Invariant, Bearing)>,
        memo: &mut Memo,
    ) -> Option<Choice> {
        let gates = Gate::ALL.into_iter().map(|gate| self.gate(gate));
        let parts = invariant.into_iter().flat_map(|(i, invariant, bearing)| {
            parts(invariant, bearing).into_iter().map(move |part| self.part(i, invariant, part))
        });
        self.search(&gates.chain(parts).collect::<Vec<_>>(), memo)
    }

    fn gate(&self, gate: Gate) -> Looking<'a> {
        let by_clock = self.footprints.looks_at_the_clock(gate);
        let place = Gate::ALL.iter().position(|g| *g == gate).unwrap_or(0);
        let mut words = vec![number(place), self.version, if by_clock { self.instant } else { u32::MAX }];
        words.extend(Footprints::words(gate, self.shape, self.application).into_iter().map(number));
        let looks_at = |variable: &Variable| self.footprints.looks_at(gate, variable);
        self.looking(Constraint::Permits(gate), words, by_clock, looks_at)
    }

    fn part(&self, i: usize, invariant: &'a Invariant, part: Part<'a>) -> Looking<'a> {
        let (kind, n) = part.number();
        let mut words = vec![1000 + number(i), self.version, self.instant, number(kind), number(n)];
        words.extend(super::bears::words(part, self.shape).into_iter().map(number));
        let is_wholly_about = self.question.act().is_wholly_about(invariant);
        let looks_at = |variable: &Variable| super::bears::looks_at(part, is_wholly_about, variable);
        self.looking(Constraint::IsSo(invariant, part), words, true, looks_at)
    }

    fn looking(
        &self,
        constraint: Constraint<'a>,
        words: Vec<u32>,
        by_clock: bool,
        looks_at: impl Fn(&Variable) -> bool,
    ) -> Looking<'a> {
        let looked_at = self.variables.iter().enumerate().filter(|(_, v)| looks_at(v));
        let variables: Vec<usize> = looked_at.map(|(i, _)| i).take(VARIABLES_MAX).collect();
        let set = variables.iter().fold(0, |set, v| set | bit(*v));
        Looking { constraint, variables, set, words, by_clock }
    }

    /// Constraints that share no variable are solved apart, each such group once.
    fn search(&self, constraints: &[Looking<'a>], memo: &mut Memo) -> Option<Choice> {
        let mut search = Search {
            problem: self,
            memo,
            constraints,
            chosen: 0,
            values: vec![0; self.variables.len()],
            key: Vec::new(),
        };
        let all = (0..constraints.len()).fold(0, |set, i| set | bit(i));
        let mut choice = vec![0; self.variables.len()];
        for (_, group) in search.groups(all) {
            for (variable, value) in search.solve_once(group)? {
                if let Some(place) = choice.get_mut(variable) {
                    *place = value;
                }
            }
        }
        Some(choice)
    }

    /// The events of a state, in the order in which they happened.
    pub(super) fn events(&self, choice: &Choice) -> Vec<Recorded> {
        let all: Vec<usize> = (0..self.variables.len()).collect();
        recorded(&self.chosen(&all, choice))
    }

    /// What a gate is remembered by, and the events that it sees of a state.
    #[cfg(test)]
    pub(super) fn seen_by(&self, gate: Gate, choice: &Choice) -> (Vec<u32>, Vec<Recorded>) {
        let looking = self.gate(gate);
        let seen: Vec<usize> = looking.variables.iter().filter_map(|v| choice.get(*v).copied()).collect();
        let values = self.chosen(&looking.variables, &seen);
        (key(&looking, &values), recorded(&values))
    }

    fn chosen(&self, variables: &[usize], choice: &[usize]) -> Vec<&Value> {
        variables
            .iter()
            .zip(choice)
            .filter_map(|(variable, value)| self.variables.get(*variable)?.values.get(*value))
            .collect()
    }

    /// Whether the constraint holds of these values; asked once.
    fn ask(&self, looking: &Looking<'a>, values: &[&Value]) -> bool {
        let events = recorded(values);
        let (versions, request) = (self.question.words.versions, self.question.request);
        match looking.constraint {
            Constraint::Permits(gate) => judge_gate(versions, &events, request, gate).verdict.is_permitted(),
            Constraint::IsSo(invariant, part) => {
                let scene =
                    Scene { act: self.question.act(), history: History::new(&events, request.at, None) };
                scene.is_part_so(part, invariant)
            }
        }
    }
}

/// What an answer is remembered by.
#[cfg(test)]
fn key(looking: &Looking<'_>, values: &[&Value]) -> Vec<u32> {
    let ids = values.iter().map(|v| if looking.by_clock { v.id } else { v.coarse });
    looking.words.iter().copied().chain(ids).collect()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

const fn bit(n: usize) -> Set {
    if n < VARIABLES_MAX { 1 << n } else { 0 }
}

/// The positions in a set.
fn positions(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros())?;
        set &= set - 1;
        usize::try_from(lowest).ok()
    })
}

/// A search through the values of variables.
struct Search<'a, 's> {
    problem: &'s Problem<'a>,
    memo: &'s mut Memo,
    constraints: &'s [Looking<'a>],
    /// The variables chosen so far, and their values.
    chosen: Set,
    values: Vec<usize>,
    /// Room for what an answer is remembered by.
    key: Vec<u32>,
}

/// How many events a choice costs, and what was chosen for which variable.
type Found = (usize, Vec<(usize, usize)>);

impl Search<'_, '_> {
    /// The cheapest choice for a group of constraints of which nothing is chosen yet; looked for once for all questions in which
    /// the same constraints look at the same.
    fn solve_once(&mut self, group: Set) -> Option<Vec<(usize, usize)>> {
        let mut key: Vec<u32> = Vec::new();
        let mut variables: Set = 0;
        for looking in positions(group).filter_map(|i| self.constraints.get(i)) {
            key.push(number(looking.words.len()));
            key.extend(&looking.words);
            variables |= looking.set;
        }
        let id = |i: usize| self.problem.variables.get(i).map_or(u32::MAX, |v| v.id);
        let ids: Vec<(u32, usize)> = positions(variables).map(|i| (id(i), i)).collect();
        key.extend(ids.iter().map(|(id, _)| *id));
        if !self.memo.solved.contains_key(&key) {
            let found = self.cheapest(group, usize::MAX);
            let by_id = |(variable, value): (usize, usize)| (id(variable), value);
            let solved = found.map(|(n, values)| (n, values.into_iter().map(by_id).collect()));
            self.memo.solved.insert(key.clone(), solved);
        }
        let (_, values) = self.memo.solved.get(&key)?.as_ref()?;
        let at = |id: u32| ids.iter().find(|(i, _)| *i == id).map(|(_, at)| *at);
        Some(values.iter().filter_map(|(id, value)| Some((at(*id)?, *value))).collect())
    }

    /// The cheapest choice for the variables still open under which all of the constraints hold, if it costs less than `limit`.
    fn cheapest(&mut self, constraints: Set, limit: usize) -> Option<Found> {
        let mut open: Set = 0;
        for i in positions(constraints) {
            let Some(looking) = self.constraints.get(i) else { continue };
            if looking.set & !self.chosen != 0 {
                open |= bit(i);
            } else if !self.holds(looking) {
                return None;
            }
        }
        let mut found: Found = (0, Vec::new());
        for (variables, group) in self.groups(open) {
            let (n_events, values) =
                self.cheapest_of_group(variables, group, limit.saturating_sub(found.0))?;
            found.0 += n_events;
            found.1.extend(values);
        }
        (found.0 < limit).then_some(found)
    }

    /// The same for constraints that hang together: each value of the variable that most of them look at in turn. With that
    /// chosen, what is left may fall apart, and is then looked at apart.
    fn cheapest_of_group(&mut self, variables: Set, group: Set, limit: usize) -> Option<Found> {
        let n_looking = |variable: usize| {
            let constraints = positions(group).filter_map(|i| self.constraints.get(i));
            constraints.filter(|l| l.set & bit(variable) != 0).count()
        };
        // The first of those that most look at, so that the order is always the same.
        let variable = positions(variables).max_by_key(|v| (n_looking(*v), std::cmp::Reverse(*v)))?;
        let described = self.problem.variables.get(variable)?;
        let mut best: Option<Found> = None;
        for (value, one) in described.values.iter().enumerate() {
            let limit = best.as_ref().map_or(limit, |(n, _)| *n);
            let n_events = one.events.len();
            if n_events >= limit {
                break;
            }
            self.chosen |= bit(variable);
            if let Some(place) = self.values.get_mut(variable) {
                *place = value;
            }
            if let Some((rest, mut values)) = self.cheapest(group, limit - n_events) {
                values.push((variable, value));
                best = Some((n_events + rest, values));
            }
            self.chosen &= !bit(variable);
        }
        best
    }

    /// Constraints that share an open variable, together, with their open variables; the smallest group first.
    fn groups(&self, constraints: Set) -> Vec<(Set, Set)> {
        let mut groups: Vec<(Set, Set)> = Vec::new();
        for i in positions(constraints) {
            let Some(looking) = self.constraints.get(i) else { continue };
            let mut joined = (looking.set & !self.chosen, bit(i));
            groups.retain(|group| {
                let touches = group.0 & joined.0 != 0;
                if touches {
                    joined = (joined.0 | group.0, joined.1 | group.1);
                }
                !touches
            });
            groups.push(joined);
        }
        groups.sort_by_key(|(variables, _)| variables.count_ones());
        groups
    }

    fn holds(&mut self, looking: &Looking<'_>) -> bool {
        self.key.clear();
        self.key.extend(&looking.words);
        for variable in &looking.variables {
            let value = self.values.get(*variable).copied().unwrap_or(0);
            let value = self.problem.variables.get(*variable).and_then(|v| v.values.get(value));
            self.key.extend(value.map(|v| if looking.by_clock { v.id } else { v.coarse }));
        }
        if let Some(said) = self.memo.said.get(&self.key) {
            return *said;
        }
        self.memo.asked += 1;
        let choice: Vec<usize> =
            looking.variables.iter().filter_map(|v| self.values.get(*v).copied()).collect();
        let holds = self.problem.ask(looking, &self.problem.chosen(&looking.variables, &choice));
        self.memo.said.insert(self.key.clone(), holds);
        holds
    }
}

/// The events of values as the ledger would hold them.
fn recorded(values: &[&Value]) -> Vec<Recorded> {
    let mut events: Vec<(jiff::Timestamp, Event)> =
        values.iter().flat_map(|v| v.events.iter().cloned()).collect();
    events.sort_by_key(|(at, event)| (*at, matches!(event, Event::DataAcquired { .. })));
    events.dedup();
    (1..)
        .zip(events)
        .map(|(n, (at, event))| Recorded { revision: Revision(n), at, recorded_at: at, event })
        .collect()
}
