//! The state where something else is in its place, where time was turned, and where it is taken away.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nattoku_model::{Language, Revision};
use nattoku_store::{OpenMode, Place, Settings, State, StoreError};
use rusqlite::Connection;

use crate::contract::World as _;
use crate::contract::state::{state, token};
use crate::contract::worlds::{Databases, Files, Server};
use crate::support::{every_event, now};

const LONG: Duration = Duration::from_hours(1);
const NODE: [u8; 16] = [7; 16];

/// The file of the state of [`state`].
fn file(files: &Files) -> PathBuf {
    let place = files.place("ledger");
    PathBuf::from(format!("{}.state", place.file().unwrap().display()))
}

fn raw(files: &Files) -> Connection {
    Connection::open(file(files)).unwrap()
}

fn nodes(state: &dyn State) -> Vec<u8> {
    state.leases().unwrap().into_iter().map(|lease| lease.node[0]).collect()
}

#[test]
fn what_is_no_state_is_left_untouched() {
    let files = Files::new();
    let ledger = files.store().ledger_id().unwrap();
    let (place, path) = (files.place("ledger"), file(&files));
    let open = || place.open_state(ledger, Settings::default());
    let other = files.place("other");
    Connection::open(other.file().unwrap()).unwrap().execute_batch("create table t (x)").unwrap();
    let of_others = [b"not a database".to_vec(), std::fs::read(other.file().unwrap()).unwrap()];
    // Nor is a ledger.
    let of_others = [of_others.as_slice(), &[std::fs::read(place.file().unwrap()).unwrap()]].concat();
    for bytes in of_others {
        std::fs::write(&path, &bytes).unwrap();
        let refused = open().unwrap_err();
        assert!(matches!(&refused, StoreError::NotAStore { path: told } if *told == path), "{refused:?}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(open(), Err(StoreError::NotAStore { .. })));
    std::fs::remove_dir(&path).unwrap();
    // A crash between the making of the file and the making of its tables.
    std::fs::write(&path, "").unwrap();
    open().unwrap().add_token(&token("desk")).unwrap();
    raw(&files).pragma_update(None, "user_version", 2).unwrap();
    let newer = std::fs::read(&path).unwrap();
    let refused = open().unwrap_err();
    assert!(matches!(refused, StoreError::NewerFormat { format: 2, supported: 1, .. }), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), newer);
}

#[test]
fn a_state_of_another_ledger_is_left_untouched() {
    let files = Files::new();
    state(&files).add_token(&token("desk")).unwrap();
    let before = std::fs::read(file(&files)).unwrap();
    let refused = files.place("ledger").open_state([9; 16], Settings::default()).unwrap_err();
    assert!(refused.message(Language::Ja).contains("ledger.sqlite.state"), "{refused:?}");
    assert!(refused.message(Language::En).contains("ledger.sqlite.state"), "{refused:?}");
    assert_eq!(std::fs::read(file(&files)).unwrap(), before);
    assert_eq!(state(&files).tokens().unwrap(), [token("desk")]);
}

/// What an earlier version made lacks tables: they are added, and what is there stays.
#[test]
fn what_an_earlier_version_made_is_added_to() {
    let without = |prefix: &str| {
        ["subscriptions", "dead_letters", "turns", "sign_ins", "sessions"]
            .map(|table| format!("drop table {prefix}{table};"))
            .concat()
    };
    let files = Files::new();
    state(&files).add_token(&token("desk")).unwrap();
    raw(&files).execute_batch(&without("")).unwrap();
    let added = state(&files);
    assert!(added.take_turn("webhooks", &NODE, LONG).unwrap());
    assert_eq!(added.session(&[1; 32]).unwrap(), None);
    assert_eq!(added.tokens().unwrap(), [token("desk")]);
    let Some(server) = Server::start() else { return };
    let world = server.world("earlier");
    state(&world).add_token(&token("desk")).unwrap();
    ask(&world, &server, &without("nattoku_state."));
    let added = state(&world);
    assert!(added.take_turn("webhooks", &NODE, LONG).unwrap());
    assert_eq!(added.subscriptions().unwrap(), []);
    assert_eq!(added.session(&[1; 32]).unwrap(), None);
    // A version before had made some of them: the rest is added.
    ask(&world, &server, "drop table nattoku_state.sign_ins; drop table nattoku_state.sessions");
    assert_eq!(state(&world).session(&[1; 32]).unwrap(), None);
    assert_eq!(state(&world).sessions_of(&[1; 16]).unwrap(), []);
    assert_eq!(added.tokens().unwrap(), [token("desk")]);
}

#[cfg(unix)]
#[test]
fn a_state_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new();
    let state = state(&files);
    state.add_token(&token("desk")).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", file(&files).display());
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_was_taken_away_is_told_and_not_written_to() {
    let files = Files::new();
    let state = state(&files);
    state.add_token(&token("desk")).unwrap();
    let (here, aside) = (file(&files), file(&files).with_extension("aside"));
    let put = |from: &Path, to: &Path| {
        for suffix in ["", "-wal", "-shm"] {
            let at = |file: &Path| format!("{}{suffix}", file.display());
            std::fs::rename(at(from), at(to)).unwrap();
        }
    };
    put(&here, &aside);
    let all_moved = || {
        let told = [
            state.add_token(&token("shop")).err(),
            state.tokens().err(),
            state.token("desk").err(),
            state.revoke_token("desk", now()).err(),
            state.session(&[1; 32]).err(),
            state.end_session(&[1; 32]).err(),
            state.tokens_used(&[("desk".to_owned(), now())]).err(),
            state.register_lease(&NODE, LONG, Revision(1)).err(),
            state.applied(&NODE, Revision(1)).err(),
            state.end_lease(&NODE).err(),
            state.leases().err(),
        ];
        let are_moved = told.iter().all(|told| matches!(told, Some(StoreError::Moved { .. })));
        assert!(are_moved, "{told:?}");
    };
    all_moved();
    // What another program makes in its place knows nothing of this one.
    let ledger = files.again(OpenMode::ReadOnly).ledger_id().unwrap();
    let anew = files.place("ledger").open_state(ledger, Settings::default()).unwrap();
    all_moved();
    assert_eq!((anew.tokens().unwrap(), anew.leases().unwrap()), (Vec::new(), Vec::new()));
    drop(anew);
    std::fs::remove_file(&here).unwrap();
    put(&aside, &here);
    assert_eq!(state.tokens().unwrap(), [token("desk")]);
}

#[test]
fn leases_of_another_boot_and_those_long_over_are_removed() {
    let files = Files::new();
    let state = state(&files);
    for node in [1, 2, 3, 4] {
        state.register_lease(&[node; 16], LONG, Revision(1)).unwrap();
    }
    let raw = raw(&files);
    let hours = |n: i64| n * 3_600_000_000;
    let told: Option<String> =
        raw.query_row("select boot from leases limit 1", [], |row| row.get(0)).unwrap();
    if cfg!(target_os = "linux") {
        assert!(told.is_some());
    }
    let change = "update leases set boot = ?2, ends_at = ends_at + ?3 where node = ?1";
    for (node, boot, later) in
        [(1_u8, Some("other"), 0), (2, told.as_deref(), hours(-3)), (3, None, hours(9))]
    {
        assert_eq!(raw.execute(change, ([node; 16], boot, later)).unwrap(), 1);
    }
    assert_eq!(nodes(state.as_ref()), [4]);
    // What ran out a moment ago stays for somebody who looks.
    state.register_lease(&[5; 16], Duration::ZERO, Revision(1)).unwrap();
    state.register_lease(&[6; 16], LONG, Revision(1)).unwrap();
    let mut select = raw.prepare("select node from leases order by node").unwrap();
    let left = select.query_map([], |row| row.get::<_, [u8; 16]>(0)).unwrap();
    assert_eq!(left.map(|node| node.unwrap()[0]).collect::<Vec<_>>(), [4, 5, 6]);
}

#[test]
fn a_copy_of_a_ledger_has_no_tokens() {
    let files = Files::new();
    let store = files.store();
    store.append(&every_event(), now(), false).unwrap();
    let state = state(&files);
    state.add_token(&token("desk")).unwrap();
    state.register_lease(&NODE, LONG, Revision(22)).unwrap();
    let copy = files.place("copy").file().unwrap().to_owned();
    store.backup(&copy).unwrap();
    store.backup_keys(&PathBuf::from(format!("{}.keys", copy.display()))).unwrap();
    assert!(!PathBuf::from(format!("{}.state", copy.display())).exists());
    let copied = files.open("copy", OpenMode::Existing, 2).unwrap();
    assert_eq!(copied.verify().unwrap(), store.stats().unwrap());
    // It is the same ledger, so its state can be made anew, and may not be that of another.
    let anew = files.place("copy").open_state(copied.ledger_id().unwrap(), Settings::default()).unwrap();
    assert_eq!(anew.tokens().unwrap(), []);
    assert_eq!(state.tokens().unwrap(), [token("desk")]);
}

fn ask(world: &Databases<'_>, server: &Server, sql: &str) -> String {
    server.0.ask(&world.database("ledger"), sql)
}

#[test]
fn a_schema_of_somebody_else_is_left_untouched() {
    let Some(server) = Server::start() else { return };
    let world = server.world("foreign");
    let ledger = world.store().ledger_id().unwrap();
    let open = || world.place("ledger").open_state(ledger, Settings::default());
    ask(&world, &server, "create schema nattoku_state; create table nattoku_state.mine (x int)");
    let refused = open().unwrap_err();
    assert!(matches!(refused, StoreError::NotAStore { .. }), "{refused:?}");
    assert!(refused.to_string().contains("nattoku_state"), "{refused}");
    let tables = "select string_agg(tablename, ',') from pg_tables where schemaname = 'nattoku_state'";
    assert_eq!(ask(&world, &server, tables), "mine\n");
    ask(&world, &server, "drop schema nattoku_state cascade");
    drop(open().unwrap());
    ask(&world, &server, "insert into nattoku_state.formats (format) values (2)");
    let refused = open().unwrap_err();
    assert!(matches!(refused, StoreError::NewerFormat { format: 2, supported: 1, .. }), "{refused:?}");
}

#[test]
fn a_clock_that_was_set_back_has_no_lease_go_on_for_ever() {
    let Some(server) = Server::start() else { return };
    let world = server.world("back");
    let state = state(&world);
    state.register_lease(&NODE, LONG, Revision(1)).unwrap();
    // As the rows are after the server's clock went back by a thousand hours.
    let go_back = "update nattoku_state.leases set ends_at = ends_at + 3600000000000";
    let is_cut = "select bool_and(ends_at <= extract(epoch from clock_timestamp()) * 1000000 + length)
                  from nattoku_state.leases";
    ask(&world, &server, go_back);
    assert_eq!(ask(&world, &server, is_cut), "f\n");
    let remaining = state.leases().unwrap()[0].remaining;
    assert_eq!(remaining, LONG, "too long is safe, too short is not");
    assert_eq!(ask(&world, &server, is_cut), "t\n", "from now on it runs out");
    assert!(state.leases().unwrap()[0].remaining < LONG);
    ask(&world, &server, go_back);
    state.register_lease(&NODE, LONG, Revision(1)).unwrap();
    assert_eq!(ask(&world, &server, is_cut), "t\n");
}

#[test]
fn rows_of_leases_long_over_are_removed_from_a_schema() {
    let Some(server) = Server::start() else { return };
    let world = server.world("over");
    let state = state(&world);
    for node in [1, 2, 3] {
        state.register_lease(&[node; 16], LONG, Revision(1)).unwrap();
    }
    let earlier = "update nattoku_state.leases set ends_at = ends_at - 10800000000 where node <> '\\x03030303030303030303030303030303'";
    ask(&world, &server, earlier);
    assert_eq!(nodes(state.as_ref()), [3]);
    state.register_lease(&[4; 16], Duration::ZERO, Revision(1)).unwrap();
    state.register_lease(&[2; 16], LONG, Revision(1)).unwrap();
    let left = "select string_agg(get_byte(node, 0)::text, ',' order by node) from nattoku_state.leases";
    assert_eq!(ask(&world, &server, left), "2,3,4\n");
    assert_eq!(nodes(state.as_ref()), [2, 3]);
}

#[test]
fn a_restart_of_the_server_loses_no_lease() {
    let Some(server) = Server::start() else { return };
    let world = server.world("restart");
    let state = state(&world);
    state.register_lease(&NODE, LONG, Revision(1)).unwrap();
    state.add_token(&token("desk")).unwrap();
    let calls = |state: &dyn State| {
        state.register_lease(&[8; 16], LONG, Revision(1))?;
        state.revoke_token("desk", now()).map(drop)
    };
    server.0.stop();
    let told = calls(state.as_ref());
    assert!(matches!(told, Err(StoreError::Unreachable { .. })), "{told:?}");
    assert!(matches!(state.leases(), Err(StoreError::Unreachable { .. })));
    server.0.start_again();
    assert_eq!(nodes(state.as_ref()), [7]);
    calls(state.as_ref()).unwrap();
    assert_eq!(nodes(state.as_ref()), [7, 8]);
    state.add_token(&token("shop")).unwrap();
    assert_eq!(state.tokens().unwrap().len(), 2);
}

/// Somebody keeps every token's row, and as many calls wait for it as may be.
#[test]
fn leases_do_not_wait_for_tokens() {
    let Some(server) = Server::start() else { return };
    let world = server.world("waits");
    let state = state(&world);
    state.add_token(&token("desk")).unwrap();
    let mut held = server.0.program("psql");
    held.args(["-X", "-q", "-d", &world.database("ledger"), "-c"]);
    held.arg("begin; select from nattoku_state.tokens for update; select pg_sleep(600)");
    let mut held = held.stdout(std::process::Stdio::null()).spawn().unwrap();
    let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    std::thread::scope(|scope| {
        let state = state.as_ref();
        let is_held = "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep'";
        while ask(&world, &server, is_held) != "t\n" {
            std::thread::sleep(Duration::from_millis(20));
        }
        let revoking: Vec<_> =
            (0..4).map(|_| scope.spawn(move || state.revoke_token("desk", now()).unwrap())).collect();
        while ask(&world, &server, waiting) != "4\n" {
            std::thread::sleep(Duration::from_millis(20));
        }
        state.register_lease(&NODE, LONG, Revision(1)).unwrap();
        assert_eq!(nodes(state), [7]);
        assert_eq!(ask(&world, &server, waiting), "4\n", "they wait still");
        held.kill().unwrap();
        held.wait().unwrap();
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'";
        ask(&world, &server, end);
        for revoking in revoking {
            assert!(revoking.join().unwrap());
        }
    });
}

#[test]
fn a_role_that_serves_needs_no_more_than_the_rights_on_the_tables() {
    let Some(server) = Server::start() else { return };
    let world = server.world("rights");
    let ledger = world.store().ledger_id().unwrap();
    let address = world.address("ledger");
    server.0.ask("postgres", "create role node login; create role nobody login");
    let open = |role: &str| {
        let place = Place::read(&address.replace("postgres@", &format!("{role}@"))).unwrap();
        place.open_state(ledger, Settings::default())
    };
    let refused = open("node").unwrap_err();
    assert!(matches!(refused, StoreError::NotAllowed { .. }), "{refused:?}");
    drop(state(&world));
    ask(
        &world,
        &server,
        "grant usage on schema nattoku_state to node;
         grant select, insert, update, delete on all tables in schema nattoku_state to node",
    );
    let state = open("node").unwrap();
    state.register_lease(&NODE, LONG, Revision(1)).unwrap();
    state.applied(&NODE, Revision(2)).unwrap();
    state.add_token(&token("desk")).unwrap();
    state.tokens_used(&[("desk".to_owned(), now())]).unwrap();
    assert!(state.revoke_token("desk", now()).unwrap());
    assert_eq!(nodes(state.as_ref()), [7]);
    state.end_lease(&NODE).unwrap();
    let refused = open("nobody").unwrap_err();
    assert!(refused.to_string().contains("nattoku_state"), "{refused}");
}
