//! Calls of the system that fail, one after another: a write for which there is no room, one that breaks off, a flush that the
//! disk refuses. Whoever was answered is in the ledger, and whoever was refused is not.
//!
//! `strace` has the N-th such call of each thread fail, for every N until there are no more.

use std::collections::BTreeMap;
use std::process::Command;

use nattoku_store::{Kek, OpenMode, Place, SeededRandomness, Settings};

use super::oracle::Oracle;
use super::rounds;
use super::victim::{Run, can_be_watched, put};
use crate::support::Folder;

/// The calls that fail, and how.
const WAYS: [(&str, &str); 4] =
    [("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fsync,fdatasync", "EIO"), ("ftruncate", "EIO")];

const N_BATCHES: usize = 4;

/// A ledger with a few events, and what was answered of them.
struct Before {
    files: BTreeMap<String, Vec<u8>>,
    oracle: Oracle,
}

fn run(folder: &Folder, round: usize, ends_at_refusal: bool) -> Run<'_> {
    let words: &[&str] = if ends_at_refusal { &["abort"] } else { &[] };
    Run { folder, round, n_threads: 1, n_batches: N_BATCHES, words, failpoints: "" }
}

impl Before {
    fn new() -> Self {
        let folder = Folder::in_memory();
        let run = run(&folder, 0, false);
        let command = run.command();
        let told = run.told(Command::new(&command[0]).args(&command[1..]));
        let mut oracle = Oracle::default();
        told.lines().for_each(|line| oracle.hear(line));
        assert_eq!(oracle.answered.len(), N_BATCHES, "{told}; `cargo test` builds the victim");
        let entries = std::fs::read_dir(folder.path("")).unwrap().map(Result::unwrap);
        let files = entries
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()));
        Self { files: files.collect(), oracle }
    }

    fn put(&self) -> Folder {
        let folder = Folder::in_memory();
        put(&folder, &self.files);
        folder
    }

    /// Holds a ledger against what a victim was told whose calls failed.
    fn hold(&self, folder: &Folder, told: &str) -> Result<Oracle, String> {
        let mut oracle = self.oracle.clone();
        told.lines().for_each(|line| oracle.hear(line));
        let place = Place::Sqlite(folder.path("ledger.sqlite"));
        let opened =
            place.open(OpenMode::Existing, SeededRandomness::new(7), Settings::default(), &Kek::Beside);
        let store = opened.map_err(|error| format!("it does not open: {error}"))?;
        oracle.hold(store.as_ref())?;
        oracle.hold_refusals(store.as_ref())?;
        oracle.send_again(store.as_ref());
        Ok(oracle)
    }
}

/// How far the failing calls lie apart: an ordinary run leaves some out, `cargo xtask crash` none.
fn stride() -> usize {
    (80 / rounds()).max(1)
}

/// Has the calls of one way fail, from the first to the last of a victim. Returns how many appends were refused.
fn fail_each(before: &Before, (calls, error): (&str, &str), ends_at_refusal: bool) -> (usize, usize) {
    let is_write = calls == "pwrite64";
    let (mut n_refused, mut n_uncertain) = (0, 0);
    for n in (1..).step_by(if is_write { stride() } else { 1 }) {
        let folder = before.put();
        let trace = folder.path("trace");
        let injected = format!("inject={calls}:error={error}:when={n}");
        let options = ["-o", trace.to_str().unwrap(), "-e", &format!("trace={calls}"), "-e", &injected];
        let told = run(&folder, 1, ends_at_refusal).watched(&options);
        if !std::fs::read_to_string(&trace).unwrap().contains("(INJECTED)") {
            assert!(n > 1, "no call failed");
            break;
        }
        let oracle = before
            .hold(&folder, &told)
            .unwrap_or_else(|what| panic!("{calls} number {n} with {error}: {what}\n{told}"));
        // A call that failed once keeps nobody from appending afterwards.
        if !ends_at_refusal && !told.contains("err open") {
            let n_answers = oracle.answered.len() - before.oracle.answered.len();
            assert!(n_answers + 2 >= N_BATCHES, "{calls} number {n} with {error}:\n{told}");
        }
        n_refused += oracle.refused;
        n_uncertain += oracle.uncertain.len();
    }
    (n_refused, n_uncertain)
}

#[test]
fn calls_that_fail_are_told_and_lose_nothing() {
    if !can_be_watched() {
        return;
    }
    let before = &Before::new();
    std::thread::scope(|scope| {
        for ends_at_refusal in [false, true] {
            scope.spawn(move || {
                for way in WAYS {
                    let (n_refused, n_uncertain) = fail_each(before, way, ends_at_refusal);
                    println!("{way:?}, ends {ends_at_refusal}: {n_refused} refused, {n_uncertain} unknown");
                    assert!(n_refused > 0 || way.0 == "ftruncate", "{way:?}");
                }
            });
        }
    });
}

/// The file system is there for reading only from one moment to the next.
#[test]
fn a_file_that_may_not_be_written_is_told_and_loses_nothing() {
    if !can_be_watched() {
        return;
    }
    let before = Before::new();
    let folder = before.put();
    let (ledger, trace) = (folder.path("ledger.sqlite"), folder.path("trace"));
    // The first opening is a look at what kind of file it is; the second is that of whoever writes.
    let options = ["-o", trace.to_str().unwrap(), "-P", ledger.to_str().unwrap(), "-e", "trace=openat"];
    let injected = ["-e", "inject=openat:error=EROFS:when=2"];
    let told = run(&folder, 1, false).watched(&[options.as_slice(), &injected].concat());
    let oracle = before.hold(&folder, &told).unwrap();
    assert_eq!((oracle.refused, oracle.uncertain.len()), (N_BATCHES, 0), "{told}");
    let n_told = told.matches("is open for reading only; give write permission").count();
    assert_eq!(n_told, N_BATCHES, "{told}");
}

/// Files may not grow beyond any size: the write that would cross it is cut short, wherever in a page that is.
#[cfg(unix)]
#[test]
fn writes_that_are_cut_short_are_told_and_lose_nothing() {
    let before = Before::new();
    let mut n_refused = 0;
    // Blocks of 512 bytes, beginning at the size of SQLite's shared memory.
    for n_blocks in (64..).step_by(stride()) {
        let folder = before.put();
        let run = run(&folder, 1, n_blocks % 2 == 0);
        // The signal that would end the program is ignored, so that the write fails instead.
        let script = format!(r#"trap "" XFSZ; ulimit -f {n_blocks}; exec "$0" "$@""#);
        let told = run.told(Command::new("sh").args(["-c", &script]).args(run.command()));
        let oracle = before
            .hold(&folder, &told)
            .unwrap_or_else(|what| panic!("files of at most {n_blocks} blocks: {what}\n{told}"));
        n_refused += oracle.refused;
        if oracle.refused == 0 {
            break;
        }
    }
    assert!(n_refused > 5, "{n_refused}");
}
