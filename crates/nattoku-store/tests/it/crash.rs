//! Programs that are killed while they append, again and again: what was answered is there, nothing is there in part or twice.
//!
//! The system's cache survives a killed program: what becomes of a ledger when the machine loses power is held by `power`, and
//! what becomes of it when calls of the system fail by `failing`.
//!
//! The victim is `examples/appender.rs`. An ordinary run has a few rounds; `cargo xtask crash --rounds N` has as many as one
//! wants. `NATTOKU_CRASH_ROUNDS` is how it tells.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nattoku_model::Revision;
use nattoku_store::{OpenMode, Place, SeededRandomness, Settings};
use nattoku_testkit::postgresql::Postgresql;

use crate::support::{Folder, kek_in};

mod failing;
#[path = "../../examples/appender/line.rs"]
mod line;
mod oracle;
mod power;
mod victim;

use oracle::Oracle;
use victim::appender;

/// After so many rounds a new ledger is begun, so that looking through it does not take ever longer.
const ROUNDS_A_LEDGER: usize = 40;
const THREADS: usize = 8;

/// The steps of an append at which the victim can be had to end or fail.
const POINTS: [&str; 5] =
    ["append::begin", "append::planned", "append::rows", "append::head", "append::committed"];

fn rounds() -> usize {
    std::env::var("NATTOKU_CRASH_ROUNDS").map_or(POINTS.len() * 2 + 4, |rounds| rounds.parse().unwrap())
}

/// How a victim ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// Killed after so many answers.
    Killed(usize),
    /// At a step, in some of a hundred cases.
    At(&'static str),
    /// Killed after so many answers, with a step that fails every now and then.
    Failing(&'static str, usize),
}

impl End {
    fn of(round: usize) -> Self {
        let point = POINTS[round / 3 % POINTS.len()];
        // Numbers without a pattern: the victim is to be hit anywhere.
        let answers = 1 + (round * 7_919) % 97;
        match round % 3 {
            0 => Self::Killed(answers),
            1 => Self::At(point),
            _ => Self::Failing(point, answers),
        }
    }

    fn setting(self) -> String {
        match self {
            Self::Killed(_) => String::new(),
            Self::At(point) => format!("{point}=4%panic"),
            Self::Failing(point, _) => format!("{point}=10%return(a test has it fail)"),
        }
    }
}

fn start(place: &str, kek: &Path, round: usize, setting: &str) -> Child {
    Command::new(appender())
        .args([place, &round.to_string(), &THREADS.to_string()])
        .arg(kek)
        .env("FAILPOINTS", setting)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo test` builds it", appender().display()))
}

/// Has a victim append until its end. `at_end` is called when it is to be killed.
fn run(place: &str, kek: &Path, round: usize, oracle: &mut Oracle, at_end: &dyn Fn()) {
    let end = End::of(round);
    let mut victim = start(place, kek, round, &end.setting());
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let mut n_answers = 0;
    for line in lines {
        let line = line.unwrap();
        oracle.hear(&line);
        let is_answer = line.starts_with("ok ");
        n_answers += usize::from(is_answer);
        if let End::Killed(answers) | End::Failing(_, answers) = end
            && is_answer
            && n_answers == answers
        {
            at_end();
            victim.kill().unwrap();
            // What it had told before it died is still read.
        }
    }
    victim.wait().unwrap();
}

/// All rounds over the ledgers that `place` names. Returns how many answers there were.
fn rounds_over(
    place: &dyn Fn(usize) -> String,
    kek_folder: &Path,
    at_end: &dyn Fn(usize),
    recovered: &dyn Fn(),
) -> usize {
    let kek = kek_in(kek_folder);
    let mut n_answers = 0;
    let mut oracle = Oracle::default();
    let mut before: Option<(Revision, [u8; 32])> = None;
    for round in 0..rounds() {
        if round % ROUNDS_A_LEDGER == 0 {
            n_answers += oracle.answered.len();
            (oracle, before) = (Oracle::default(), None);
        }
        let named = place(round / ROUNDS_A_LEDGER);
        run(&named, &kek_folder.join("nattoku.kek"), round, &mut oracle, &|| at_end(round));
        recovered();
        let opened = Place::read(&named).unwrap().open(
            OpenMode::Create,
            SeededRandomness::new(u64::try_from(round).unwrap()),
            Settings::default(),
            &kek,
        );
        let store = opened.unwrap();
        oracle.hold(store.as_ref()).unwrap();
        if let Some((revision, leaf)) = before {
            assert_eq!(store.leaf_hash(revision).unwrap(), Some(leaf), "what was there has changed");
        }
        oracle.send_again(store.as_ref());
        let revision = store.revision().unwrap();
        before = store.leaf_hash(revision).unwrap().map(|leaf| (revision, leaf));
    }
    n_answers + oracle.answered.len()
}

#[test]
fn a_file_survives_programs_that_are_killed() {
    let folder = Folder::new();
    let place = |ledger: usize| format!("sqlite:{}", folder.path(&format!("{ledger}.sqlite")).display());
    assert!(rounds_over(&place, &folder.path(""), &|_| (), &|| ()) > rounds());
}

/// Every fourth of the kills takes the server with it.
#[test]
fn a_server_and_its_clients_survive_being_killed() {
    let Some(server) = Postgresql::start_with("crash", "-c jit=off") else { return };
    let place = |ledger: usize| {
        let database = format!("l{ledger}");
        server.make_database(&database);
        server.address(&database)
    };
    let is_down = std::cell::Cell::new(false);
    let at_end = |round: usize| {
        if round.is_multiple_of(4) {
            server.stop();
            is_down.set(true);
        }
    };
    let recovered = || {
        if is_down.take() {
            server.start_again();
        }
    };
    assert!(rounds_over(&place, server.folder(), &at_end, &recovered) > rounds());
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_stops_appends_and_loses_none() {
    let folder = Folder::new();
    let place = format!("sqlite:{}", folder.path("ledger.sqlite").display());
    let kek = kek_in(&folder.path(""));
    let mut oracle = Oracle::default();
    // Blocks of 512 bytes; the signal that would end the program is ignored, so that the write fails instead.
    let script = r#"trap "" XFSZ; ulimit -f 1500; exec "$0" "$@""#;
    let mut victim = Command::new("sh")
        .args(["-c", script])
        .arg(appender())
        .args([&place, "0", "8"])
        .arg(folder.path("nattoku.kek"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        oracle.hear(&line.unwrap());
        if oracle.refused == 100 {
            victim.kill().unwrap();
        }
    }
    victim.wait().unwrap();
    assert!(oracle.answered.len() > 10, "{} answers", oracle.answered.len());
    let store = Place::read(&place).unwrap();
    let store = store.open(OpenMode::Existing, SeededRandomness::new(3), Settings::default(), &kek).unwrap();
    oracle.hold(store.as_ref()).unwrap();
    oracle.send_again(store.as_ref());
}
