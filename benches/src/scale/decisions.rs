//! Decisions about customers at random, beside memory of the same size touched in the same order.

use std::hint::black_box;

use nattoku_engine::{Answer, Ordinal, Plan, Population, decide};
use nattoku_model::policy::Versions;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::floor::Rows;
use super::report::{Report, float};
use crate::carrier::{Question, questions};
use crate::cpu::thread_time;

/// Customers asked about in one round.
const ASKED: usize = 1_000_000;
/// Rounds, of which the middle one counts.
const ROUNDS: usize = 5;

/// Measures single decisions in an order of chance.
pub(super) fn measure(report: &Report, versions: &Versions, population: &Population) {
    let rows = Rows::new(population.len());
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let n = u32::try_from(population.len()).unwrap_or(u32::MAX);
    let ordinals: Vec<u32> = std::iter::repeat_with(|| chance.next_u32() % n).take(ASKED).collect();
    let floor = middle(|| {
        black_box(rows.read(&ordinals));
    });
    report.time("random access to 48 bytes", floor, floor, None);
    for Question { name, request } in questions() {
        let mut plan = Plan::new(versions, population, &request);
        let mut answer = Answer::default();
        let mut ask = || {
            for ordinal in &ordinals {
                decide(&mut plan, population, Ordinal(*ordinal), request.at, &mut answer).expect("it serves");
                black_box(answer.verdict);
            }
        };
        report.time(&format!("decide_{name}, meeting patterns"), once(&mut ask), floor, None);
        let goal = (name != "four").then_some(super::TIMES_THE_FLOOR);
        report.time(&format!("decide_{name}"), middle(ask), floor, goal);
    }
}

/// Nanoseconds of processor time for one customer, in the middle one of some rounds.
fn middle(mut round: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = std::iter::repeat_with(|| once(&mut round)).take(ROUNDS).collect();
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}

fn once(round: &mut impl FnMut()) -> f64 {
    let start = thread_time();
    round();
    thread_time().saturating_sub(start).as_secs_f64() * 1e9 / float(ASKED)
}
