//! Rotation: new keys, and not a payload sealed anew.

use nattoku_store::{OpenMode, Store, StoreError};
use rusqlite::Connection;

use crate::support::{EVERY_EVENT, Folder, event, every_event, now, open};

fn payloads(store: &nattoku_store::SqliteStore) -> Vec<Vec<u8>> {
    let raw = Connection::open(store.path()).unwrap();
    let mut select = raw.prepare("select payload from payloads order by revision").unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_rotation_changes_keys_and_no_payload() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let (before, root, events) =
        (payloads(&store), store.stats().unwrap().root, store.events_of("p1").unwrap());
    let copy = std::fs::read(folder.path("ledger.sqlite.kek")).unwrap();
    let rotated = store.rotate_keys(true).unwrap();
    assert_eq!((rotated.kek_version, rotated.groups, rotated.new_groups, rotated.principals), (2, 1, 1, 1));
    assert_eq!(store.rotate_keys(false).unwrap().new_groups, 0);
    assert_eq!(store.keys().unwrap().kek_version, 3);
    assert_eq!((payloads(&store), store.stats().unwrap().root), (before, root));
    // Whoever has it open, and whoever opens it, reads and writes on.
    store.append(&[event(&EVERY_EVENT[0].replace("\"p1\"", "\"p2\""))], now(), false).unwrap();
    assert_eq!(store.events_of("p1").unwrap().unwrap()[..22], events.unwrap()[..]);
    let again = open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly).unwrap();
    again.verify().unwrap();
    assert!(matches!(again.rotate_keys(false), Err(StoreError::ReadOnly)));
    drop((store, again));
    // A copy of the key-encryption key from before opens nothing any more.
    let kek = folder.path("ledger.sqlite.kek");
    std::fs::write(&kek, copy).unwrap();
    let error = open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly).unwrap_err();
    assert!(error.to_string().contains("has no version 3"), "{error}");
}

#[test]
fn another_program_may_rotate() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let other = open(&folder.path("ledger.sqlite"), OpenMode::Existing).unwrap();
    other.rotate_keys(true).unwrap();
    let lines: Vec<_> =
        (0..40).map(|n| event(&EVERY_EVENT[0].replace("\"p1\"", &format!("\"n{n}\"")))).collect();
    store.append(&lines, now(), false).unwrap();
    other.rotate_keys(false).unwrap();
    store.verify().unwrap();
    other.verify().unwrap();
    drop((store, other));
    open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly).unwrap().verify().unwrap();
}

#[test]
fn what_keys_there_are_is_told() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let keys = store.keys().unwrap();
    assert!(keys.kek.starts_with("file:") && keys.kek.ends_with("ledger.sqlite.kek"), "{keys:?}");
    assert_eq!((keys.kek_version, keys.groups, keys.principals), (1, 1, 1));
    assert_eq!((keys.erased_live, keys.erased_everywhere), (0, 0));
}
