//! When the disk of the server is full.

use nattoku_model::Language;
use nattoku_store::{NewEvent, OpenMode, Settings, StoreError};
use nattoku_testkit::postgresql::Postgresql;

use crate::postgresql::{erased, open_with, store};
use crate::support::now;

fn many(n: usize) -> Vec<NewEvent> {
    (0..500).map(|i| erased(&format!("p{n}-{i}"))).collect()
}

#[test]
fn a_full_disk_of_a_server_stores_nothing_and_loses_nothing() {
    let Some(mut server) = Postgresql::start_without_room("room") else { return };
    let store = store(&server);
    let mut n_batches = 0;
    let refused = loop {
        match store.append(&many(n_batches), now(), false) {
            Ok(_) => n_batches += 1,
            Err(refused) => break refused,
        }
    };
    assert!(n_batches > 1 && matches!(refused, StoreError::Full), "after {n_batches}: {refused:?}");
    assert!(refused.message(Language::En).contains("free disk space and send the batch again"));
    let answered = u64::try_from(n_batches).unwrap() * 500;
    assert_eq!(store.verify().unwrap().events, answered);
    let again = store.append(&many(n_batches), now(), false);
    assert!(matches!(again, Err(StoreError::Full)), "{again:?}");
    assert_eq!(store.verify().unwrap().events, answered);
    // Room again: the same handle goes on, and of what was refused nothing is there.
    server.stop();
    server.give_room();
    server.start_again();
    let sent = store.append(&many(n_batches), now(), false).unwrap();
    assert!(sent.iter().all(|appended| !appended.already_there));
    drop(store);
    let store = open_with(&server, OpenMode::Existing, Settings::default()).unwrap();
    assert_eq!(store.verify().unwrap().events, answered + 500);
}
