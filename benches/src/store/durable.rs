//! Appends one at a time and many at once, beside the disk and beside PostgreSQL.

use std::path::Path;
use std::sync::Arc;

use nattoku_kek::FileKek;
use nattoku_seal::Key;
use nattoku_store::{Kek, OpenMode, Place, SeededRandomness, Settings, Store};
use nattoku_testkit::postgresql::Postgresql;
use postgres::Client;

use super::{EVENTS_EACH, OF_THE_KNOWN, bare, event, now, rate, store, timed, warm_up};
use crate::report::Report;

const ROUNDS: u32 = 3;

/// Each figure is the best of some rounds that take turns, since other programs share the disk.
pub(super) fn measure(folder: &Path) {
    let store = store(folder, "durable");
    warm_up(&store, 200_000);
    let (mut floor, mut single, mut some, mut many) = (0_f64, 0_f64, 0_f64, 0_f64);
    for round in 0..ROUNDS {
        let tag = 1_000_000 + round * 100_000;
        floor = floor.max(1.0 / bare::floor(folder, 500).as_secs_f64());
        single = single.max(rate(&store, 1, 500, tag));
        some = some.max(rate(&store, 32, 100, tag + 10_000));
        many = many.max(rate(&store, 256, 40, tag + 20_000));
    }
    let report = Report::of("append");
    report.figure("the disk alone", floor, "a second");
    report.ratio("one in flight, beside the disk", single, single / floor, 0.6);
    report.ratio("32 in flight, beside one", some, some / single, 5.0);
    report.ratio("256 in flight, beside one", many, many / single, 15.0);
}

/// The same events in batches, beside one statement that inserts as many rows of a table with one index.
pub(super) fn postgresql() {
    let Some(server) = Postgresql::start_with("bench", "-c shared_buffers=256MB -c jit=off") else { return };
    server.make_database("ours");
    server.make_database("bare");
    let place = Place::read(&server.address("ours")).expect("an address");
    let kek =
        FileKek::create(server.folder().join("nattoku.kek"), [1; 16], Key::new([2; 32])).expect("a key");
    let kek = Kek::Given(Arc::new(kek));
    let ours =
        place.open(OpenMode::Create, SeededRandomness::new(1), Settings::default(), &kek).expect("a ledger");
    let mut bare = bare::postgresql(&server.address("bare"));
    // Rows are compared with rows: whom events are about is known.
    warm_up(ours.as_ref(), 20_000);
    let report = Report::of("postgresql");
    let mut single: f64 = 0.0;
    for batch in [100_u32, 1_000] {
        let (mut best_ours, mut best_bare) = (0_f64, 0_f64);
        for round in 0..ROUNDS * 2 {
            let from = 1_000_000 + batch * 1_000 + round * batch * 20;
            best_ours = best_ours.max(f64::from(batch * 20) / append_batches(ours.as_ref(), from, batch));
            best_bare = best_bare.max(f64::from(batch * 20) / insert_batches(&mut bare, from, batch));
        }
        report.figure(&format!("bare, batches of {batch}"), best_bare, "events a second");
        report.ratio(&format!("batches of {batch}, beside bare"), best_ours, best_ours / best_bare, 0.7);
    }
    for round in 0..ROUNDS {
        single = single.max(rate(ours.as_ref(), 1, 200, 5_000_000 + round * 1_000));
    }
    report.figure("one in flight", single, "a second");
    let some = rate(ours.as_ref(), 32, 100, 6_000_000);
    report.ratio("32 in flight, beside one", some, some / single, 5.0);
    let many = rate(ours.as_ref(), 256, 40, 7_000_000);
    report.ratio("256 in flight, beside one", many, many / single, 15.0);
}

/// Seconds for twenty batches.
fn append_batches(ours: &dyn Store, from: u32, batch: u32) -> f64 {
    let batches: Vec<Vec<_>> =
        (0..20).map(|k| (0..batch).map(|n| event(from + k * batch + n, OF_THE_KNOWN)).collect()).collect();
    let ((), took) = timed(|| {
        for batch in &batches {
            ours.append(batch, now(), false).expect("an append");
        }
    });
    took.as_secs_f64()
}

fn insert_batches(bare: &mut Client, from: u32, batch: u32) -> f64 {
    let insert = "insert into events select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])";
    let insert = bare.prepare(insert).expect("a statement");
    let ((), took) = timed(|| {
        for k in 0..20 {
            let numbers = || (0..batch).map(|n| from + k * batch + n);
            let seqs: Vec<i64> = numbers().map(i64::from).collect();
            let subjects: Vec<i64> =
                numbers().map(|n| i64::from(bare::subject(n, OF_THE_KNOWN / EVENTS_EACH))).collect();
            let bodies: Vec<&[u8]> = numbers().map(|_| bare::BODY.as_slice()).collect();
            bare.execute(&insert, &[&seqs, &subjects, &bodies]).expect("an insert");
        }
    });
    took.as_secs_f64()
}
