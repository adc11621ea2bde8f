//! How long checking a policy takes, beside the time for only reading the same bytes and laying them out anew.
#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement stops at the first surprise")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use nattoku_operations::read_folder;
use nattoku_policy::{Source, check, format};
use nattoku_testkit::big_policy;

/// The texts of the `.kdl` files.
fn texts(sources: &[Source]) -> Vec<&str> {
    let kdl = sources.iter().filter(|s| s.name.ends_with(".kdl"));
    kdl.map(|s| std::str::from_utf8(&s.bytes).unwrap()).collect()
}

fn group(criterion: &mut Criterion, name: &str, sources: &[Source], n_samples: usize) {
    assert!(check(sources).versions.is_some(), "{name} has errors");
    let mut group = criterion.benchmark_group(name);
    group.sample_size(n_samples);
    group.bench_function("read", |b| {
        b.iter(|| texts(sources).iter().filter(|t| format("", black_box(t)).is_ok()).count());
    });
    group.bench_function("check", |b| b.iter(|| check(black_box(sources))));
    group.finish();
}

fn carrier(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/carrier");
    group(criterion, "carrier", &read_folder(&folder).unwrap(), 50);
}

fn large(criterion: &mut Criterion) {
    group(criterion, "large", &big_policy(2000, 500), 10);
}

criterion_group!(benches, carrier, large);
criterion_main!(benches);
