//! Decisions about customers at random, beside memory of the same size touched in the same order.

use std::hint::black_box;

use jiff::Timestamp;
use nattoku_engine::{Answer, NotNow, Ordinal, Plan, Population, decide, decide_each};
use nattoku_model::policy::Versions;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::floor::Rows;
use super::{middle_of, once_of};
use crate::carrier::{Question, questions};
use crate::report::{Report, float};

/// How often the bare random access one decision on one category may take.
const TIMES_AN_ACCESS: f64 = 3.0;

/// Customers asked about in one round.
const ASKED: usize = 1_000_000;

/// Measures single decisions in an order of chance.
pub(super) fn measure(report: &Report, versions: &Versions, population: &Population) {
    let rows = Rows::new(population.len());
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let n = u32::try_from(population.len()).unwrap_or(u32::MAX);
    let ordinals: Vec<u32> = std::iter::repeat_with(|| chance.next_u32() % n).take(ASKED).collect();
    let floor = touch(report, "48 bytes at random", &rows, &ordinals, None);
    let rows = Rows::in_large_pages(&rows);
    touch(report, "48 bytes at random in large pages", &rows, &ordinals, Some(floor));
    drop(rows);
    let Floor { one, many } = floor;
    for question in questions() {
        let has_goal = question.name != "four" && n >= super::GOAL_FROM;
        let goal = has_goal.then_some(TIMES_AN_ACCESS);
        let mut asking = Asking::new(versions, population, &question);
        let name = format!("decide_{}", question.name);
        report.time(
            &format!("{name}, meeting patterns"),
            once(&mut || asking.one_by_one(&ordinals)),
            one,
            None,
        );
        let alone = middle(|| asking.one_by_one(&ordinals));
        report.time(&name, alone, one, goal);
        report.time(&format!("{name}, beside many under way"), alone, many, None);
        report.time(&format!("{name}, many at once"), middle(|| asking.together(&ordinals)), many, None);
        report.figure(&format!("{name}, left to the definition"), asking.left(&ordinals), "of 100");
    }
}

/// What reading rows at random takes, in nanoseconds.
#[derive(Clone, Copy)]
struct Floor {
    /// Each after the one before, as one decision after another does.
    one: f64,
    /// Many under way at once, which is the most that memory gives.
    many: f64,
}

/// Measures what reading rows takes, beside a floor that is the same where none is given.
fn touch(
    report: &Report,
    name: &str,
    rows: &Rows<impl AsRef<[u8]>>,
    ordinals: &[u32],
    floor: Option<Floor>,
) -> Floor {
    let many = middle(|| {
        black_box(rows.read(ordinals));
    });
    let one = middle(|| {
        black_box(rows.read_in_turn(ordinals));
    });
    let measured = Floor { one, many };
    let floor = floor.unwrap_or(measured);
    report.time(&format!("{name}, many under way"), many, floor.many, None);
    report.time(&format!("{name}, one after the other"), one, floor.one, None);
    measured
}

/// One question with what it takes to ask it.
struct Asking<'a> {
    plan: Plan<'a>,
    population: &'a Population,
    at: Timestamp,
    answer: Answer,
}

impl<'a> Asking<'a> {
    fn new(versions: &'a Versions, population: &'a Population, question: &Question) -> Self {
        let plan = Plan::new(versions, population, &question.request);
        Self { plan, population, at: question.request.at, answer: Answer::default() }
    }

    fn one_by_one(&mut self, ordinals: &[u32]) {
        let Self { plan, population, at, answer } = self;
        for ordinal in ordinals {
            black_box(decide(plan, population, Ordinal(*ordinal), *at, answer).map(|()| answer.verdict)).ok();
        }
    }

    fn together(&mut self, ordinals: &[u32]) {
        let Self { plan, population, at, answer } = self;
        let all = ordinals.iter().copied().map(Ordinal);
        let mut each = |ordinal, decided: Result<&Answer, NotNow>| {
            black_box((ordinal, decided.map(|answer| answer.verdict))).1.ok();
        };
        decide_each(plan, population, all, *at, answer, &mut each).expect("it serves");
    }

    /// Of how many in a hundred the definition is to be asked; no other reason not to answer may come up.
    fn left(&mut self, ordinals: &[u32]) -> f64 {
        let Self { plan, population, at, answer } = self;
        let is_left = |ordinal: &&u32| match decide(plan, population, Ordinal(**ordinal), *at, answer) {
            Ok(()) => false,
            Err(NotNow::Finer) => true,
            Err(other) => panic!("{other}"),
        };
        float(ordinals.iter().filter(is_left).count()) * 100.0 / float(ASKED)
    }
}

/// Nanoseconds of processor time for one customer, in the middle one of some rounds.
fn middle(mut round: impl FnMut()) -> f64 {
    middle_of(&mut round) / float(ASKED)
}

fn once(round: &mut impl FnMut()) -> f64 {
    once_of(round) / float(ASKED)
}
