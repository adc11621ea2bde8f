//! A server that has synchronous standbys: what these may lack is not answered.

use std::process::Stdio;

use nattoku_store::StoreError;
use nattoku_testkit::postgresql::Postgresql;

use crate::postgresql::{erased, store_that_never_rests};
use crate::support::now;

/// The server waits for a standby that never comes, or for none.
fn wait_for(server: &Postgresql, standby: &str) {
    server.ask("postgres", &format!("alter system set synchronous_standby_names = '{standby}'"));
    server.ask("postgres", "select pg_reload_conf()");
    while has_to_wait(server) == standby.is_empty() {}
}

/// Those who wait for a standby are told not to; how many there were.
const CANCEL: &str =
    "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'";

/// Whether a commit has to wait by now. A server reads its settings anew when it comes to it.
fn has_to_wait(server: &Postgresql) -> bool {
    let commit = "select pg_logical_emit_message(true, 'a test', '')";
    let mut commits = server.program("psql");
    commits.args(["-X", "-d", "postgres", "-c", commit]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut commits = commits.spawn().unwrap();
    let mut has_waited = false;
    while commits.try_wait().unwrap().is_none() {
        has_waited |= server.ask("postgres", CANCEL) != "0\n";
    }
    has_waited
}

/// Whoever runs the server has no sessions wait for the standby, again and again until `wait` has ended.
fn told_not_to_wait<T: Send>(server: &Postgresql, wait: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let waits = scope.spawn(wait);
        while !waits.is_finished() {
            server.ask("postgres", CANCEL);
        }
        waits.join().unwrap()
    })
}

#[test]
fn what_a_standby_may_lack_is_not_answered_until_it_has_it() {
    let Some(server) = Postgresql::start("standbys") else { return };
    let store = store_that_never_rests(&server);
    store.append(&[erased("p1")], now(), false).unwrap();
    wait_for(&server, "nobody");
    let told = told_not_to_wait(&server, || store.append(&[erased("p2")], now(), false));
    assert!(matches!(told, Err(StoreError::Uncertain { .. })), "{told:?}");
    assert_eq!(store.revision().unwrap().0, 2, "the server shows it all the same");
    // Nor is it answered as one that has been there, or signed.
    let told = told_not_to_wait(&server, || store.append(&[erased("p2")], now(), false));
    assert!(matches!(told, Err(StoreError::Unreachable { .. })), "{told:?}");
    let told = told_not_to_wait(&server, || store.durable_tree());
    assert!(matches!(told, Err(StoreError::Unreachable { .. })), "{told:?}");
    wait_for(&server, "");
    let there = store.append(&[erased("p2")], now(), false).unwrap();
    assert!(there[0].already_there && there[0].revision.0 == 2, "{there:?}");
    assert_eq!(store.durable_tree().unwrap().size, 2);
    assert_eq!(store.verify().unwrap().events, 2);
}
