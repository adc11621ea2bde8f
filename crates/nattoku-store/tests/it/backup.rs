//! A file is copied while it is in use, and damaged files are told from whole ones.

use nattoku_store::{OpenMode, Store, StoreError};

use crate::contract::World as _;
use crate::contract::transfer::{erased, import, lines};
use crate::contract::worlds::{Files, Server};
use crate::support::{Folder, every_event, now, open};

#[test]
fn a_copy_taken_while_events_come_in_is_a_ledger() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let copy = folder.path("copy.sqlite");
    std::thread::scope(|scope| {
        let store = &store;
        let writer = scope.spawn(move || {
            for n in 0..200 {
                store.append(&[erased(&format!("q{n}"))], now(), false).unwrap();
            }
        });
        store.backup(&copy).unwrap();
        writer.join().unwrap();
    });
    let refused = store.backup(&copy);
    assert!(matches!(refused, Err(StoreError::NotEmpty { .. })), "{refused:?}");
    store.backup_keys(&folder.path("copy.sqlite.keys")).unwrap();
    std::fs::copy(folder.path("ledger.sqlite.kek"), folder.path("copy.sqlite.kek")).unwrap();
    let copied = open(&copy, OpenMode::Existing).unwrap();
    let stats = copied.verify().unwrap();
    assert!((22..=222).contains(&stats.events), "{}", stats.events);
    let leaf = copied.leaf_hash(stats.revision).unwrap();
    assert_eq!(store.leaf_hash(stats.revision).unwrap(), leaf, "what it has is what the ledger has");
    copied.append(&[erased("later")], now(), false).unwrap();
    copied.verify().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for copy in [&copy, &folder.path("copy.sqlite.keys")] {
            assert_eq!(std::fs::metadata(copy).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

/// A copy that is not whole is of people all the same.
#[test]
fn a_copy_that_fails_leaves_nothing_and_overwrites_nothing() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let copy = folder.path("copy.sqlite");
    let names = || {
        let entries = std::fs::read_dir(copy.parent().unwrap()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("copy")).collect::<Vec<_>>()
    };
    // Another copy is under way: it is left alone.
    std::fs::write(folder.path("copy.sqlite.partial"), "half").unwrap();
    let refused = store.backup(&copy).unwrap_err();
    assert!(refused.to_string().contains("copy.sqlite.partial"), "{refused}");
    assert_eq!(names(), ["copy.sqlite.partial"]);
    std::fs::remove_file(folder.path("copy.sqlite.partial")).unwrap();
    // A ledger that cannot be read to its end.
    let pages = std::fs::metadata(store.path()).unwrap().len();
    drop(store);
    let file = std::fs::OpenOptions::new().write(true).open(folder.path("ledger.sqlite")).unwrap();
    file.set_len(pages.max(3 * 4_096) - 4_096).unwrap();
    let damaged = open(&folder.path("ledger.sqlite"), OpenMode::ReadOnly);
    if let Ok(damaged) = damaged {
        let _ = damaged.backup(&folder.path("no/copy.sqlite")).unwrap_err();
        let _ = damaged.backup(&copy);
    }
    assert!(names().iter().all(|name| name == "copy.sqlite"), "{:?}", names());
}

#[test]
fn a_ledger_goes_from_a_file_to_a_server_and_back() {
    let Some(server) = Server::start() else { return };
    let (files, databases) = (Files::new(), server.world("moves"));
    let store = files.store();
    store.append(&every_event(), now(), false).unwrap();
    let whole = lines(store.as_ref());
    import(&databases.place("there"), &databases.kek(), &whole).unwrap();
    let there = databases.open("there", OpenMode::Existing, 3).unwrap();
    assert_eq!(there.verify().unwrap(), store.stats().unwrap());
    assert_eq!(lines(there.as_ref()), whole);
    there.append(&[erased("p1"), erased("p2")], now(), false).unwrap();
    import(&files.place("back"), &files.kek(), &lines(there.as_ref())).unwrap();
    let back = files.open("back", OpenMode::Existing, 4).unwrap();
    assert_eq!(back.verify().unwrap(), there.stats().unwrap());
    let unsaved = there.backup(std::path::Path::new("/nowhere"));
    assert!(matches!(unsaved, Err(StoreError::NotAFile)), "{unsaved:?}");
}

/// Wherever a page is overwritten or the file ends early, the ledger is not taken for whole; nothing panics.
#[test]
fn a_file_that_was_cut_or_overwritten_is_told() {
    let folder = Folder::new();
    let store = folder.store();
    let events: Vec<_> = (0..300).map(|n| erased(&format!("p{n}"))).collect();
    store.append(&events, now(), false).unwrap();
    drop(store);
    let path = folder.path("ledger.sqlite");
    let whole = std::fs::read(&path).unwrap();
    assert!(whole.len() > 20 * 4_096, "{}", whole.len());
    let told = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        open(&path, OpenMode::ReadOnly).and_then(|store| store.verify()).err()
    };
    let n_pages = whole.len() / 4_096;
    let mut n_noticed = 0;
    for page in 1..n_pages {
        let mut damaged = whole.clone();
        damaged[page * 4_096..(page + 1) * 4_096].fill(0xa5);
        // A page of an index is no part of what the events say; all others are.
        if let Some(error) = told(&damaged) {
            assert!(matches!(error, StoreError::Corrupt { .. }), "page {page}: {error:?}");
            n_noticed += 1;
        }
    }
    assert!(n_noticed * 2 > n_pages, "{n_noticed} of {n_pages} pages");
    for pages in [1, 2, 5, 10] {
        let error = told(&whole[..pages * 4_096]);
        assert!(matches!(error, Some(StoreError::Corrupt { .. })), "{pages} pages: {error:?}");
    }
    assert!(told(&whole).is_none());
}
