//! Populations of one to a hundred million customers: built without keeping their events, and asked at every power of ten.

mod audience;
mod build;
mod decisions;
mod floor;
mod live;
mod memory;
mod snapshot;

use std::sync::Arc;

use nattoku_engine::{Population, Vocabulary};

use crate::cpu::thread_time;
use crate::people::about_processors;
use crate::report::{Report, float};
use crate::{carrier, people::People};
use build::Built;

/// What the customers are drawn from.
const SEED: u64 = 20_191_211;

/// The goals are set for so many people. Rows of fewer are partly in a cache, and what every program takes weighs more.
const GOAL_FROM: u32 = 100_000_000;

/// How much memory a hundred million principals may take with the id index, per principal.
const BYTES_A_PRINCIPAL: f64 = 8.0 * 1024.0 * 1024.0 * 1024.0 / 100e6;

/// Builds a population of `n` and measures it at one million, ten millions and so on, and at the end.
pub fn run(n: u32) {
    let versions = carrier::versions();
    let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
    for recorded in about_processors(&versions) {
        population.apply_general(&recorded);
    }
    let empty = memory::resident();
    build::fold(&People::new(SEED), &mut population, n, &mut |population, built| {
        if !is_measured(built.people, n) {
            return;
        }
        let report = Report::of_people(built.people);
        size(&report, population, built, empty);
        decisions::measure(&report, &versions, population);
        audience::measure(&report, &versions, population);
        snapshot::measure(&report, &versions, population);
    });
    live::measure(&Report::of_people(n), &mut population);
}

/// Whether a population of so many is measured on the way to `n`.
fn is_measured(people: u32, n: u32) -> bool {
    people == n || (1_000_000..n).contains(&people) && people.to_string().trim_end_matches('0') == "1"
}

fn size(report: &Report, population: &Population, built: Built, empty: u64) {
    let n = f64::from(built.people);
    let bytes = population.bytes();
    let each = |bytes: usize| float(bytes) / n;
    report.figure("drawing", built.drawing.as_secs_f64() * 1e9 / built.events(), "ns an event");
    report.figure("building", built.folding.as_secs_f64() * 1e9 / built.events(), "ns an event");
    report.figure("events", built.events() / n, "a principal");
    report.figure("patterns, how many", float(bytes.n_patterns), "");
    report.figure("rows", each(bytes.rows), "bytes a principal");
    report.figure("dates beside them", each(bytes.beside), "bytes a principal");
    report.figure("patterns", each(bytes.patterns), "bytes a principal");
    report.figure("ids", each(bytes.ids), "bytes a principal");
    let resident = float(memory::resident().saturating_sub(empty)) / n;
    if built.people < GOAL_FROM {
        report.figure("resident", resident, "bytes a principal");
    } else {
        report.goal("resident", resident, "bytes a principal", BYTES_A_PRINCIPAL);
    }
    report.figure("highest resident", float(memory::highest()) / n, "bytes a principal");
}

/// Rounds, of which the middle one counts.
const ROUNDS: usize = 5;

/// Nanoseconds of processor time of a round: of some, the middle one.
fn middle_of(round: &mut impl FnMut()) -> f64 {
    let mut times: Vec<f64> = std::iter::repeat_with(|| once_of(round)).take(ROUNDS).collect();
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}

/// Nanoseconds of processor time of one round.
fn once_of(round: &mut impl FnMut()) -> f64 {
    let start = thread_time();
    round();
    thread_time().saturating_sub(start).as_secs_f64() * 1e9
}
