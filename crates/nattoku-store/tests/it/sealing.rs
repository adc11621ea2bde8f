//! What could be personal lies sealed, and opens with the keys alone.

use nattoku_store::{OpenMode, SeededRandomness, Settings, SqliteStore, Store, StoreError};
use rusqlite::Connection;

use crate::support::{EVERY_EVENT, Folder, event, every_event, now, open};

/// What a ledger of every event must not have in the clear in any of its files.
const PERSONAL: [&str; 8] =
    ["p1", "1985-04-01", "東京都", "g 1", "a-7", "attorney", "090-0000", "contract of 2019"];

/// Whether some bytes are in a file of the folder, and in which.
pub(crate) fn files_with(folder: &Folder, wanted: &[u8]) -> Vec<String> {
    let files = std::fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| std::fs::read(path).unwrap().windows(wanted.len()).any(|bytes| bytes == wanted))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn nothing_personal_lies_in_a_file() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    for closed in [false, true] {
        for personal in PERSONAL.iter().skip(1) {
            assert_eq!(
                files_with(&folder, personal.as_bytes()),
                Vec::<String>::new(),
                "{personal}, {closed}"
            );
        }
        if !closed {
            open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly).unwrap().verify().unwrap();
        }
    }
}

#[test]
fn what_was_sealed_is_read_back() {
    let folder = Folder::new();
    folder.store().append(&every_event(), now(), false).unwrap();
    let store = open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly).unwrap();
    let read = store.events_of("p1").unwrap().unwrap();
    let sent: Vec<_> = EVERY_EVENT.iter().map(|line| event(line).event).collect();
    assert_eq!(read.into_iter().map(|recorded| recorded.event).collect::<Vec<_>>(), sent);
    assert_eq!(store.events_of("p2").unwrap(), None);
    store.verify().unwrap();
}

#[test]
fn sealed_bytes_moved_to_another_event_or_principal_are_found() {
    let of_p2 = EVERY_EVENT[0].replace("\"p1\"", "\"p2\"");
    let swaps = [
        (
            "update payloads set payload = (select payload from payloads where revision = 23) where revision = 1",
            "revision 1",
        ),
        (
            "update payloads set payload = (select payload from payloads where revision = 2) where revision = 1",
            "revision 1",
        ),
        (
            "update principals set identifier = (select identifier from principals where ordinal = 1) where ordinal = 2",
            "identifier",
        ),
    ];
    for (swap, wanted) in swaps {
        let folder = Folder::new();
        let store = folder.store();
        store.append(&every_event(), now(), false).unwrap();
        store.append(&[event(&of_p2)], now(), false).unwrap();
        Connection::open(store.path()).unwrap().execute_batch(swap).unwrap();
        let read_all = store
            .verify()
            .map(|_| ())
            .and_then(|()| store.each_event(&mut |_| std::ops::ControlFlow::Continue(())));
        match read_all {
            Err(StoreError::Corrupt { what }) => assert!(what.contains(wanted), "{swap}: {what}"),
            other => panic!("{swap}: {other:?}"),
        }
    }
}

#[test]
fn without_the_keys_nothing_opens() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    folder.store().append(&every_event(), now(), false).unwrap();
    let refused = |mode, wanted: &str| {
        let error = open(&path, mode).unwrap_err();
        assert!(matches!(error, StoreError::Keys(_)) && error.to_string().contains(wanted), "{error}");
    };
    // Without the key file: it is never made anew for a ledger that has principals.
    let keys = folder.path("ledger.sqlite.keys");
    std::fs::rename(&keys, folder.path("aside")).unwrap();
    for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
        refused(mode, "is missing; put its copy back");
        assert!(!keys.exists());
    }
    std::fs::rename(folder.path("aside"), &keys).unwrap();
    // Without the key-encryption key, or with another.
    let kek = folder.path("ledger.sqlite.kek");
    std::fs::rename(&kek, folder.path("kek")).unwrap();
    refused(OpenMode::Existing, "cannot be read");
    let other = Folder::new();
    SqliteStore::open(other.path("ledger.sqlite"), OpenMode::Create, SeededRandomness::new(9)).unwrap();
    std::fs::copy(other.path("ledger.sqlite.kek"), &kek).unwrap();
    refused(OpenMode::Existing, "does not rest on the key-encryption key");
    std::fs::rename(folder.path("kek"), &kek).unwrap();
    // With the keys of another ledger.
    std::fs::rename(&keys, folder.path("aside")).unwrap();
    std::fs::copy(other.path("ledger.sqlite.keys"), &keys).unwrap();
    refused(OpenMode::Existing, "is of another ledger");
    std::fs::rename(folder.path("aside"), &keys).unwrap();
    open(&path, OpenMode::Existing).unwrap().verify().unwrap();
}

#[test]
fn keys_may_rest_on_a_key_that_is_kept_elsewhere() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let made = nattoku_kek::FileKek::create(elsewhere.path("kek"), [3; 16], nattoku_seal::Key::new([4; 32]))
        .unwrap();
    let kek = nattoku_store::Kek::Given(std::sync::Arc::new(made));
    let path = folder.path("ledger.sqlite");
    let sealed =
        |mode| SqliteStore::open_sealed(&path, mode, SeededRandomness::new(1), Settings::default(), &kek);
    sealed(OpenMode::Create).unwrap().append(&every_event(), now(), false).unwrap();
    assert!(!folder.path("ledger.sqlite.kek").exists());
    sealed(OpenMode::ReadOnly).unwrap().verify().unwrap();
    open(&path, OpenMode::ReadOnly).unwrap_err();
}

#[test]
fn a_key_file_that_was_only_begun_is_made_while_nobody_needs_it() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    drop(folder.store());
    // As a crash leaves it, with and without the key-encryption key.
    for gone in ["ledger.sqlite.keys", "ledger.sqlite.kek"] {
        std::fs::write(folder.path("ledger.sqlite.keys"), "").unwrap();
        std::fs::remove_file(folder.path(gone)).unwrap();
        drop(open(&path, OpenMode::Existing).unwrap());
    }
    let store = open(&path, OpenMode::Existing).unwrap();
    store.append(&every_event(), now(), false).unwrap();
    drop(store);
    std::fs::write(folder.path("ledger.sqlite.keys"), "").unwrap();
    let error = open(&path, OpenMode::Existing).unwrap_err();
    assert!(error.to_string().contains("is missing"), "{error}");
}
