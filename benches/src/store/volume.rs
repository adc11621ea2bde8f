//! Many events: processor time, bytes, and one principal's history among them.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use nattoku_kek::FileKek;
use nattoku_store::transfer::{export_whole, import_whole};
use nattoku_store::{Kek, Place, SeededRandomness, SqliteStore, Store, StoreError};

use super::{EVENTS_EACH, bare, event, now, same, store, timed};
use crate::cpu::process_seconds;
use crate::report::{Report, float};

/// Events that go into a ledger at once.
const AT_ONCE: u32 = 20_000;
/// Events of the principal with a long history.
const LONG: u32 = 200;

pub(super) fn measure(folder: &Path, n: u32) {
    let report = Report::of("volume");
    let subjects = (n / EVENTS_EACH).max(1);
    let ours = store(folder, "ours");
    let mut making = 0.0;
    let before = process_seconds();
    for from in (0..n).step_by(AT_ONCE as usize) {
        let begun = process_seconds();
        let events: Vec<_> = (from..n.min(from + AT_ONCE)).map(|k| among(k, n)).collect();
        making += process_seconds() - begun;
        ours.append(&events, now(), false).expect("an append");
    }
    let appended = process_seconds() - before - making;
    report.figure("appended, 20,000 at once", appended / f64::from(n) * 1e6, "µs of processor an event");

    let (before, begun) = (process_seconds(), std::time::Instant::now());
    let mut deferred = bare::sqlite(&folder.join("deferred.sqlite"), false);
    for from in (0..n).step_by(AT_ONCE as usize) {
        bare::insert_with(&mut deferred, from, n.min(from + AT_ONCE), |k| {
            if is_long(k, n) { subjects } else { bare::subject(k, subjects) }
        });
    }
    bare::index(&deferred);
    let (load, on_the_wall) = (process_seconds() - before, begun.elapsed().as_secs_f64());
    report.figure("bare load, index afterwards", load / f64::from(n) * 1e6, "µs of processor an event");
    let same = load_same(folder, n);
    report.figure("the ledger's own rows and indexes, index afterwards", same, "µs of processor an event");
    import(&report, folder, &ours, n, (load, on_the_wall));
    size(&report, folder, &ours, n);
    history(&report, &ours, &deferred, n, subjects);
}

/// Processor time an event of a load of the ledger's own rows into the same tables.
fn load_same(folder: &Path, n: u32) -> f64 {
    let ledger = same::ledger(&folder.join("ours.sqlite"));
    let path = folder.join("same.sqlite");
    let mut load = same::sqlite(&path, false);
    let mut took = 0.0;
    for from in (0..n).step_by(AT_ONCE as usize) {
        let rows = same::rows(&ledger, from, n.min(from + AT_ONCE));
        let before = process_seconds();
        same::insert(&mut load, &rows);
        took += process_seconds() - before;
    }
    let before = process_seconds();
    same::index(&load);
    took += process_seconds() - before;
    drop(load);
    let _ = std::fs::remove_file(path);
    took / f64::from(n) * 1e6
}

/// Whether an event is one of the principal with a long history, whose events lie scattered among all.
const fn is_long(k: u32, n: u32) -> bool {
    let every = n / LONG;
    every > 0 && k % every == every / 2
}

fn among(k: u32, n: u32) -> nattoku_store::NewEvent {
    let mut event = event(k, n);
    if is_long(k, n) {
        event.principal = Some("customer-of-long-standing".to_owned());
    }
    event
}

/// The whole ledger out of one file into another, beside the bare load: processor time and time on the wall.
fn import(report: &Report, folder: &Path, ours: &SqliteStore, n: u32, (load, on_the_wall): (f64, f64)) {
    let lines = folder.join("whole.jsonl");
    let mut out = BufWriter::new(File::create(&lines).expect("a file"));
    let written: Result<(), StoreError> = export_whole(ours, |line| {
        out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).expect("a write");
        Ok(())
    });
    written.expect("an export");
    out.flush().expect("a write");
    let kek = FileKek::open(folder.join("ours.sqlite.kek")).expect("the key");
    let place = Place::read(&format!("sqlite:{}", folder.join("import.sqlite").display())).expect("a place");
    let input = BufReader::with_capacity(1 << 20, File::open(&lines).expect("the lines"));
    let before = process_seconds();
    let (arrived, took) = timed(|| {
        import_whole(&place, input, SeededRandomness::new(1), &Kek::Given(Arc::new(kek)), &mut |_| ())
            .expect("an import")
    });
    let processor = process_seconds() - before;
    assert_eq!(arrived.events, u64::from(n));
    report.most("import, beside it", processor / f64::from(n) * 1e6, "µs", processor / load, 1.6);
    let took = took.as_secs_f64();
    report.most("import, on the wall", took / f64::from(n) * 1e6, "µs", took / on_the_wall, 1.6);
    for suffix in ["", ".keys"] {
        let _ = std::fs::remove_file(folder.join(format!("import.sqlite{suffix}")));
    }
    let _ = std::fs::remove_file(lines);
}

/// Processor time an event at batches of one size, beside the same batches into a bare table, and the ledger's own rows into the
/// same tables.
pub(super) fn batches(folder: &Path, n: u32, batch: u32) {
    let name = format!("batches-{batch}");
    let ours = store(folder, &name);
    let mut bare = bare::sqlite(&folder.join(format!("bare-{batch}.sqlite")), true);
    let mut same = same::sqlite(&folder.join(format!("same-{batch}.sqlite")), true);
    let ledger = same::ledger(&folder.join(format!("{name}.sqlite")));
    let subjects = (n / EVENTS_EACH).max(1);
    let (mut time_ours, mut time_bare, mut time_same) = (0.0, 0.0, 0.0);
    for from in (0..n).step_by(batch as usize) {
        let to = n.min(from + batch);
        let events: Vec<_> = (from..to).map(|k| event(k, n)).collect();
        let before = process_seconds();
        ours.append(&events, now(), false).expect("an append");
        let between = process_seconds();
        bare::insert_with(&mut bare, from, to, |k| bare::subject(k, subjects));
        time_ours += between - before;
        time_bare += process_seconds() - between;
        let rows = same::rows(&ledger, from, to);
        let before = process_seconds();
        same::insert(&mut same, &rows);
        time_same += process_seconds() - before;
    }
    let each = |time: f64| time / f64::from(n) * 1e6;
    let (ours, bare, same) = (each(time_ours), each(time_bare), each(time_same));
    let report = Report::of(&format!("batches of {batch}"));
    report.figure("bare tuned SQLite", bare, "µs of processor an event");
    report.figure("the ledger's own rows and indexes", same, "µs of processor an event");
    report.most("append, beside it", ours, "µs", ours / bare, 1.35);
}

/// Bytes of the file beside those of the events themselves.
fn size(report: &Report, folder: &Path, ours: &SqliteStore, n: u32) {
    let copy = folder.join("copy.sqlite");
    ours.backup(&copy).expect("a copy");
    let file = std::fs::metadata(&copy).expect("a copy").len();
    let raw: i64 = {
        let copy = rusqlite::Connection::open(&copy).expect("a copy");
        let sum =
            "select (select sum(length(leaf)) from events) + (select sum(length(payload)) from payloads)";
        copy.query_row(sum, [], |row| row.get(0)).expect("a sum")
    };
    let _ = std::fs::remove_file(copy);
    let (file, raw) = (float(file) / f64::from(n), float(raw) / f64::from(n));
    report.figure("leaf and payload", raw, "bytes an event");
    report.most("the whole file, beside them", file, "bytes", file / raw, 1.5);
    report.goal("the whole file", file, "bytes an event", raw * 1.6 + 64.0);
}

/// What principals have among all events, read whole: of some at random, and of one with many.
fn history(report: &Report, ours: &dyn Store, deferred: &rusqlite::Connection, n: u32, subjects: u32) {
    let read_bare = |subject: u32| {
        let sql = "select seq, body from events where subject = ?1 order by seq";
        let mut select = deferred.prepare_cached(sql).expect("a statement");
        let rows = select.query_map([subject], |row| row.get::<_, Vec<u8>>(1)).expect("rows");
        rows.map(|row| row.expect("a row").len()).filter(|len| *len == bare::BODY.len()).count()
    };
    let read_ours = |name: &str| ours.view_of(name).expect("a principal").events.len();
    let of = |call: u32| bare::subject(call.wrapping_mul(7_919), subjects);
    let bare = median(|call| assert!(read_bare(of(call)) > 0));
    let all = median(|call| assert!(read_ours(&super::customer(of(call))) > 0));
    report.figure("some 20 rows of a bare table", bare, "µs");
    report.most("some 20 events of a principal, beside it", all, "µs", all / bare, 2.0);
    let rows = (0..n).filter(|k| is_long(*k, n)).count();
    let bare = median(|_| assert_eq!(read_bare(subjects), rows));
    let all = median(|_| assert_eq!(read_ours("customer-of-long-standing"), rows));
    report.figure("200 rows of a bare table", bare, "µs");
    report.most("200 events of a principal, beside it", all, "µs", all / bare, 2.0);
    report.goal("200 events of a principal", all, "µs", 2_000.0);
}

/// The median time of many calls, in microseconds.
fn median(call: impl Fn(u32)) -> f64 {
    let mut times: Vec<_> = (0..300).map(|n| timed(|| call(n)).1).collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}
