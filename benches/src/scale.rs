//! Populations of one to a hundred million customers: built without keeping their events, and asked at every power of ten.

mod build;
mod decisions;
mod floor;
mod memory;
mod report;

use std::sync::Arc;

use nattoku_engine::{Population, Vocabulary};

use crate::people::about_processors;
use crate::{carrier, people::People};
use build::Built;
use report::Report;

/// What the customers are drawn from.
const SEED: u64 = 20_191_211;

/// How much memory a hundred million principals may take with the id index, per principal.
const BYTES_A_PRINCIPAL: f64 = 8.0 * 1024.0 * 1024.0 * 1024.0 / 100e6;

/// How often the bare random access one decision may take.
const TIMES_THE_FLOOR: f64 = 3.0;

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
        let report = Report::of(built.people);
        size(&report, population, built, empty);
        decisions::measure(&report, &versions, population);
    });
}

/// Whether a population of so many is measured on the way to `n`.
fn is_measured(people: u32, n: u32) -> bool {
    people == n || (1_000_000..n).contains(&people) && people.to_string().trim_end_matches('0') == "1"
}

fn size(report: &Report, population: &Population, built: Built, empty: u64) {
    let n = f64::from(built.people);
    let bytes = population.bytes();
    let each = |bytes: usize| report::float(bytes) / n;
    report.figure("drawing", built.drawing.as_secs_f64() * 1e9 / built.events(), "ns an event");
    report.figure("building", built.folding.as_secs_f64() * 1e9 / built.events(), "ns an event");
    report.figure("events", built.events() / n, "a principal");
    report.figure("patterns", report::float(bytes.n_patterns), "");
    report.figure("rows", each(bytes.rows), "bytes a principal");
    report.figure("dates elsewhere", each(bytes.elsewhere), "bytes a principal");
    report.figure("ids", each(bytes.ids), "bytes a principal");
    let resident = report::float(memory::resident().saturating_sub(empty)) / n;
    report.goal("resident", resident, "bytes a principal", BYTES_A_PRINCIPAL);
    report.figure("highest resident", report::float(memory::highest()) / n, "bytes a principal");
}
