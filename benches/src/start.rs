//! From the start of a server until it is ready, over an empty store and over one of many principals with a snapshot of them.

use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{Advice, fadvise};

use crate::program::{Deployment, folder_of};
use crate::report::Report;

/// How long a start may take, in seconds, and how much may be held over an empty store, in MiB.
const SECONDS: f64 = 3.0;
const SECONDS_EMPTY: f64 = 1.0;
const MEBIBYTES_EMPTY: f64 = 100.0;

/// Starts, of which the middle one counts; the slowest is told beside it.
const ROUNDS: usize = 5;

/// Principals of an import.
const AT_ONCE: u32 = 1_000_000;

/// Measures both. `folder` keeps the store of so many principals, which is made where it is not there.
pub fn run(principals: u32, folder: Option<&Path>) {
    let own = folder_of("start");
    empty(&own.join("empty"));
    let of_many = own.join("many");
    many(principals, folder.unwrap_or(&of_many));
    let _ = fs::remove_dir_all(own);
}

fn empty(folder: &Path) {
    let deployment = Deployment::new(folder, "sqlite:ledger.sqlite");
    fs::write(folder.join("none.jsonl"), "").expect("a file");
    deployment.run(&["ledger", "import", "none.jsonl"]);
    let report = Report::of("start, empty store");
    let (bare, _) = rounds(|| time(|| drop(deployment.run(&["--version"]))));
    report.figure("the program alone (--version)", bare * 1e3, "ms");
    let mut most = 0.0_f64;
    let (took, slowest) = rounds(|| {
        let serving = deployment.serve();
        let took = serving.await_readiness();
        most = most.max(serving.held().resident);
        took
    });
    report.goal("until ready", took, "s", SECONDS_EMPTY);
    report.figure("the slowest", slowest, "s");
    report.figure("beside the program alone", took / bare, "times");
    report.goal("resident", most, "MiB", MEBIBYTES_EMPTY);
}

fn many(principals: u32, folder: &Path) {
    let deployment = Deployment::new(folder, "sqlite:ledger.sqlite");
    let report = Report::of("start");
    fill(&report, &deployment, principals);
    let snapshot = deployment.folder().join("ledger.sqlite.population");
    if !snapshot.exists() {
        let took = deployment.serve().await_readiness();
        report.figure("folded from all events, snapshot written", took.as_secs_f64(), "s");
    }
    let bytes = fs::metadata(&snapshot).expect("the first start writes a snapshot").len();
    report.figure("snapshot", crate::report::float(bytes) / f64::from(principals), "bytes a principal");
    for (name, is_cold) in [("in memory", false), ("from the disk", true)] {
        let report = Report::of(&format!("start, {name}"));
        let forget = || {
            if is_cold {
                forget(deployment.folder());
            }
        };
        let (read, _) = rounds(|| {
            forget();
            time(|| read_all(&snapshot))
        });
        report.figure("the snapshot read, and nothing else", read, "s");
        let (mut resident, mut of_its_own) = (0.0_f64, 0.0_f64);
        let (took, slowest) = rounds(|| {
            forget();
            let serving = deployment.serve();
            let took = serving.await_readiness();
            let held = serving.held();
            (resident, of_its_own) = (resident.max(held.resident), of_its_own.max(held.of_its_own));
            took
        });
        report.goal("until ready", took, "s", SECONDS);
        report.figure("the slowest", slowest, "s");
        report.figure("beside reading the snapshot", took / read, "times");
        report.figure("resident", resident, "MiB");
        report.figure("of it not mapped from the file", of_its_own, "MiB");
    }
}

/// Has the ledger know so many principals, each by a consent, where it does not yet.
fn fill(report: &Report, deployment: &Deployment, principals: u32) {
    let lines = deployment.folder().join("consents.jsonl");
    let filled = deployment.folder().join("filled");
    if filled.exists() {
        let there = fs::read_to_string(&filled).expect("it is there");
        assert_eq!(there.trim(), principals.to_string(), "the folder is of another measurement");
        return;
    }
    let took = time(|| {
        for from in (0..principals).step_by(AT_ONCE as usize) {
            let mut out = BufWriter::new(File::create(&lines).expect("a file"));
            for number in from..principals.min(from + AT_ONCE) {
                writeln!(out, "{}", consent(number)).expect("a write");
            }
            out.flush().expect("a write");
            deployment.run(&["ledger", "import", "consents.jsonl"]);
        }
    });
    report.figure("imported, an event", took.as_secs_f64() * 1e6 / f64::from(principals), "µs on the wall");
    let _ = fs::remove_file(lines);
    fs::write(filled, principals.to_string()).expect("a file");
}

fn consent(number: u32) -> String {
    let at = jiff::Timestamp::from_second(1_609_459_200 + i64::from(number) * 17).expect("an instant");
    format!(
        r#"{{"event":"consent_granted","principal":"c{number:08}","at":"{at}","item":"partner_sharing","text_version":"1","language":"ja","channel":"web","by":"principal"}}"#
    )
}

/// Has the system forget what it remembers of the files in a folder.
fn forget(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if let Ok(file) = File::open(entry.path()) {
            // What is not written yet stays.
            let _ = file.sync_all();
            let _ = fadvise(&file, 0, None, Advice::DontNeed);
        }
    }
}

fn read_all(path: &Path) {
    let mut file = File::open(path).expect("it is there");
    let mut room = vec![0; 1 << 20];
    while file.read(&mut room).expect("it is read") > 0 {}
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// The middle one of some rounds and the slowest, in seconds.
fn rounds(mut round: impl FnMut() -> Duration) -> (f64, f64) {
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round().as_secs_f64()).collect();
    rounds.sort_by(f64::total_cmp);
    let at = |place: usize| rounds.get(place).copied().unwrap_or_default();
    (at(ROUNDS / 2), at(ROUNDS - 1))
}
