//! Many events: processor time, bytes, and one principal's history among them.

use std::path::Path;

use nattoku_model::Revision;
use nattoku_store::Store;

use super::{EVENTS_EACH, bare, event, now, store, timed};
use crate::cpu::process_seconds;
use crate::report::{Report, float};

/// Events that go into the ledger at once in an import.
const IMPORTED_AT_ONCE: u32 = 20_000;

pub(super) fn measure(folder: &Path, n: u32) {
    for batch in [100, 1_000] {
        batches(folder, n / 4, batch);
    }
    let report = Report::of("volume");
    let subjects = (n / EVENTS_EACH).max(1);

    let ours = store(folder, "import");
    let before = process_seconds();
    let mut made = 0.0;
    for from in (0..n).step_by(IMPORTED_AT_ONCE as usize) {
        let making = process_seconds();
        let events: Vec<_> = (from..n.min(from + IMPORTED_AT_ONCE)).map(|k| event(k, n)).collect();
        made += process_seconds() - making;
        ours.append(&events, now(), false).expect("an append");
    }
    let import = (process_seconds() - before - made) / f64::from(n);

    let path = folder.join("deferred.sqlite");
    let before = process_seconds();
    let mut deferred = bare::sqlite(&path, false);
    for from in (0..n).step_by(IMPORTED_AT_ONCE as usize) {
        bare::insert(&mut deferred, from, n.min(from + IMPORTED_AT_ONCE), subjects);
    }
    bare::index(&deferred);
    let load = (process_seconds() - before) / f64::from(n);
    report.figure("bare load, index afterwards", load * 1e6, "µs of processor an event");
    report.most("import, beside it", import * 1e6, "µs", import / load, 1.6);
    size(&report, folder, &ours, n);
    history(&report, &ours, &deferred, n, subjects);
}

/// Processor time an event at batches of one size, beside the same batches into a bare table.
fn batches(folder: &Path, n: u32, batch: u32) {
    let ours = store(folder, &format!("batches-{batch}"));
    let mut bare = bare::sqlite(&folder.join(format!("bare-{batch}.sqlite")), true);
    let subjects = (n / EVENTS_EACH).max(1);
    let (mut time_ours, mut time_bare) = (0.0, 0.0);
    for from in (0..n).step_by(batch as usize) {
        let to = n.min(from + batch);
        let events: Vec<_> = (from..to).map(|k| event(k, n)).collect();
        let before = process_seconds();
        ours.append(&events, now(), false).expect("an append");
        let between = process_seconds();
        bare::insert(&mut bare, from, to, subjects);
        time_ours += between - before;
        time_bare += process_seconds() - between;
    }
    let (ours, bare) = (time_ours / f64::from(n) * 1e6, time_bare / f64::from(n) * 1e6);
    let report = Report::of(&format!("batches of {batch}"));
    report.figure("bare tuned SQLite", bare, "µs of processor an event");
    report.most("append, beside it", ours, "µs", ours / bare, 1.35);
}

/// Bytes of the file beside those of the events themselves.
fn size(report: &Report, folder: &Path, ours: &dyn Store, n: u32) {
    let copy = folder.join("copy.sqlite");
    ours.backup(&copy).expect("a copy");
    let file = std::fs::metadata(&copy).expect("a copy").len();
    let raw: i64 = {
        let copy = rusqlite::Connection::open(&copy).expect("a copy");
        let sum =
            "select (select sum(length(leaf)) from events) + (select sum(length(payload)) from payloads)";
        copy.query_row(sum, [], |row| row.get(0)).expect("a sum")
    };
    let (file, raw) = (float(file) / f64::from(n), float(raw) / f64::from(n));
    report.figure("leaf and payload", raw, "bytes an event");
    report.most("the whole file, beside them", file, "bytes", file / raw, 1.5);
    report.goal("the whole file", file, "bytes an event", raw * 1.6 + 64.0);
}

/// A principal with 200 events among all of them, read whole.
fn history(report: &Report, ours: &dyn Store, deferred: &rusqlite::Connection, n: u32, subjects: u32) {
    let of_one = |k| {
        let mut event = event(n + k, n);
        event.principal = Some("customer-of-long-standing".to_owned());
        event
    };
    ours.append(&(0..200).map(of_one).collect::<Vec<_>>(), now(), false).expect("an append");
    let seq = i64::from(n);
    for k in 1..=200_i64 {
        let row = (seq + k, subjects, bare::BODY);
        deferred.execute("insert into events values (?1, ?2, ?3)", row).expect("an insert");
    }
    let read_bare = || {
        let sql = "select seq, body from events where subject = ?1 order by seq";
        let mut select = deferred.prepare_cached(sql).expect("a statement");
        let rows = select.query_map([subjects], |row| row.get::<_, Vec<u8>>(1)).expect("rows");
        assert_eq!(rows.map(|row| row.expect("a row").len()).filter(|len| *len == 300).count(), 200);
    };
    let read_ours = || {
        let view = ours.view_of("customer-of-long-standing").expect("a principal");
        assert!(view.revision > Revision(u64::from(n)) && view.events.len() == 200);
    };
    let (bare, ours) = (median(read_bare), median(read_ours));
    report.figure("200 rows of a bare table", bare, "µs");
    report.most("200 events of a principal, beside it", ours, "µs", ours / bare, 2.0);
    report.goal("200 events of a principal", ours, "µs", 2_000.0);
}

/// The median time of many calls, in microseconds.
fn median(call: impl Fn()) -> f64 {
    let mut times: Vec<_> = (0..300).map(|_| timed(&call).1).collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
