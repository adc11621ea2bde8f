//! Appends to a ledger from many threads until it is killed, and tells what it was answered: the victim of the crash tests.
//!
//! `appender PLACE ROUND THREADS KEK [BATCHES [abort] [erase] [everywhere]]`. KEK is the file of a key-encryption key, or `beside`
//! for the one that a ledger makes itself. With BATCHES each thread ends after so many, and the store is closed; with `abort` the
//! program ends at the first refusal as one does that is killed; with `erase` the principal of the first batch of the round before
//! is erased meanwhile (`erase ID`, then `erased ID`), and with `everywhere` from all copies (then `everywhere`). For each batch a line `try ID N` goes out before it is sent, `ok ID N REVISION`
//! once it is answered, `err ID N MESSAGE` where it was refused. With `FAILPOINTS=append::rows=5%panic` the program ends at that
//! step of an append (`crates/nattoku-store/src/append.rs`) in one of twenty cases; with `return` instead the append fails there.
#![expect(clippy::unwrap_used, reason = "it is there to die")]

use std::io::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_kek::FileKek;
use nattoku_store::{EventId, Kek, NewEvent, OpenMode, Place, RandomnessError, Settings, Store};

#[path = "appender/line.rs"]
mod line;

/// The events of a batch, each with an id of its own. All of them or none are in the ledger.
fn batch(id: &str, n_events: usize) -> Vec<NewEvent> {
    (0..n_events).map(|n| NewEvent::from_line(line::line(id, n).as_bytes()).unwrap()).collect()
}

fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).unwrap();
    out.write_all(b"\n").unwrap();
    out.flush().unwrap();
}

fn erase(store: &dyn Store, round: usize, everywhere: bool, now: Timestamp) {
    let id = format!("r{}.t0.n0", round - 1);
    tell(&format!("erase {id}"));
    match store.erase(&id, now) {
        Ok(Some(_)) => tell(&format!("erased {id}")),
        Ok(None) => tell(&format!("absent {id}")),
        Err(error) => tell(&format!("err {id} 0 {error}")),
    }
    if everywhere {
        match store.erase_everywhere(now) {
            Ok(_) => tell("everywhere"),
            Err(error) => tell(&format!("err everywhere 0 {error}")),
        }
    }
}

fn main() {
    // Where the writer panics, the program is to end just there.
    std::panic::set_hook(Box::new(|_| std::process::abort()));
    #[cfg(feature = "failpoints")]
    let _scenario = fail::FailScenario::setup();
    let arguments: Vec<String> = std::env::args().collect();
    let [_, place, round, n_threads, kek, rest @ ..] = arguments.as_slice() else { std::process::exit(2) };
    let n_batches = rest.first().map_or(usize::MAX, |number| number.parse().unwrap());
    let is_asked = |what: &str| rest.iter().any(|word| word == what);
    let ends_at_refusal = is_asked("abort");
    let randomness =
        |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|error| RandomnessError(error.to_string()));
    let place = Place::read(place).unwrap();
    let kek = if kek == "beside" { Kek::Beside } else { Kek::Given(Arc::new(FileKek::open(kek).unwrap())) };
    let store = match place.open(OpenMode::Create, randomness, Settings::default(), &kek) {
        Ok(store) => store,
        Err(error) => {
            tell(&format!("err open 0 {error}"));
            std::process::exit(1);
        }
    };
    let now: Timestamp = "2026-04-01T00:00:00Z".parse().unwrap();
    std::thread::scope(|scope| {
        if is_asked("erase") {
            scope.spawn(|| erase(store.as_ref(), round.parse().unwrap(), is_asked("everywhere"), now));
        }
        for thread in 0..n_threads.parse::<usize>().unwrap() {
            let store = store.as_ref();
            scope.spawn(move || {
                for n in 0..n_batches {
                    let (id, n_events) = (format!("r{round}.t{thread}.n{n}"), 1 + n % 3);
                    let events = batch(&id, n_events);
                    assert!(events.iter().all(|event| matches!(&event.id, Some(EventId(_)))));
                    tell(&format!("try {id} {n_events}"));
                    match store.append(&events, now, false) {
                        Ok(appended) => {
                            let revision = appended.first().map_or(0, |first| first.revision.0);
                            tell(&format!("ok {id} {n_events} {revision}"));
                        }
                        Err(error) => {
                            tell(&format!("err {id} {n_events} {error}"));
                            if ends_at_refusal {
                                std::process::abort();
                            }
                        }
                    }
                }
            });
        }
    });
}
