//! What the first release wrote opens for ever, and can be gone on with.

use nattoku_store::{OpenMode, Store};
use rusqlite::Connection;

use crate::contract::transfer::erased;
use crate::support::{Folder, now, open};

/// The root over the events of `tests/formats/sqlite-1.sql`.
const ROOT: &str = "2c4ae17e5d78b4daac2543920f18efb9d94f53711efc1844ffe370881d5e3af1";

#[test]
fn a_dump_of_the_first_format_opens() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    Connection::open(&path).unwrap().execute_batch(include_str!("../formats/sqlite-1.sql")).unwrap();
    for mode in [OpenMode::ReadOnly, OpenMode::Existing] {
        let stats = open(&path, mode).unwrap().verify().unwrap();
        assert_eq!((stats.events, stats.root.to_string()), (13, ROOT.to_owned()));
    }
    let store = open(&path, OpenMode::Create).unwrap();
    store.append(&[erased("p1"), erased("somebody new")], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 13 + 2);
}
