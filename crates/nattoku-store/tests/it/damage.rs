//! Whatever is changed behind the store's back is found, by its revision.

use nattoku_store::{Store, StoreError};
use rusqlite::Connection;

use crate::support::{Folder, every_event, now};

#[test]
fn every_change_is_found() {
    let cases = [
        (
            "update events set leaf = cast(replace(leaf, 'contract', 'kontract') as blob) where revision = 3",
            "revision 3",
        ),
        ("update events set leaf_hash = zeroblob(32) where revision = 4", "revision 4"),
        ("update events set at = at - 1 where revision = 5", "revision 5"),
        ("update events set at = recorded_at + 1 where revision = 5", "revision 5"),
        ("update events set recorded_at = recorded_at - 1 where revision = 6", "revision 6"),
        ("update events set leaf = cast(x'02' || substr(leaf, 2) as blob) where revision = 6", "revision 6"),
        (
            "update payloads set payload = (select payload from payloads where revision = 2) where revision = 1",
            "revision 1",
        ),
        ("delete from payloads where revision = 2", "revision 2"),
        ("insert into payloads values (3, cast('{}' as blob))", "revision 3"),
        (
            "update payloads set payload = cast(substr(payload, 1, length(payload) - 1) || x'00' as blob) where revision = 1",
            "revision 1",
        ),
        ("update principals set id = zeroblob(16)", "lacks the keys"),
        ("update principals set lookup = null, identifier = null", "revision 1"),
        ("delete from payloads; update principals set lookup = null, identifier = null", "no event says"),
        (
            "delete from payloads where revision = 8; delete from events where revision = 8",
            "revision 8 is missing",
        ),
        ("delete from events where revision = 22", "the head tells 22 events"),
        ("update head set size = 20", "the head"),
        ("update head set size = 21", "the head"),
        ("update head set frontier = zeroblob(96)", "the head"),
        ("update nodes set hash = zeroblob(32)", "revision 16"),
        ("delete from nodes", "revision 16"),
        ("insert into nodes values (5, zeroblob(32))", "2 nodes are kept"),
        ("update counts set events = 2 where event = 'data_used'", "counted by name"),
    ];
    for (change, wanted) in cases {
        let folder = Folder::new();
        let store = folder.store();
        store.append(&every_event(), now(), false).unwrap();
        store.verify().unwrap();
        let raw = Connection::open(store.path()).unwrap();
        raw.execute_batch(&format!("pragma foreign_keys = off; {change}")).unwrap();
        match store.verify() {
            Err(error @ (StoreError::Corrupt { .. } | StoreError::Keys(_))) => {
                let what = error.to_string();
                assert!(what.contains(wanted), "{change}: {what}");
            }
            other => panic!("{change}: {other:?}"),
        }
    }
}
