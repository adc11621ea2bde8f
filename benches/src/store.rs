//! The stores beside bare databases that do the same with the same durability, in one run: only the ratios mean something.

pub(crate) mod bare;
mod durable;
mod same;
mod volume;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::event::{By, Event};
use nattoku_store::{NewEvent, OpenMode, SeededRandomness, SqliteStore, Store};

/// Events of one principal.
const EVENTS_EACH: u32 = 20;

/// Most events that are appended batch by batch; an index costs what it costs by then.
const BATCHED_MAX: u32 = 3_000_000;

/// Runs all measurements, or the part of a name; those of volume over `n` events.
pub fn run(n: u32, part: Option<&str>) {
    let folder = Folder::new();
    let is_asked = |name| part.is_none_or(|part| part == name);
    if is_asked("durable") {
        durable::measure(folder.path());
    }
    if is_asked("postgresql") {
        durable::postgresql();
    }
    if is_asked("batches") {
        for batch in [100, 1_000] {
            volume::batches(folder.path(), n.min(BATCHED_MAX), batch);
        }
    }
    if is_asked("volume") {
        volume::measure(folder.path(), n);
    }
}

/// A folder that vanishes with the measurement, on the disk on which the program is built and not in memory.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let program = std::env::current_exe().expect("the program is somewhere");
        let beside = program.parent().expect("it is in a folder");
        let folder = beside.join(format!("nattoku-store-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> Timestamp {
    "2026-11-27T00:00:00Z".parse().expect("an instant")
}

fn customer(principal: u32) -> String {
    format!("customer-{principal:08}")
}

/// A consent with some 300 bytes in leaf and payload; principals come as if at random.
fn event(n: u32, of: u32) -> NewEvent {
    let principals = (of / EVENTS_EACH).max(1);
    let at = Timestamp::from_second(1_600_000_000 + i64::from(n)).expect("an instant");
    NewEvent::about(
        customer(bare::subject(n, principals)),
        at,
        Event::ConsentGranted {
            item: "partner_sharing".into(),
            text_version: "2".into(),
            language: Language::Ja,
            channel: "web".to_owned(),
            by: By::Principal,
            until: None,
            evidence: Some(format!("session {n:012}")),
        },
    )
}

fn store(folder: &Path, name: &str) -> SqliteStore {
    let path = folder.join(format!("{name}.sqlite"));
    SqliteStore::open(path, OpenMode::Create, SeededRandomness::new(1)).expect("a store")
}

/// How long `work` takes.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

/// Events about so many principals.
const OF_THE_KNOWN: u32 = 1_000 * EVENTS_EACH;

/// Has a ledger know the principals of [`rate`], and its database be past what it does only once: `SQLite`'s log has grown to its
/// full length, and is written over from then on.
fn warm_up(store: &dyn Store, n: u32) {
    for from in (0..n).step_by(1_000) {
        let events: Vec<_> = (from..from + 1_000).map(|n| event(n, OF_THE_KNOWN)).collect();
        store.append(&events, now(), false).expect("an append");
    }
}

/// Events a second that `threads` append one at a time, `each` of them each, about principals whom the ledger knows; all of them
/// are answered.
fn rate(store: &dyn Store, threads: u32, each: u32, tag: u32) -> f64 {
    let ((), took) = timed(|| {
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || {
                    for n in 0..each {
                        let event = event(tag + thread * each + n, OF_THE_KNOWN);
                        store.append(&[event], now(), false).expect("an append");
                    }
                });
            }
        });
    });
    f64::from(threads * each) / took.as_secs_f64()
}
