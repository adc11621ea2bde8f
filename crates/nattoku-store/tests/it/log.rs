//! Files that had no kept nodes yet.

use nattoku_store::{OpenMode, Store};
use rusqlite::Connection;

use crate::contract::log::{fill, is_a_log};
use crate::support::{Folder, open};

#[test]
fn a_file_without_kept_nodes_answers_the_same_and_gets_them_when_it_is_written_to() {
    let folder = Folder::new();
    let store = folder.store();
    fill(&store, 700);
    let path = store.path().to_owned();
    let count = |path| -> i64 {
        Connection::open(path).unwrap().query_row("select count(*) from nodes", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&path), 700 / 16 + 700 / 256);
    drop(store);
    for older in ["drop table nodes", "delete from nodes where place % 256 > 30"] {
        Connection::open(&path).unwrap().execute_batch(older).unwrap();
        is_a_log(&open(&path, OpenMode::ReadOnly).unwrap());
        let writing = open(&path, OpenMode::Existing).unwrap();
        assert_eq!(count(&path), 700 / 16 + 700 / 256, "{older}");
        writing.verify().unwrap();
        is_a_log(&writing);
    }
}
