//! Power that is lost at any moment: what was answered is there, whatever else had reached the disk.
//!
//! The system's cache survives a program that is killed, and so do its writes that were never flushed. So a victim is watched by
//! `strace`, which records every change of a file, every flush and every answer in their order; and the recording is replayed on
//! the model of a disk that loses power (`disk`), at thousands of moments, each time with other parts of what was not flushed.
//! Every time the ledger is opened by the ordinary code and held against what had been answered by then.
//!
//! `NATTOKU_SEED` and `NATTOKU_RECORDING` replay what has failed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nattoku_store::{Kek, OpenMode, Place, SeededRandomness, Settings, StoreError};
use rusqlite::Connection;

use super::oracle::{Oracle, events_of};
use super::rounds;
use super::victim::{Run, can_be_watched, put};
use crate::sealing::files_with;
use crate::support::{Folder, now};

mod disk;
mod strace;

use disk::{Disk, Draw, FATES, Fate, Omitted};
use strace::{Call, Step};

/// Losses of power for each round of the crash tests.
const LOSSES_A_ROUND: usize = 40;

/// What a line of a recording begins with that tells a trace.
const TRACE: &str = "trace ";

/// The flushes that count, each of which is left out once.
const FLUSHES: [Omitted; 6] = [
    Omitted::File("ledger.sqlite"),
    Omitted::File("ledger.sqlite-wal"),
    Omitted::File("ledger.sqlite.kek"),
    Omitted::File("ledger.sqlite.keys"),
    Omitted::File("ledger.sqlite.keys-wal"),
    Omitted::Folder,
];

/// What victims did, one after the other in one folder.
struct Recording {
    /// The folder they did it in.
    folder: String,
    calls: Vec<Call>,
    steps: Vec<Step>,
    /// What lay in the files about a principal who is erased later, with the batch that is about that principal.
    traces: Vec<(String, Vec<u8>)>,
    /// The recording itself, to be kept where it shows a fault.
    text: String,
}

/// Watches three victims: one that ends and folds its log into the file, one that dies while it appends and erases, and one that
/// recovers from that, and has what was erased erased everywhere.
fn record() -> Option<Recording> {
    if let Some(file) = std::env::var_os("NATTOKU_RECORDING") {
        return Some(Recording::read(std::fs::read_to_string(file).unwrap()));
    }
    if !can_be_watched() {
        return None;
    }
    let folder = Folder::new();
    let path = folder.path("recording").display().to_string();
    let traced = format!("trace={}", strace::TRACED);
    let lives: [(usize, &[&str], &str); 3] =
        [(8, &[], ""), (1_000, &["erase"], "append::rows=20*off->panic"), (8, &["erase", "everywhere"], "")];
    let mut traces = String::new();
    for (round, (n_batches, words, failpoints)) in lives.into_iter().enumerate() {
        let run = Run { folder: &folder, round, n_threads: 3, n_batches, words, failpoints };
        run.watched(&["-y", "-xx", "-s", "16777216", "-A", "-o", &path, "-e", &traced]);
        if round < 2 {
            traces.push_str(&traces_of(&folder, &format!("r{round}.t0.n0")));
        }
    }
    Some(Recording::read(traces + &std::fs::read_to_string(path).unwrap()))
}

/// Lines that tell what lies in the files of a ledger about the principal of a batch's first event.
fn traces_of(folder: &Folder, batch: &str) -> String {
    // Looked up in a copy: whoever opens the files themselves changes them.
    let copy = Folder::in_memory();
    for suffix in ["", "-wal", ".keys", ".keys-wal"] {
        let name = format!("ledger.sqlite{suffix}");
        // A log that was folded in is not there.
        let _ = std::fs::copy(folder.path(&name), copy.path(&name));
    }
    let ledger = Connection::open(copy.path("ledger.sqlite")).unwrap();
    let keys = Connection::open(copy.path("ledger.sqlite.keys")).unwrap();
    let select =
        "select p.id, p.identifier, y.payload from events e join principals p on p.ordinal = e.principal
                  join payloads y using (revision) where e.event_id = ?1";
    let (id, identifier, payload): (Vec<u8>, Vec<u8>, Vec<u8>) = ledger
        .query_row(select, [format!("{batch}.0")], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    let wrapped: Vec<u8> =
        keys.query_row("select wrapped from principals where id = ?1", [id], |row| row.get(0)).unwrap();
    let line = |bytes: &Vec<u8>| format!("{TRACE}{batch} {}\n", data_encoding::HEXLOWER.encode(bytes));
    [identifier, payload, wrapped].iter().map(line).collect()
}

impl Recording {
    fn read(text: String) -> Self {
        let (of_us, of_strace): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with(TRACE));
        let traces = of_us.iter().map(|line| {
            let (batch, hex) = line[TRACE.len()..].split_once(' ').unwrap();
            (batch.to_owned(), data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap())
        });
        let traces = traces.collect();
        let (calls, steps) = strace::read(&of_strace).unwrap();
        let folder = calls.iter().find_map(|call| match call {
            Call::Open { path, .. } => path.strip_suffix("/ledger.sqlite").map(str::to_owned),
            _ => None,
        });
        Self { folder: folder.unwrap(), calls, steps, traces, text }
    }

    /// What the victims told in the first so many steps.
    fn told(&self, n_steps: usize) -> Oracle {
        let mut oracle = Oracle::default();
        self.steps[..n_steps].iter().for_each(|step| self.hear(&mut oracle, *step));
        oracle
    }

    /// An answer counts from the moment in which it begins to go out.
    fn hear(&self, oracle: &mut Oracle, step: Step) {
        if let Step::Began(number) = step
            && let Call::Tell { text } = &self.calls[number]
        {
            text.lines().for_each(|line| oracle.hear(line));
        }
    }

    /// Moments at which most depends on what is certain: before and after a flush, and after an answer.
    fn telling_moments(&self) -> Vec<usize> {
        let mut moments = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let (Step::Began(number) | Step::Ended(number)) = *step;
            match &self.calls[number] {
                Call::Sync { .. } => moments.extend([at, at + 1]),
                Call::Tell { text } if !text.starts_with("try ") => moments.push(at + 1),
                _ => {}
            }
        }
        moments.dedup();
        moments
    }

    /// Has power lost so many times. Returns how often answers had to be there, and what was amiss first.
    fn replay(&self, omitted: Omitted, n_losses: usize, seed: u64) -> Result<usize, String> {
        let moments = self.telling_moments();
        let mut losses: Vec<(usize, u64, Fate)> = (0..n_losses)
            .map(|n| {
                let seed = seed.wrapping_mul(1_000_003).wrapping_add(u64::try_from(n).unwrap());
                let mut draw = Draw::new(seed);
                let fate = FATES[draw.below(FATES.len())];
                let after = match draw.below(4) {
                    0 => draw.below(self.steps.len() + 1),
                    _ => moments[draw.below(moments.len())],
                };
                (after, seed, fate)
            })
            .collect();
        losses.sort_unstable_by_key(|(after, ..)| *after);
        let n_workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        std::thread::scope(|scope| {
            let losses = &losses;
            let workers: Vec<_> = (0..n_workers)
                .map(|worker| {
                    let mine = losses.iter().skip(worker).step_by(n_workers);
                    scope.spawn(move || self.lose_power(omitted, mine.copied()))
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        })
    }

    fn lose_power(
        &self,
        omitted: Omitted,
        losses: impl Iterator<Item = (usize, u64, Fate)>,
    ) -> Result<usize, String> {
        let mut disk = Disk::new(&self.folder, omitted);
        let mut oracle = Oracle::default();
        let (mut n_steps, mut n_held) = (0, 0);
        for (after, seed, fate) in losses {
            for step in &self.steps[n_steps..after] {
                disk.step(&self.calls, *step)?;
                self.hear(&mut oracle, *step);
            }
            n_steps = after;
            let files = disk.after_loss(fate, &mut Draw::new(seed));
            self.hold(&files, &oracle).map_err(|what| {
                let last = after.checked_sub(1).and_then(|at| self.steps.get(at));
                let n_steps = self.steps.len();
                let n_answers = oracle.answered.len();
                format!(
                    "after step {after} of {n_steps} ({last:?} {}) and {n_answers} answers, {fate:?}, draw {seed}: {what}",
                    last.map(|step| self.shown(*step)).unwrap_or_default()
                )
            })?;
            n_held += usize::from(!oracle.answered.is_empty());
        }
        Ok(n_held)
    }

    fn shown(&self, step: Step) -> String {
        let (Step::Began(number) | Step::Ended(number)) = step;
        let shown = format!("{:?}", self.calls[number]);
        shown.chars().take(160).collect()
    }

    /// Keeps the recording, and tells how to replay it.
    fn kept(&self, seed: u64) -> String {
        let path: PathBuf = std::env::temp_dir().join(format!("nattoku-{}.strace", std::process::id()));
        std::fs::write(&path, &self.text).unwrap();
        format!("NATTOKU_RECORDING={} NATTOKU_SEED={seed} replays it", path.display())
    }

    /// Opens what a loss of power has left, and holds it against what had been answered.
    fn hold(&self, files: &BTreeMap<String, Vec<u8>>, oracle: &Oracle) -> Result<(), String> {
        let folder = Folder::in_memory();
        put(&folder, files);
        let was_answered = !oracle.answered.is_empty();
        let mode = if was_answered { OpenMode::Existing } else { OpenMode::Create };
        let open = || {
            let place = Place::Sqlite(folder.path("ledger.sqlite"));
            place.open(mode, SeededRandomness::new(7), Settings::default(), &Kek::Beside)
        };
        let store = match open() {
            Ok(store) => store,
            // Power was lost while the ledger was made, of which nobody had been told yet.
            Err(StoreError::NotAStore { .. }) if !was_answered => return Ok(()),
            Err(error) => return Err(format!("it does not open: {error}")),
        };
        self.hold_erasures(&folder, oracle)?;
        oracle.hold(store.as_ref())?;
        let before = store.revision().map_err(|error| error.to_string())?;
        let one_more = store.append(&events_of("r9.t0.n0", 2), now(), false);
        let one_more = one_more.map_err(|error| format!("it takes in no more: {error}"))?;
        let is_next = one_more.first().is_some_and(|first| first.revision.0 == before.0 + 1);
        if !is_next {
            return Err(format!("after revision {} came {one_more:?}", before.0));
        }
        drop(store);
        let store = open().map_err(|error| format!("it does not open again: {error}"))?;
        let stats = store.verify().map_err(|error| format!("the second check: {error}"))?;
        if stats.events == before.0 + 2 { Ok(()) } else { Err(format!("{stats:?} after two more")) }
    }

    /// Nothing of those who were answered to be erased lies in a file.
    fn hold_erasures(&self, folder: &Folder, oracle: &Oracle) -> Result<(), String> {
        for (batch, trace) in self.traces.iter().filter(|(batch, _)| oracle.erased.contains(batch)) {
            let mut files = files_with(folder, trace);
            // SQLite's index of a log without frames has in it whatever lay in the memory of who opened it: here the files of losses
            // before.
            files.retain(|name| !name.ends_with("-shm"));
            if !files.is_empty() {
                return Err(format!("{batch} was erased, and something of it lies in {files:?}"));
            }
        }
        Ok(())
    }
}

fn seed() -> u64 {
    std::env::var("NATTOKU_SEED").map_or(1, |seed| seed.parse().unwrap())
}

#[test]
fn what_was_answered_survives_a_loss_of_power() {
    let Some(recording) = record() else { return };
    let told = recording.told(recording.steps.len());
    assert!(told.answered.len() > 60 && told.refused == 0, "{} answers", told.answered.len());
    assert!(!told.erased.is_empty(), "nobody was erased");
    let (n_losses, seed) = (rounds() * LOSSES_A_ROUND, seed());
    let n_held = recording
        .replay(Omitted::None, n_losses, seed)
        .unwrap_or_else(|what| panic!("{what}\n{}", recording.kept(seed)));
    println!("{n_losses} losses of power with seed {seed}, {n_held} of them after an answer");
    assert!(n_held > n_losses / 2, "{n_held}");
}

/// A log, a key or a name that is not flushed before the answer goes out: the test above would tell.
#[test]
fn a_flush_that_is_left_out_is_noticed() {
    let Some(recording) = record() else { return };
    let n_losses = rounds() * LOSSES_A_ROUND;
    for omitted in FLUSHES {
        match recording.replay(omitted, n_losses, seed()) {
            Err(what) => println!("{omitted:?}: {what}"),
            Ok(_) => panic!("{omitted:?} was not noticed\n{}", recording.kept(seed())),
        }
    }
}
