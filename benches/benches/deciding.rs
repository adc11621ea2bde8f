//! How long one decision takes, in every gate with its reason, beside the least that could be done: one bit test with a reason.
//! `benches/peers` measures the same with other engines beside it.
#![allow(missing_docs, reason = "a measurement, not a library")]

use criterion::{Criterion, criterion_group, criterion_main};
use nattoku_benches::cpu::CpuTime;
use nattoku_benches::deciding::{self, Town};

fn deciding(criterion: &mut Criterion<CpuTime>) {
    deciding::measure(criterion, &Town::new(), &mut []);
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = deciding
}
criterion_main!(benches);
