//! Whoever listens hears of what is appended, by whichever program.

use std::time::Duration;

use nattoku_model::Revision;
use nattoku_store::{Listening, Store};
use nattoku_testkit::postgresql::Postgresql;
use postgres::fallible_iterator::FallibleIterator as _;

use crate::contract::World as _;
use crate::contract::worlds::Files;
use crate::postgresql::{erased, store};
use crate::support::{event, now};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it is waited for what is not to come.
const MOMENT: Duration = Duration::from_millis(100);

fn listen(store: &dyn Store) -> Box<dyn Listening> {
    store.listen().unwrap().unwrap()
}

#[test]
fn what_is_appended_is_heard_by_all_who_listen_and_once() {
    let Some(server) = Postgresql::start("hearing") else { return };
    let (store, other) = (store(&server), store(&server));
    let mut each = [listen(&*store), listen(&*other)];
    store.append(&[erased("p1"), erased("p2")], now(), false).unwrap();
    for listening in &mut each {
        assert_eq!(listening.hear(PATIENCE).unwrap(), Some(Revision(2)));
        assert_eq!(listening.hear(MOMENT).unwrap(), None);
    }
    // What is there already is not stored again.
    store.append(&[erased("p1")], now(), false).unwrap();
    assert_eq!(each[0].hear(MOMENT).unwrap(), None);
    for category in ["b", "c"] {
        let line = format!(
            r#"{{"event":"data_erased","principal":"p1","at":"2020-01-01T00:00:00Z","category":"{category}"}}"#
        );
        other.append(&[event(&line)], now(), false).unwrap();
    }
    assert!(each[0].hear(PATIENCE).unwrap() > Some(Revision(2)));
    assert_eq!(store.revision().unwrap().0, 4);
}

#[test]
fn what_is_heard_is_the_size_and_nothing_of_whom_it_is_about() {
    let Some(server) = Postgresql::start("overhearing") else { return };
    let store = store(&server);
    let mut client = postgres::Client::connect(&server.address("ledger"), postgres::NoTls).unwrap();
    client.batch_execute("listen nattoku_appended").unwrap();
    store.append(&[erased("somebody"), erased("else")], now(), false).unwrap();
    let heard = client.notifications().timeout_iter(PATIENCE).next().unwrap().unwrap();
    assert_eq!(heard.payload(), "2");
}

#[test]
fn a_connection_that_is_gone_says_so_and_another_hears() {
    let Some(server) = Postgresql::start("deaf") else { return };
    let store = store(&server);
    let mut listening = listen(&*store);
    let ended = "select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity
        where application_name = 'nattoku listening'";
    assert_eq!(server.ask("ledger", ended), "1\n");
    assert!(listening.hear(MOMENT).is_err());
    let mut again = listen(&*store);
    store.append(&[erased("p1")], now(), false).unwrap();
    assert!(again.hear(PATIENCE).unwrap().is_some());
}

#[test]
fn a_file_tells_nobody() {
    assert!(Files::new().store().listen().unwrap().is_none());
}
