//! Programs that share a ledger on a server: who writes when, and by which keys.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::Duration;

use nattoku_store::{NewEvent, OpenMode, Place, SeededRandomness, Settings, Store, StoreError};
use nattoku_testkit::postgresql::Postgresql;

use crate::postgresql::{erased, open_with, store, store_that_never_rests};
use crate::support::{kek_in, now};

/// Another program, which draws other ids and keys.
fn another(server: &Postgresql, settings: Settings) -> Box<dyn Store> {
    let place = Place::read(&server.address("ledger")).unwrap();
    place.open(OpenMode::Existing, SeededRandomness::new(2), settings, &kek_in(server.folder())).unwrap()
}

/// Comes back when a session waits for an advisory lock of the ledger's.
fn wait_until_somebody_waits(server: &Postgresql, lock: u8) {
    let waiting = format!(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted and objid = {lock}"
    );
    while server.ask("ledger", &waiting) == "0\n" {}
}

/// Neither gives the lease up because of the time: each keeps it for ever where nobody waits.
#[test]
fn a_lease_is_given_up_by_the_first_commit_after_somebody_waits_for_it() {
    let Some(server) = Postgresql::start("turns") else { return };
    let first = store_that_never_rests(&server);
    let append = |store: &dyn Store, principal: &str| {
        store.append(&[erased(principal)], now(), false).map(|appended| appended[0].revision.0)
    };
    append(first.as_ref(), "p1").unwrap();
    let settings = Settings {
        wait_for_lock_max: Duration::from_mins(1),
        rests_after: Duration::MAX,
        held_max: Duration::MAX,
        ..Settings::default()
    };
    let second = another(&server, settings);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| append(second.as_ref(), "p2"));
        wait_until_somebody_waits(&server, 1);
        assert_eq!(append(first.as_ref(), "p3").unwrap(), 2);
        assert_eq!(waits.join().unwrap().unwrap(), 3, "one commit came between");
    });
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| append(first.as_ref(), "p4"));
        wait_until_somebody_waits(&server, 1);
        assert_eq!(append(second.as_ref(), "p5").unwrap(), 4);
        assert_eq!(waits.join().unwrap().unwrap(), 5);
    });
    // Whoever had to wait for its turn does not keep it while it has nothing to write.
    assert_eq!(append(second.as_ref(), "p6").unwrap(), 6);
    assert_eq!(append(first.as_ref(), "p7").unwrap(), 7);
    assert_eq!(first.verify().unwrap().events, 7);
}

fn many(prefix: &str) -> Vec<NewEvent> {
    (0..300).map(|n| erased(&format!("{prefix}{n}"))).collect()
}

/// Whoever opens the ledger anew finds everybody.
fn holds(server: &Postgresql, n_events: u64) {
    let store = open_with(server, OpenMode::Existing, Settings::default()).unwrap();
    assert_eq!(store.verify().unwrap().events, n_events);
    let mut n_named = 0;
    store
        .export(|line| {
            assert!(line.principal.is_some());
            n_named += 1;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(n_named, n_events);
}

#[test]
fn new_principals_are_sealed_by_the_keys_to_which_another_program_rotated() {
    let Some(server) = Postgresql::start("rotated") else { return };
    let store = store(&server);
    store.append(&many("a"), now(), false).unwrap();
    let other = another(&server, Settings::default());
    assert!(other.rotate_keys(true).unwrap().new_groups > 200);
    store.append(&many("b"), now(), false).unwrap();
    holds(&server, 600);
}

#[test]
fn whoever_adds_principals_while_keys_are_rotated_waits_and_takes_the_new_ones() {
    let Some(server) = Postgresql::start("rotating") else { return };
    let store = store(&server);
    store.append(&many("a"), now(), false).unwrap();
    let other = another(&server, Settings::default());
    // Somebody has the rotation stop half way.
    let mut stops = server.program("psql");
    stops.args(["-X", "-q", "-A", "-t", "-d", "ledger"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut stops = stops.spawn().unwrap();
    let mut tell = stops.stdin.take().unwrap();
    tell.write_all(b"begin; select from nattoku_keys.groups for update;\n\\echo held\n").unwrap();
    let told = BufReader::new(stops.stdout.take().unwrap()).lines();
    assert!(told.map_while(Result::ok).any(|line| line == "held"));
    std::thread::scope(|scope| {
        let rotates = scope.spawn(|| other.rotate_keys(true));
        let holds = "select count(*) from pg_locks where locktype = 'advisory' and granted and objid = 2";
        while server.ask("ledger", holds) == "0\n" {}
        let adds = scope.spawn(|| store.append(&many("b"), now(), false));
        wait_until_somebody_waits(&server, 2);
        tell.write_all(b"rollback;\n").unwrap();
        drop(tell);
        assert!(rotates.join().unwrap().unwrap().new_groups > 200);
        adds.join().unwrap().unwrap();
    });
    stops.wait().unwrap();
    holds(&server, 600);
}
