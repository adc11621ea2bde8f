//! What is opened, what is made, and what is left alone.

use std::path::Path;

use nattoku_model::Language;
use nattoku_store::{OpenMode, Store, StoreError};
use rusqlite::Connection;

use crate::support::{Folder, every_event, now, open};

const MODES: [OpenMode; 3] = [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly];

/// The names and bytes of all that is in a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut contents: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap()))
        .collect();
    contents.sort();
    contents
}

/// Opens the file in every mode, and checks that nothing in its folder changed.
fn refused(path: &Path, is_right: impl Fn(&StoreError) -> bool) {
    let before = contents(path.parent().unwrap());
    for mode in MODES {
        let error = open(path, mode).unwrap_err();
        assert!(is_right(&error), "{mode:?}: {error:?}");
        assert!(error.message(Language::Ja).contains("変更していません"), "{error}");
    }
    assert_eq!(contents(path.parent().unwrap()), before);
}

#[test]
fn a_newer_format_is_left_untouched() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let path = store.path().to_owned();
    drop(store);
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 3).unwrap();
    drop(raw);
    refused(&path, |e| matches!(e, StoreError::NewerFormat { format: 3, supported: 2, .. }));
}

#[test]
fn what_is_not_a_store_is_left_untouched() {
    let folder = Folder::new();
    let text = folder.path("notes.txt");
    std::fs::write(&text, "not a database").unwrap();
    refused(&text, |e| matches!(e, StoreError::NotAStore { .. }));
    let database = folder.path("other.sqlite");
    Connection::open(&database)
        .unwrap()
        .execute_batch("create table t (x); insert into t values (1)")
        .unwrap();
    refused(&database, |e| matches!(e, StoreError::NotAStore { .. }));
    let inner = folder.path("folder");
    std::fs::create_dir(&inner).unwrap();
    for mode in MODES {
        assert!(matches!(open(&inner, mode), Err(StoreError::NotAStore { .. })));
    }
}

#[test]
fn nothing_is_made_unasked() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    for mode in [OpenMode::Existing, OpenMode::ReadOnly] {
        assert!(matches!(open(&path, mode), Err(StoreError::Missing { .. })));
    }
    let deeper = folder.path("no/such/ledger.sqlite");
    let error = open(&deeper, OpenMode::Create).unwrap_err();
    assert!(error.to_string().contains("mkdir -p"), "{error}");
    assert_eq!(contents(path.parent().unwrap()), []);
}

#[test]
fn an_empty_file_becomes_a_store_only_when_one_is_to_be_made() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(open(&path, OpenMode::Existing), Err(StoreError::NotAStore { .. })));
    open(&path, OpenMode::Create).unwrap().append(&every_event(), now(), false).unwrap();
    open(&path, OpenMode::ReadOnly).unwrap().verify().unwrap();
}

#[cfg(unix)]
#[test]
fn a_new_store_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    for file in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite.keys", "ledger.sqlite.kek"] {
        let mode = std::fs::metadata(folder.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_commit_waits_for_the_disk() {
    let folder = Folder::new();
    let store = folder.store();
    let raw = Connection::open(store.path()).unwrap();
    let journal: String = raw.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal");
    // What a connection that writes sets for itself is told by a test inside: `sqlite::open`.
    assert!(rusqlite::version_number() >= 3_051_003);
}
