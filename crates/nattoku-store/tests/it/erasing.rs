//! Erasure in files: what is in none of them any more, and that nobody comes back.

use std::path::Path;

use nattoku_store::{OpenMode, SqliteStore, Store};
use rusqlite::Connection;

use crate::sealing::files_with;
use crate::support::{EVERY_EVENT, Folder, event, every_event, instant, now, open};

const LEDGER: &str = "ledger.sqlite";

/// A ledger in which `p1` and `p2` have the same history.
fn two(folder: &Folder) -> SqliteStore {
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let of_p2: Vec<_> =
        EVERY_EVENT[..16].iter().map(|line| event(&line.replace("\"p1\"", "\"p2\""))).collect();
    store.append(&of_p2, now(), false).unwrap();
    store
}

fn later() -> jiff::Timestamp {
    instant("2026-05-01T00:00:00Z")
}

/// What lies in the files about a principal: sealed payloads, sealed identifier, lookup, sealed keys, derived ids.
fn traces(store: &SqliteStore, ordinal: i64) -> Vec<Vec<u8>> {
    let raw = Connection::open(store.path()).unwrap();
    let mut traces: Vec<Vec<u8>> = Vec::new();
    for select in [
        "select payload from payloads join events using (revision) where principal = ?1",
        "select identifier from principals where ordinal = ?1",
        "select lookup from principals where ordinal = ?1",
        "select event_id from events where principal = ?1",
    ] {
        let mut select = raw.prepare(select).unwrap();
        traces.extend(select.query_map([ordinal], |row| row.get(0)).unwrap().map(Result::unwrap));
    }
    let id: Vec<u8> =
        raw.query_row("select id from principals where ordinal = ?1", [ordinal], |row| row.get(0)).unwrap();
    let keys = Connection::open(format!("{}.keys", store.path().display())).unwrap();
    traces.push(
        keys.query_row("select wrapped from principals where id = ?1", [id], |row| row.get(0)).unwrap(),
    );
    traces
}

#[test]
fn what_was_of_the_erased_is_in_no_file() {
    let folder = Folder::new();
    let store = two(&folder);
    // So that the bytes are in the files and not in a log alone.
    drop(store);
    let store = open(&folder.path(LEDGER), OpenMode::Existing).unwrap();
    let (gone, kept) = (traces(&store, 1), traces(&store, 2));
    assert!(gone.len() > 20);
    for trace in gone.iter().chain(&kept) {
        assert_ne!(files_with(&folder, trace), Vec::<String>::new());
    }
    let erased = store.erase("p1", later()).unwrap().unwrap();
    assert!(erased.logs_are_empty);
    for trace in &gone {
        assert_eq!(files_with(&folder, trace), Vec::<String>::new(), "{trace:?}");
    }
    for trace in &kept {
        assert_ne!(files_with(&folder, trace), Vec::<String>::new());
    }
}

#[test]
fn the_second_step_leaves_no_copy_that_opens() {
    let folder = Folder::new();
    let store = two(&folder);
    let copies: Vec<_> = [".keys", ".kek"]
        .map(|suffix| (folder.path(&format!("{LEDGER}{suffix}")), folder.path(&format!("copy{suffix}"))))
        .into();
    drop(store);
    for (file, copy) in &copies {
        std::fs::copy(file, copy).unwrap();
    }
    let store = open(&folder.path(LEDGER), OpenMode::Existing).unwrap();
    let id = store.erase("p1", later()).unwrap().unwrap().id;
    assert_eq!((store.keys().unwrap().erased_live, store.keys().unwrap().kek_version), (1, 1));
    let everywhere = store.erase_everywhere(later()).unwrap();
    assert_eq!(everywhere.principals.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);
    let rotated = everywhere.rotated.unwrap();
    assert_eq!((rotated.kek_version, rotated.new_groups), (2, 1));
    let keys = store.keys().unwrap();
    assert_eq!((keys.erased_live, keys.erased_everywhere, keys.principals), (0, 1, 1));
    assert_eq!(store.verify().unwrap().events_by_name["erased_everywhere"], 1);
    assert_eq!(store.erase_everywhere(later()).unwrap().rotated, None);
    assert!(store.events_of("p2").unwrap().is_some());
    drop(store);
    // The key file as it was before, with the key-encryption key as it is now: it opens nothing.
    std::fs::copy(folder.path("copy.keys"), folder.path(&format!("{LEDGER}.keys"))).unwrap();
    let error = open(&folder.path(LEDGER), OpenMode::Existing).unwrap_err();
    assert!(error.to_string().contains("has no version 1"), "{error}");
}

#[test]
fn a_restore_of_either_file_undoes_no_erasure() {
    for restored in [LEDGER, "ledger.sqlite.keys"] {
        let folder = Folder::new();
        drop(two(&folder));
        std::fs::copy(folder.path(restored), folder.path("copy")).unwrap();
        let store = open(&folder.path(LEDGER), OpenMode::Existing).unwrap();
        let gone = traces(&store, 1);
        let id = store.erase("p1", later()).unwrap().unwrap().id;
        drop(store);
        std::fs::rename(folder.path("copy"), folder.path(restored)).unwrap();
        let store = open(&folder.path(LEDGER), OpenMode::Existing).unwrap();
        assert_eq!(store.principal_id("p1").unwrap(), None, "{restored}");
        let stats = store.verify().unwrap();
        assert_eq!((stats.events_by_name["erased_live"], stats.principals), (1, 1), "{restored}");
        assert_eq!(store.keys().unwrap().erased_live, 1, "{restored}");
        for trace in &gone {
            assert_eq!(files_with(&folder, trace), Vec::<String>::new(), "{restored}");
        }
        assert_eq!(store.erase_everywhere(later()).unwrap().principals[0].0, id);
        store.verify().unwrap();
    }
}

#[test]
fn an_erasure_that_broke_off_is_finished_at_the_next_opening() {
    let folder = Folder::new();
    let store = two(&folder);
    let keys = folder.path("ledger.sqlite.keys");
    drop(store);
    // As a crash between the ledger's transaction and that of the key file leaves it.
    let before = std::fs::read(&keys).unwrap();
    let store = open(&folder.path(LEDGER), OpenMode::Existing).unwrap();
    let id = store.erase("p1", later()).unwrap().unwrap().id;
    drop(store);
    std::fs::write(&keys, before).unwrap();
    drop(open(&folder.path(LEDGER), OpenMode::Existing).unwrap());
    let raw = Connection::open(&keys).unwrap();
    let n_keys: i64 =
        raw.query_row("select count(*) from principals where id = ?1", [id], |row| row.get(0)).unwrap();
    let n_tombstones: i64 =
        raw.query_row("select count(*) from tombstones where id = ?1", [id], |row| row.get(0)).unwrap();
    assert_eq!((n_keys, n_tombstones), (0, 1));
}

/// Copies as `ledger backup --keys` takes them, in a folder of their own.
fn restored(folder: &Folder, ledger: &Path, keys: &Path) -> (Folder, SqliteStore) {
    let restored = Folder::new();
    let kek = folder.path("ledger.sqlite.kek");
    for (from, to) in [(ledger, LEDGER), (keys, "ledger.sqlite.keys"), (&*kek, "ledger.sqlite.kek")] {
        std::fs::copy(from, restored.path(to)).unwrap();
    }
    let store = open(&restored.path(LEDGER), OpenMode::Existing).unwrap();
    (restored, store)
}

#[test]
fn a_backup_with_an_older_or_a_newer_copy_of_the_keys_brings_nobody_back() {
    let folder = Folder::new();
    let store = two(&folder);
    let copies = ["before", "after", "keys_before", "keys_after"].map(|name| folder.path(name));
    let [before, after, keys_before, keys_after] = &copies;
    store.backup(before).unwrap();
    store.backup_keys(keys_before).unwrap();
    let id = store.erase("p1", later()).unwrap().unwrap().id;
    let copied = store.backup(after).unwrap();
    store.backup_keys(keys_after).unwrap();
    assert_eq!((copied.revision.0, copied.root), (39, store.stats().unwrap().root));
    for (ledger, keys) in [(after, keys_before), (before, keys_after), (after, keys_after)] {
        let (_folder, store) = restored(&folder, ledger, keys);
        assert_eq!(store.principal_id("p1").unwrap(), None);
        let stats = store.verify().unwrap();
        assert_eq!((stats.events_by_name["erased_live"], stats.principals), (1, 1));
        assert_eq!(store.keys().unwrap().erased_live, 1);
        assert_eq!(store.events_of("p2").unwrap().unwrap().len(), 22);
        assert!(store.events_of_id(&id, stats.revision).unwrap().is_empty());
    }
    // A copy of the ledger opens nothing without the keys.
    let alone = Folder::new();
    std::fs::copy(before, alone.path(LEDGER)).unwrap();
    let error = open(&alone.path(LEDGER), OpenMode::ReadOnly).unwrap_err();
    assert!(error.to_string().contains("is missing; put its copy back"), "{error}");
}
