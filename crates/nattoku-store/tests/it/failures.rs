//! When the disk is full, when somebody else writes, when nobody may write.

use nattoku_model::Language;
use nattoku_store::{NewEvent, OpenMode, Store, StoreError};
use rusqlite::Connection;

use crate::support::{Folder, event, every_event, now, open, open_impatient};

fn many(n_events: usize) -> Vec<NewEvent> {
    (0..n_events)
        .map(|i| {
            event(&format!(
                r#"{{"event":"data_erased","principal":"p{i}","at":"2020-01-01T00:00:00Z","category":"a"}}"#
            ))
        })
        .collect()
}

#[test]
fn a_full_disk_stores_nothing_and_loses_nothing() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    let store = open_impatient(&path, Some(60)).unwrap();
    store.append(&every_event(), now(), false).unwrap();
    let before = store.stats().unwrap();
    let error = store.append(&many(1_000), now(), false).unwrap_err();
    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert_eq!(store.verify().unwrap(), before);
    // Room again: the same handle goes on.
    store.append(&many(3), now(), false).unwrap();
    drop(store);
    let roomy = open(&path, OpenMode::Existing).unwrap();
    roomy.append(&many(1_000), now(), false).unwrap();
    assert_eq!(roomy.verify().unwrap().events, 1_022);
}

#[test]
fn a_locked_store_says_so_and_can_still_be_read() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    let store = open_impatient(&path, None).unwrap();
    store.append(&every_event(), now(), false).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let error = store.append(&many(1), now(), false).unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error:?}");
    assert!(error.message(Language::En).contains("try again"));
    assert_eq!(store.events_of("p1").unwrap().unwrap().len(), 22);
    other.execute_batch("rollback").unwrap();
    assert_eq!(store.append(&many(1), now(), false).unwrap()[0].revision.0, 23);
}

#[test]
fn another_writer_that_took_over_is_not_overtaken() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    // A trigger moves the head between its reading and its writing, as no lock should ever let happen.
    Connection::open(store.path())
        .unwrap()
        .execute_batch("create trigger t after insert on events begin update head set epoch = 2; end")
        .unwrap();
    assert!(matches!(store.append(&many(1), now(), false), Err(StoreError::Superseded)));
    Connection::open(store.path()).unwrap().execute_batch("drop trigger t").unwrap();
    assert_eq!(store.verify().unwrap().events, 22);
}
