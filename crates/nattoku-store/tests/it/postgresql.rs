//! What only a server can do to a ledger: serve somebody else, cut a connection, be restarted, be changed by hand.

use std::time::Duration;

use nattoku_model::Language;
use nattoku_store::{Kek, NewEvent, OpenMode, Place, SeededRandomness, Settings, Store, StoreError};
use nattoku_testkit::postgresql::Postgresql;

use crate::contract::World as _;
use crate::contract::log::{bytes, fill, is_a_log};
use crate::contract::worlds::Files;
use crate::support::{EVERY_EVENT, event, every_event, instant, kek_in, now};

const IMPATIENT: Settings = Settings {
    wait_for_lock_max: Duration::from_millis(50),
    rests_after: Duration::from_millis(200),
    held_max: Duration::from_secs(1),
    pages_max: None,
};

pub(crate) fn open_with(
    server: &Postgresql,
    mode: OpenMode,
    settings: Settings,
) -> Result<Box<dyn Store>, StoreError> {
    server.make_database("ledger");
    let place = Place::read(&server.address("ledger")).unwrap();
    place.open(mode, SeededRandomness::new(1), settings, &kek_in(server.folder()))
}

pub(crate) fn store(server: &Postgresql) -> Box<dyn Store> {
    open_with(server, OpenMode::Create, Settings::default()).unwrap()
}

/// A store that keeps the lease while nothing is appended.
pub(crate) fn store_that_never_rests(server: &Postgresql) -> Box<dyn Store> {
    let settings = Settings { rests_after: Duration::MAX, held_max: Duration::MAX, ..Settings::default() };
    open_with(server, OpenMode::Create, settings).unwrap()
}

pub(crate) fn erased(principal: &str) -> NewEvent {
    event(&format!(
        r#"{{"event":"data_erased","principal":"{principal}","at":"2020-01-01T00:00:00Z","category":"a"}}"#
    ))
}

/// The server's process that holds the lease.
const HOLDER: &str = "select pid from pg_locks where locktype = 'advisory' and granted";

#[test]
fn a_writer_that_lost_its_session_goes_on_with_a_new_one() {
    let Some(server) = Postgresql::start("sessions") else { return };
    let store = store_that_never_rests(&server);
    store.append(&every_event(), now(), false).unwrap();
    let ended = server.ask("ledger", &format!("select pg_terminate_backend(pid, 60000) from ({HOLDER}) h"));
    assert_eq!(ended, "t\n", "one session had the lease");
    // Whether the loss is seen before or by the next append, nothing is stored half or twice.
    let lost = store.append(&[erased("p2")], now(), false);
    assert!(matches!(lost, Ok(_) | Err(StoreError::Unreachable { .. })), "{lost:?}");
    store.append(&[erased("p2")], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 23);
    // All sessions, those that read as well.
    server.stop();
    assert!(matches!(store.revision(), Err(StoreError::Unreachable { .. })));
    server.start_again();
    assert_eq!(store.revision().unwrap().0, 23);
    let lost = store.append(&[erased("p3")], now(), false);
    assert!(matches!(lost, Ok(_) | Err(StoreError::Unreachable { .. })), "{lost:?}");
    store.append(&[erased("p3")], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 24);
}

#[test]
fn a_writer_of_an_older_epoch_appends_nothing() {
    let Some(server) = Postgresql::start("epochs") else { return };
    let store = store_that_never_rests(&server);
    store.append(&every_event(), now(), false).unwrap();
    let epoch = || server.ask("ledger", "select epoch from nattoku.head");
    assert_eq!(epoch(), "2\n", "the first to append took over from nobody");
    // Somebody else takes over while this writer believes to hold the lease, as no lock should ever let happen.
    server.ask("ledger", "update nattoku.head set epoch = 9");
    let stale = store.append(&[erased("p2")], now(), false);
    assert!(matches!(stale, Err(StoreError::Superseded)), "{stale:?}");
    assert_eq!(store.verify().unwrap().events, 22);
    // Having taken the ledger over in its turn, it may.
    store.append(&[erased("p2")], now(), false).unwrap();
    assert_eq!(epoch(), "10\n");
    assert_eq!(store.verify().unwrap().events, 23);
}

/// An older state is restored while programs run, as when a standby takes over that lacks the last commits.
#[test]
fn a_server_that_went_back_is_told_and_not_appended_to() {
    let Some(server) = Postgresql::start("going_back") else { return };
    let store = store(&server);
    store.append(&every_event(), now(), false).unwrap();
    let older = dump_of(&server, &["nattoku"]);
    let go_back = || {
        server.ask("ledger", "drop schema nattoku cascade");
        server.ask("ledger", &older);
    };
    store.append(&[erased("p2")], now(), false).unwrap();
    store.is_in_its_place().unwrap();
    let place = Place::read(&server.address("ledger")).unwrap();
    let kek = kek_in(server.folder());
    let with_seed =
        |seed| place.open(OpenMode::Create, SeededRandomness::new(seed), Settings::default(), &kek).unwrap();
    let other = with_seed(2);
    other.append(&[erased("p3")], now(), false).unwrap();
    store.is_in_its_place().unwrap();
    go_back();
    let moved =
        |told: Result<(), StoreError>| assert!(matches!(told, Err(StoreError::Moved { .. })), "{told:?}");
    moved(store.is_in_its_place());
    moved(store.append(&[erased("p2")], now(), false).map(drop));
    // Where it has grown again, what it has is not what was there.
    let third = with_seed(3);
    third.append(&["p4", "p5", "p6"].map(erased), now(), false).unwrap();
    moved(store.is_in_its_place());
    moved(store.append(&[erased("p2")], now(), false).map(drop));
    assert_eq!(third.verify().unwrap().events, 25);
    // Another ledger is not this one either.
    server.ask("ledger", "drop schema nattoku, nattoku_keys cascade");
    drop(with_seed(4));
    moved(third.is_in_its_place());
}

#[test]
fn whoever_waits_in_vain_is_told_who_holds_the_ledger() {
    let Some(server) = Postgresql::start("leases") else { return };
    drop(store(&server));
    let mut held = server.program("psql");
    held.args(["-X", "-q", "-A", "-t", "-d", "ledger"]);
    held.args(["-c", "set application_name = 'somebody'; select pg_advisory_lock(x'4e54544b'::int, 1)"]);
    held.args(["-c", "select 'held'", "-c", "select pg_sleep(600)"]);
    let mut held = held.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut told = std::io::BufReader::new(held.stdout.as_mut().unwrap());
    let mut line = String::new();
    while line != "held\n" {
        line.clear();
        std::io::BufRead::read_line(&mut told, &mut line).unwrap();
    }
    let store = open_with(&server, OpenMode::Existing, IMPATIENT).unwrap();
    let error = store.append(&[erased("p1")], now(), false).unwrap_err();
    let StoreError::Held { process, program, machine } = &error else { panic!("{error:?}") };
    assert_eq!((program.as_str(), machine.as_str()), ("somebody", "this machine"));
    assert!(error.message(Language::En).contains(&format!("pg_terminate_backend({process})")));
    assert!(error.message(Language::Ja).contains(&format!("pg_terminate_backend({process})")));
    assert_eq!(store.revision().unwrap().0, 0, "reading needs no lease");
    // The remedy is one.
    server.ask("ledger", &format!("select pg_terminate_backend({process})"));
    held.wait().unwrap();
    store.append(&[erased("p1")], now(), false).unwrap();
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let Some(server) = Postgresql::start("others") else { return };
    server.make_database("ledger");
    server.ask("ledger", "create schema nattoku");
    for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
        let refused = open_with(&server, mode, Settings::default());
        assert!(matches!(refused, Err(StoreError::NotAStore { .. })), "{refused:?}");
    }
    server.ask("ledger", "drop schema nattoku");
    drop(store(&server));
    server.ask("ledger", "insert into nattoku.formats (format) values (7)");
    let refused = open_with(&server, OpenMode::Create, Settings::default());
    assert!(matches!(refused, Err(StoreError::NewerFormat { format: 7, .. })), "{refused:?}");
}

#[test]
fn a_database_of_another_encoding_is_left_alone() {
    let Some(server) = Postgresql::start("encodings") else { return };
    server.ask("postgres", "create database old encoding 'LATIN1' locale 'C' template template0");
    let place = Place::read(&server.address("old")).unwrap();
    let kek = kek_in(server.folder());
    let refused =
        place.open(OpenMode::Create, SeededRandomness::new(1), Settings::default(), &kek).unwrap_err();
    assert!(matches!(&refused, StoreError::NotUtf8 { encoding, .. } if encoding == "LATIN1"), "{refused:?}");
    assert_eq!(server.ask("old", "select count(*) from pg_namespace where nspname = 'nattoku'"), "0\n");
}

#[test]
fn whoever_may_only_read_is_told_so() {
    let Some(server) = Postgresql::start("rights") else { return };
    store(&server).append(&every_event(), now(), false).unwrap();
    server.ask(
        "ledger",
        "create role auditor login; grant usage on schema nattoku, nattoku_keys to auditor;
         grant select on all tables in schema nattoku, nattoku_keys to auditor",
    );
    let address = server.address("ledger").replace("postgres@", "auditor@");
    let place = Place::read(&address).unwrap();
    let kek = kek_in(server.folder());
    let open = |mode| place.open(mode, SeededRandomness::new(1), Settings::default(), &kek).unwrap();
    assert_eq!(open(OpenMode::ReadOnly).verify().unwrap().events, 22);
    let refused = open(OpenMode::Existing).append(&[erased("p2")], now(), false);
    let told = refused.unwrap_err();
    assert!(matches!(told, StoreError::NotAllowed { .. }), "{told:?}");
    assert!(told.to_string().contains("permission denied") && told.to_string().contains("grant"), "{told}");
}

/// What somebody who may write to the database does, and what is said of it.
const CHANGES: &[(&str, &str)] = &[
    ("update nattoku.events set leaf = set_byte(leaf, 40, 7) where revision = 3", "revision 3"),
    ("update nattoku.events set leaf_hash = '\\x00' where revision = 4", "revision 4"),
    ("update nattoku.events set at = at - 1 where revision = 5", "revision 5"),
    ("update nattoku.events set recorded_at = recorded_at - 1 where revision = 6", "revision 6"),
    ("update nattoku.payloads set payload = set_byte(payload, 12, 48) where revision = 1", "revision 1"),
    ("delete from nattoku.payloads where revision = 2", "revision 2"),
    ("update nattoku.events set principal = null where revision = 7", "revision 7"),
    ("update nattoku.principals set lookup = null, identifier = null", "revision 1"),
    ("update nattoku.principals set id = '\\x00'", "principals.id"),
    ("update nattoku.nodes set hash = sha256('')", "revision 16: the node 0 of level 4"),
    ("delete from nattoku.nodes", "revision 16"),
    ("insert into nattoku.nodes values (5, '')", "2 nodes are kept"),
    ("delete from nattoku.events where revision = 8", "revision 8 is missing"),
    ("delete from nattoku.events where revision = 22", "the head tells 22 events"),
    ("update nattoku.head set size = 21", "the head"),
    ("delete from nattoku.head", "the head is missing"),
    ("update nattoku.counts set events = 2 where event = 'data_used'", "counted by name"),
    (
        "update nattoku.events set event_id = '\\x01' || decode(repeat('00', 16), 'hex') where revision = 3",
        "revision 3: its id",
    ),
    ("update nattoku.events set event_id = '\\x02' || int8send(3) where revision = 3", "revision 3: its id"),
    ("update nattoku.events set event_id = '\\x' where revision = 3", "revision 3: its id"),
    ("update nattoku.events set principal = 2 where revision = 7", "revision 7: its principal is not in"),
    ("update nattoku.events set principal = 1 where revision = 17", "revision 17"),
    ("update nattoku.events set revision = 30 where revision = 22", "revision 22 is missing"),
    (
        "insert into nattoku.events select 23, '\\x0061', principal, at, recorded_at, leaf, leaf_hash from nattoku.events where revision = 22",
        "the head tells 22 events",
    ),
    (
        "update nattoku.events e set leaf = o.leaf from nattoku.events o where o.revision = 33 - e.revision and e.revision in (16, 17)",
        "revision 16",
    ),
    (
        "update nattoku.payloads y set payload = o.payload from nattoku.payloads o where o.revision = 3 - y.revision and y.revision in (1, 2)",
        "revision 1",
    ),
    ("insert into nattoku.payloads values (99, '')", "payloads has"),
    ("update nattoku.principals set ordinal = 7", "revision 1: its principal is not in"),
    (
        "update nattoku.principals set lookup = set_byte(lookup, 3, get_byte(lookup, 3) # 1)",
        "principals, row 1",
    ),
    ("update nattoku.principals set identifier = null", "revision 1: its principal has no identifier"),
    ("delete from nattoku.principals", "revision 1: its principal is not in"),
    (
        "insert into nattoku.principals values (9, decode(repeat('00', 16), 'hex'), null, null)",
        "principals: 1 of them are erased",
    ),
    ("update nattoku.nodes set place = place + 1", "revision 16"),
    ("update nattoku.head set recorded_at = recorded_at + 1", "the head"),
    ("update nattoku.head set epoch = 0", "the head has the epoch 0"),
    ("delete from nattoku.counts where event = 'data_used'", "counts, `data_used`: 0 events"),
    ("insert into nattoku.counts values ('nothing', 0)", "counts, `nothing`"),
    (
        "update nattoku.meta set value = set_byte(value, 0, get_byte(value, 0) # 1) where name = 'ledger_id'",
        "meta, `ledger_id`",
    ),
    ("update nattoku.meta set value = int8send(1) where name = 'erasures'", "meta, `erasures`: 1 are told"),
    ("delete from nattoku.meta where name = 'erasures'", "meta, `erasures`"),
    ("insert into nattoku.meta values ('other', '')", "meta, `other`"),
];

#[test]
fn every_change_is_found() {
    let Some(server) = Postgresql::start("damage") else { return };
    let store = store(&server);
    store.append(&every_event(), now(), false).unwrap();
    store.verify().unwrap();
    for (change, wanted) in CHANGES {
        let copy = dump_of(&server, &["nattoku"]);
        server.ask("ledger", change);
        match store.verify() {
            Err(StoreError::Corrupt { what }) => assert!(what.contains(wanted), "{change}: {what}"),
            other => panic!("{change}: {other:?}"),
        }
        server.ask("ledger", "drop schema nattoku cascade");
        server.ask("ledger", &copy);
        store.verify().unwrap();
    }
}

#[test]
fn proofs_and_tiles_are_the_bytes_that_a_file_gives() {
    let Some(server) = Postgresql::start("logs") else { return };
    let (in_database, files) = (store(&server), Files::new());
    let in_file = files.store();
    fill(in_database.as_ref(), 700);
    fill(in_file.as_ref(), 700);
    let (of_database, of_file) = (bytes(in_database.as_ref()), bytes(in_file.as_ref()));
    assert!(of_file.len() > 100, "{}", of_file.len());
    assert_eq!(of_database, of_file);
}

#[test]
fn a_database_without_kept_nodes_answers_the_same_and_gets_them_when_it_is_written_to() {
    let Some(server) = Postgresql::start("older") else { return };
    let writing = store(&server);
    fill(writing.as_ref(), 700);
    drop(writing);
    server.ask(
        "ledger",
        "create role auditor login; grant usage on schema nattoku, nattoku_keys to auditor;
         grant select on all tables in schema nattoku, nattoku_keys to auditor",
    );
    let count = || server.ask("ledger", "select count(*) from nattoku.nodes");
    let whole = format!("{}\n", 700 / 16 + 700 / 256);
    assert_eq!(count(), whole);
    for older in ["drop table nattoku.nodes", "delete from nattoku.nodes where place % 256 > 30"] {
        server.ask("ledger", older);
        is_a_log(open_with(&server, OpenMode::ReadOnly, Settings::default()).unwrap().as_ref());
        let writing = open_with(&server, OpenMode::Existing, Settings::default()).unwrap();
        assert_eq!(count(), whole, "{older}");
        writing.verify().unwrap();
        is_a_log(writing.as_ref());
    }
    // Whoever was let read before there were nodes computes them.
    let address = server.address("ledger").replace("postgres@", "auditor@");
    let place = Place::read(&address).unwrap();
    let kek = kek_in(server.folder());
    let reader = place.open(OpenMode::ReadOnly, SeededRandomness::new(1), Settings::default(), &kek).unwrap();
    is_a_log(reader.as_ref());
}

/// A checkpoint that the server forgot would be contradicted by the next.
#[test]
fn what_may_be_signed_outlives_a_crash_of_the_server() {
    let Some(server) = Postgresql::start_with("signed", "-c wal_writer_delay=10000ms") else { return };
    let store = store(&server);
    store.append(&every_event(), now(), false).unwrap();
    // Whoever sets a session not to wait for the disk is answered before anything is there.
    server.ask("ledger", "set synchronous_commit = off; update nattoku.head set epoch = 70");
    let tree = store.durable_tree().unwrap();
    server.stop();
    server.start_again();
    assert_eq!(server.ask("ledger", "select epoch from nattoku.head"), "70\n");
    assert_eq!(store.durable_tree().unwrap(), tree);
}

/// A server that takes a connection and says nothing, or that has no TLS.
#[test]
fn a_server_that_does_not_answer_as_it_should_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let open = |parameters: &str| {
        let address = format!("postgres://me@127.0.0.1:{port}/l?connect_timeout=1{parameters}");
        let place = Place::read(&address).unwrap();
        place.open(OpenMode::ReadOnly, SeededRandomness::new(1), IMPATIENT, &Kek::Beside).unwrap_err()
    };
    let error = open("");
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for stream in listener.incoming().take(2) {
                // The first is the connection that was given up.
                let mut stream = stream.unwrap();
                let _ = std::io::Read::read(&mut stream, &mut [0; 8]);
                let _ = std::io::Write::write(&mut stream, b"N");
            }
        });
        let error = open("&sslmode=require");
        assert!(matches!(error, StoreError::Untrusted { .. }), "{error:?}");
        for language in [Language::En, Language::Ja] {
            assert!(error.message(language).contains("SSL_CERT_FILE"), "{error}");
        }
    });
}

/// The ledger as SQL, by PostgreSQL's own program.
fn dump_of(server: &Postgresql, schemas: &[&str]) -> String {
    let named = schemas.iter().flat_map(|schema| ["-n", schema]);
    let dumped = server.program("pg_dump").arg("--inserts").args(named).arg("ledger").output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let dumped = String::from_utf8(dumped.stdout).unwrap();
    // Commands of psql itself, which a statement cannot have.
    dumped.lines().filter(|line| !line.starts_with('\\')).fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn a_dump_taken_while_events_come_in_is_a_ledger() {
    let Some(server) = Postgresql::start("dumps") else { return };
    let store = store(&server);
    store.append(&every_event(), now(), false).unwrap();
    let dumped = std::thread::scope(|scope| {
        let (store, server) = (&store, &server);
        let writer = scope.spawn(move || {
            for n in 0..200 {
                store.append(&[erased(&format!("q{n}"))], now(), false).unwrap();
            }
        });
        let dumped = dump_of(server, &["nattoku", "nattoku_keys"]);
        writer.join().unwrap();
        dumped
    });
    server.make_database("restored");
    server.ask("restored", &dumped);
    let place = Place::read(&server.address("restored")).unwrap();
    let kek = kek_in(server.folder());
    let restored =
        place.open(OpenMode::Existing, SeededRandomness::new(2), Settings::default(), &kek).unwrap();
    let stats = restored.verify().unwrap();
    assert!((22..=222).contains(&stats.events), "{}", stats.events);
    let of = restored.leaf_hash(stats.revision).unwrap();
    assert_eq!(store.leaf_hash(stats.revision).unwrap(), of, "what it has is what the ledger has");
    restored.append(&[erased("later")], now(), false).unwrap();
    restored.verify().unwrap();
}

#[test]
fn the_keys_are_not_where_the_events_are() {
    let Some(server) = Postgresql::start("keys") else { return };
    server.make_database("ledger");
    let place = Place::read(&server.address("ledger")).unwrap();
    // Beside a database no file could lie, and none is made up.
    let error = place.open(OpenMode::Create, SeededRandomness::new(1), Settings::default(), &Kek::Beside);
    let error = error.unwrap_err();
    assert!(error.to_string().contains("ledger sealing create file:"), "{error}");
    assert_eq!(server.ask("ledger", "select count(*) from pg_namespace where nspname = 'nattoku'"), "0\n");
    let store = store(&server);
    store.append(&every_event(), now(), false).unwrap();
    let events = dump_of(&server, &["nattoku"]);
    assert!(!events.contains("nattoku_keys"));
    for personal in ["1985-04-01", "attorney"] {
        let hex = personal.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert!(!events.contains(&hex) && !events.contains(personal), "{personal}");
    }
    server.make_database("alone");
    server.ask("alone", &events);
    let alone = Place::read(&server.address("alone")).unwrap();
    for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
        let kek = kek_in(server.folder());
        let error = alone.open(mode, SeededRandomness::new(1), Settings::default(), &kek).unwrap_err();
        assert!(error.to_string().contains("is missing; put its copy back"), "{error}");
    }
}

#[test]
fn a_restore_of_the_events_or_of_the_keys_brings_nobody_back() {
    for restored in ["nattoku", "nattoku_keys"] {
        let Some(server) = Postgresql::start("restores") else { return };
        let store = store(&server);
        store.append(&every_event(), now(), false).unwrap();
        store.append(&[event(&EVERY_EVENT[0].replace("\"p1\"", "\"p2\""))], now(), false).unwrap();
        let copy = dump_of(&server, &[restored]);
        let later = instant("2026-05-01T00:00:00Z");
        let id = store.erase("p1", later).unwrap().unwrap().id;
        drop(store);
        server.ask("ledger", &format!("drop schema {restored} cascade"));
        server.ask("ledger", &copy);
        let store = open_with(&server, OpenMode::Existing, Settings::default()).unwrap();
        assert_eq!(store.principal_id("p1").unwrap(), None, "{restored}");
        let stats = store.verify().unwrap();
        assert_eq!((stats.events_by_name["erased_live"], stats.principals), (1, 1), "{restored}");
        assert_eq!(store.keys().unwrap().erased_live, 1, "{restored}");
        let left = server.ask("ledger", "select count(*) from nattoku_keys.principals");
        assert_eq!(left, "1\n", "{restored}");
        assert_eq!(store.erase_everywhere(later).unwrap().principals[0].0, id);
        store.verify().unwrap();
    }
}

#[test]
fn a_password_is_never_shown() {
    let text = "postgres://somebody:secret@nowhere.invalid:5433/ledger?connect_timeout=1";
    let place = Place::read(text).unwrap();
    assert_eq!(place.to_string(), "postgres://somebody@nowhere.invalid:5433/ledger");
    assert!(!format!("{place:?}").contains("secret"));
    let error =
        place.open(OpenMode::Existing, SeededRandomness::new(1), IMPATIENT, &Kek::Beside).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    for wrong in [
        "postgre://somebody:secret@host/ledger",
        "postgres://somebody:secret@host/ledger?sslmode=secret",
        "postgres://somebody:secret@host/ledger?tuning=1",
        "postgres://somebody:secret@host:port/ledger",
        "postgres://somebody:secret@host",
        "postgres://somebody:secret@",
        "postgres://somebody:a@secret@host/ledger",
        "postgres://somebody:a@b/secret@host/ledger",
        "host=db user=somebody password=secret dbname=l",
        "host=db user=somebody password=secret options=-c:x dbname=l",
        "secret",
    ] {
        let error = Place::read(wrong).expect_err(wrong);
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        assert!(!error.to_string().contains("somebody"), "{error}");
    }
}
