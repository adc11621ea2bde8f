//! Whatever is changed behind the store's back is found, by its revision or its table.

use nattoku_store::{OpenMode, Store, StoreError};
use rusqlite::Connection;

use crate::contract::log::fill;
use crate::support::{Folder, event, every_event, now, open};

/// Does something to the rows of a ledger of every event, and holds what is said of it against what must be.
fn is_found(change: &str, wanted: &str) {
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

#[test]
fn every_change_of_an_event_is_found() {
    for (change, wanted) in [
        (
            "update events set leaf = cast(replace(leaf, 'contract', 'kontract') as blob) where revision = 3",
            "revision 3",
        ),
        ("update events set leaf_hash = zeroblob(32) where revision = 4", "revision 4"),
        ("update events set at = at - 1 where revision = 5", "revision 5"),
        ("update events set at = recorded_at + 1 where revision = 5", "revision 5"),
        ("update events set recorded_at = recorded_at - 1 where revision = 6", "revision 6"),
        ("update events set leaf = cast(x'02' || substr(leaf, 2) as blob) where revision = 6", "revision 6"),
        ("update events set event_id = zeroblob(16) where revision = 3", "revision 3: its id"),
        ("update events set event_id = x'0000000000000003' where revision = 3", "revision 3: its id"),
        ("update events set event_id = '' where revision = 3", "revision 3: its id"),
        ("update events set event_id = 3 where revision = 3", "revision 3: its id"),
        ("update events set principal = null where revision = 7", "revision 7"),
        ("update events set principal = 2 where revision = 7", "revision 7: its principal is not in"),
        ("update events set principal = 1 where revision = 17", "revision 17"),
        ("update events set revision = 30 where revision = 22", "revision 22 is missing"),
        (
            "delete from payloads where revision = 8; delete from events where revision = 8",
            "revision 8 is missing",
        ),
        ("delete from events where revision = 22", "the head tells 22 events"),
        ("delete from events", "revision 1"),
        (
            "insert into events select 23, zeroblob(16), principal, at, recorded_at, leaf, leaf_hash from events where revision = 22",
            "revision 23",
        ),
        (
            "insert into events select 23, 'again', principal, at, recorded_at, leaf, leaf_hash from events where revision = 22",
            "the head tells 22 events",
        ),
    ] {
        is_found(change, wanted);
    }
}

#[test]
fn columns_of_two_rows_that_are_swapped_are_found() {
    for column in ["at", "leaf", "leaf_hash", "principal"] {
        let change = format!(
            "update events set {column} = (select other.{column} from events other where other.revision = 33 - events.revision)
             where revision in (16, 17)"
        );
        is_found(&change, "revision 16");
    }
    is_found(
        "update events set event_id = -revision where revision in (3, 4);
         update events set event_id = (select x.id from (values (3, 4), (4, 3)) ids, kept x
             where ids.column1 = events.revision and x.revision = ids.column2) where revision in (3, 4)"
            .replacen(
                "update",
                "create temp table kept as select revision, event_id as id from events; update",
                1,
            )
            .as_str(),
        "revision 3: its id",
    );
    is_found(
        "create temp table kept as select * from payloads;
         update payloads set payload = (select payload from kept where kept.revision = 3 - payloads.revision)
         where revision in (1, 2)",
        "revision 1",
    );
}

#[test]
fn every_change_beside_the_events_is_found() {
    for (change, wanted) in [
        (
            "update payloads set payload = (select payload from payloads where revision = 2) where revision = 1",
            "revision 1",
        ),
        ("delete from payloads where revision = 2", "revision 2"),
        ("insert into payloads values (3, cast('{}' as blob))", "revision 3"),
        ("insert into payloads values (99, x'00')", "payloads, revision 99"),
        ("update payloads set revision = 10 where revision = 9", "revision 9"),
        (
            "update payloads set payload = cast(substr(payload, 1, length(payload) - 1) || x'00' as blob) where revision = 1",
            "revision 1",
        ),
        ("update principals set id = zeroblob(16)", "lacks the keys"),
        ("update principals set ordinal = 7", "revision 1: its principal is not in"),
        ("update principals set lookup = zeroblob(16)", "principals, row 1"),
        ("update principals set lookup = null", "revision 1"),
        ("update principals set identifier = null", "revision 1: its principal has no identifier"),
        ("update principals set identifier = zeroblob(40)", "revision 1: the identifier"),
        ("update principals set lookup = null, identifier = null", "revision 1"),
        (
            "delete from payloads; update principals set lookup = null, identifier = null;
             update events set event_id = cast(x'00000000000000' || unhex(printf('%02x', revision)) as blob) where principal = 1",
            "no event says",
        ),
        ("delete from principals", "revision 1: its principal is not in"),
        ("insert into principals values (9, zeroblob(16), null, null)", "principals: 1 of them are erased"),
        ("insert into principals values (9, zeroblob(16), zeroblob(16), zeroblob(40))", "lacks the keys"),
        ("update head set size = 20", "the head"),
        ("update head set size = 21", "the head"),
        ("update head set frontier = zeroblob(96)", "the head"),
        ("update head set recorded_at = recorded_at + 1", "the head"),
        ("update head set recorded_at = null", "the head"),
        ("update head set epoch = 2", "head"),
        ("delete from head", "head"),
        ("update nodes set hash = zeroblob(32)", "revision 16"),
        ("update nodes set place = place + 1", "revision 16"),
        ("delete from nodes", "revision 16"),
        ("insert into nodes values (5, zeroblob(32))", "2 nodes are kept"),
        ("update counts set events = 2 where event = 'data_used'", "counts, `data_used`: 2 events are counted by name"),
        ("update counts set event = 'data_usef' where event = 'data_used'", "counted by name"),
        ("delete from counts where event = 'data_used'", "counts, `data_used`: 0 events"),
        ("insert into counts values ('nothing', 0)", "counts, `nothing`"),
        ("update meta set value = zeroblob(16) where name = 'ledger_id'", "meta, `ledger_id`"),
        ("update meta set value = zeroblob(7) where name = 'erasures'", "meta, `erasures`"),
        ("update meta set value = x'0000000000000001' where name = 'erasures'", "meta, `erasures`: 1 are told"),
        ("delete from meta where name = 'erasures'", "meta, `erasures`"),
        ("insert into meta values ('other', x'')", "meta, `other`"),
    ] {
        is_found(change, wanted);
    }
}

/// Somebody who may write to the file may also tell `SQLite` something else of its tables.
#[test]
fn every_change_of_the_tables_themselves_is_found() {
    for (change, wanted) in [
        ("drop index events_by_principal", "index events_by_principal"),
        ("create table other (x)", "table other"),
        ("create view other as select 1", "view other"),
        (
            "create trigger other after insert on events begin delete from events; end",
            "trigger other",
        ),
        ("alter table counts add column other text", "table counts"),
        (
            "pragma writable_schema = on;
             update sqlite_schema set sql = replace(sql, 'recorded_at integer', 'recorded_at INTEGER') where name = 'head'",
            "table head",
        ),
    ] {
        is_found(change, wanted);
    }
}

/// An index that lacks an entry, made as one that is to have no more, hides an event from whoever asks for its principal's.
#[test]
fn an_index_that_hides_a_row_is_found() {
    for (index, on, all, but) in [
        ("events_by_principal", "events (principal)", "", " where revision <> 5"),
        ("events_by_principal", "events (principal)", "", " where principal is null"),
    ] {
        let change = format!(
            "drop index {index}; create index {index} on {on}{but};
             pragma writable_schema = on;
             update sqlite_schema set sql = 'CREATE INDEX {index} on {on}{all}' where name = '{index}';
             pragma writable_schema = reset"
        );
        is_found(&change, "the index events_by_principal of the table events does not have");
    }
}

#[test]
fn of_all_that_does_not_hold_the_first_is_named() {
    let folder = Folder::new();
    let store = folder.store();
    fill(&store, 6_000);
    let raw = Connection::open(store.path()).unwrap();
    for revision in [5_999, 4_000, 2_500, 1_024] {
        raw.execute("update events set leaf_hash = zeroblob(32) where revision = ?1", [revision]).unwrap();
        let error = store.verify().unwrap_err().to_string();
        assert!(error.contains(&format!("revision {revision}: its hash")), "{error}");
    }
    raw.execute("delete from events where revision = 1025", []).unwrap();
    let error = store.verify().unwrap_err().to_string();
    assert!(error.contains("revision 1024: its hash"), "{error}");
}

/// Nothing but bytes of the file's pages tells that two events have one id: `SQLite`'s own check leaves it out.
#[test]
fn an_id_that_two_events_have_is_found() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    let named = |id: &str| {
        event(&format!(
            r#"{{"event":"data_erased","principal":"p1","id":"{id}","at":"2020-01-05T00:00:00Z","category":"a"}}"#
        ))
    };
    let store = folder.store();
    store.append(&[named("order-0001"), named("order-0002")], now(), false).unwrap();
    drop(store);
    let mut file = std::fs::read(&path).unwrap();
    let places = file.windows(10).enumerate();
    let places: Vec<_> =
        places.filter(|(_, bytes)| *bytes == b"order-0002").map(|(place, _)| place).collect();
    assert_eq!(places.len(), 2, "in the table and in its index");
    for place in places {
        file[place + 9] = b'1';
    }
    std::fs::write(&path, file).unwrap();
    let error = open(&path, OpenMode::ReadOnly).unwrap().verify().unwrap_err().to_string();
    assert!(
        error.contains("the index sqlite_autoindex_events_1 of the table events has the same twice"),
        "{error}"
    );
}
