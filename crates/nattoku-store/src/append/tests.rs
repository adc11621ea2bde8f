//! What becomes of appends where a commit is not answered, or where the writer breaks off.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use jiff::Timestamp;

use super::faulty::Faulty;
use super::run::Runner;
use super::writer::Closing;
use super::{Medium, Plan, Request, Writer};
use crate::error::StoreError;
use crate::event_json::NewEvent;
use crate::opening::OpenMode;
use crate::random::SeededRandomness;
use crate::sqlite::{SqliteStore, medium};
use crate::store::Store as _;

mod lost;

/// A folder that vanishes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static N_FOLDERS: AtomicUsize = AtomicUsize::new(0);
        let n = N_FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("nattoku-append-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn ledger(&self) -> PathBuf {
        self.0.join("ledger.sqlite")
    }

    /// What the ids of its events are derived with.
    fn id_key(&self) -> [u8; 32] {
        crate::sqlite::id_key(&self.ledger())
    }

    /// The ledger as another program sees it.
    fn store(&self) -> SqliteStore {
        SqliteStore::open(self.ledger(), OpenMode::Existing, SeededRandomness::new(2)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> Timestamp {
    "2026-04-01T00:00:00Z".parse().unwrap()
}

fn published(publication: &str) -> NewEvent {
    let line = format!(
        r#"{{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"{publication}"}}"#
    );
    NewEvent::from_line(line.as_bytes()).unwrap()
}

#[test]
fn a_rest_that_panics_keeps_nobody_waiting() {
    let folder = Folder::new();
    let (told, rests) = channel();
    let medium = Faulty::new(Box::new(medium(&folder.ledger()))).rest_panics(told);
    let randomness = Box::new(SeededRandomness::new(1));
    let writer = Writer::start(Box::new(medium), randomness, folder.id_key(), Duration::ZERO).unwrap();
    writer.append(&[published("a")], now(), false).unwrap();
    rests.recv().unwrap();
    writer.append(&[published("b")], now(), false).unwrap();
    assert_eq!(folder.store().verify().unwrap().events, 2);
}

#[test]
fn nobody_waits_for_a_writer_that_has_ended() {
    let folder = Folder::new();
    let randomness = Box::new(SeededRandomness::new(1));
    let medium = Box::new(medium(&folder.ledger()));
    let writer = Writer::start(medium, randomness, [0; 32], Duration::ZERO).unwrap();
    drop(Closing(&writer.shared));
    let refused = writer.append(&[published("a")], now(), false);
    assert!(matches!(refused, Err(StoreError::Stopped)), "{refused:?}");
}

#[test]
fn a_group_about_more_principals_than_are_remembered_has_each_of_them_once() {
    let folder = Folder::new();
    let (medium, randomness) = (medium(&folder.ledger()), SeededRandomness::new(1));
    let mut runner = Runner::of(Box::new(medium), Box::new(randomness), 2);
    for day in 1..=3 {
        let event = |n: usize| {
            let (principal, hour) = (n % 5, 10 + n);
            let line = format!(
                r#"{{"event":"data_erased","principal":"p{principal}","at":"2020-01-0{day}T{hour}:00:00Z","category":"a"}}"#
            );
            NewEvent::from_line(line.as_bytes()).unwrap()
        };
        let events: Vec<_> = (0..10).map(event).collect();
        let request = Request::new(&folder.id_key(), &events, now(), false).unwrap();
        runner.run(&[request]).unwrap().remove(0).unwrap();
    }
    let stats = folder.store().verify().unwrap();
    assert_eq!((stats.events, stats.principals), (30, 5));
}

#[test]
fn whoever_comes_while_another_serves_themselves_is_served_after() {
    let folder = Folder::new();
    let (begun, begins) = channel();
    let (go_on, goes_on) = channel::<()>();
    let commit = move |medium: &mut _, plan: &Plan<'_>| {
        begun.send(()).unwrap();
        goes_on.recv().unwrap();
        Medium::commit(medium, plan)
    };
    let medium = Faulty::new(Box::new(medium(&folder.ledger()))).first_commit(commit);
    let randomness = Box::new(SeededRandomness::new(1));
    let writer = Writer::start(Box::new(medium), randomness, folder.id_key(), Duration::MAX).unwrap();
    let append = |publication| {
        let appended = writer.append(&[published(publication)], now(), false);
        appended.map(|appended| appended[0].revision.0)
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(|| append("a"));
        begins.recv().unwrap();
        let second = scope.spawn(|| append("b"));
        while writer.shared.queue().is_empty() {
            std::thread::yield_now();
        }
        go_on.send(()).unwrap();
        assert_eq!((first.join().unwrap().unwrap(), second.join().unwrap().unwrap()), (1, 2));
    });
    assert_eq!(append("c").unwrap(), 3);
    drop(writer);
    assert_eq!(folder.store().verify().unwrap().events, 3);
}

/// What a panic carried is dropped after it was caught, and may panic in its turn: then whoever serves themselves breaks off.
#[test]
fn whoever_breaks_off_while_serving_themselves_ends_their_turn() {
    struct Spiteful;

    impl Drop for Spiteful {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "a test has it fail");
        }
    }

    let folder = Folder::new();
    let commit = |_: &mut _, _: &Plan<'_>| std::panic::panic_any(Spiteful);
    let medium = Faulty::new(Box::new(medium(&folder.ledger()))).first_commit(commit);
    let randomness = Box::new(SeededRandomness::new(1));
    let writer = Writer::start(Box::new(medium), randomness, folder.id_key(), Duration::MAX).unwrap();
    let append = |publication| writer.append(&[published(publication)], now(), false);
    let broken_off = catch_unwind(AssertUnwindSafe(|| append("a")));
    assert!(broken_off.is_err(), "{broken_off:?}");
    // Otherwise everybody would wait for ever, and so would this test.
    let is_served = writer.shared.queue().is_served();
    if is_served {
        writer.shared.queue().end();
    }
    assert!(!is_served);
    assert_eq!(append("b").unwrap()[0].revision.0, 1);
}

/// A connection waits for its end, which the thread of an asynchronous server must not.
#[test]
fn the_writers_own_thread_lets_go_of_the_connection() {
    /// Tells which thread lets go of it.
    struct LetGo(Sender<Option<String>>);

    impl Drop for LetGo {
        fn drop(&mut self) {
            self.0.send(std::thread::current().name().map(str::to_owned)).unwrap();
        }
    }

    let folder = Folder::new();
    let (told, tells) = channel();
    let held = LetGo(told);
    let commit = move |medium: &mut _, plan: &Plan<'_>| {
        let _held = &held;
        Medium::commit(medium, plan)
    };
    let medium = Faulty::new(Box::new(medium(&folder.ledger()))).first_commit(commit);
    let randomness = Box::new(SeededRandomness::new(1));
    drop(Writer::start(Box::new(medium), randomness, [0; 32], Duration::ZERO).unwrap());
    assert_eq!(tells.recv().unwrap().as_deref(), Some("ledger-writer"));
}
