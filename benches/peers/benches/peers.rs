//! One decision beside Cedar and Rego, on the same rules and the same ten thousand customers: see `docs/design/benches.md`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement stops at the first surprise"
)]

#[path = "peers/cedar.rs"]
mod cedar;
#[path = "peers/known.rs"]
mod known;
#[path = "peers/rego.rs"]
mod rego;
#[path = "peers/rules.rs"]
mod rules;

use criterion::{Criterion, criterion_group, criterion_main};
use nattoku_benches::cpu::CpuTime;
use nattoku_benches::deciding::{self, Town};

use cedar::Cedar;
use known::Known;
use rego::Rego;

fn peers(criterion: &mut Criterion<CpuTime>) {
    let town = Town::new();
    let known: Vec<Known> =
        town.people.iter().map(|person| Known::of(&town.versions, &person.events)).collect();
    let mut cedar = Cedar::new(&town, &known);
    let mut rego = Rego::new(&town, &known);
    deciding::measure(criterion, &town, &mut [&mut cedar, &mut rego]);
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = peers
}
criterion_main!(benches);
