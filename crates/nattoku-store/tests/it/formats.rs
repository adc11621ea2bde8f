//! What earlier versions wrote is sealed when it is asked, stays what it was, and can be gone on with.

use std::fmt::Write as _;
use std::path::Path;

use nattoku_model::Language;
use nattoku_store::{
    Kek, Migrated, OpenMode, Place, SeededRandomness, Settings, SqliteStore, Store, StoreError,
};
use nattoku_testkit::postgresql::Postgresql;
use rusqlite::Connection;

use crate::contract::state::token;
use crate::contract::transfer::erased;
use crate::sealing::files_with;
use crate::support::{EVERY_EVENT, Folder, event, every_event, kek_in, now, open};

/// The root over the events of `tests/formats/sqlite-1.sql`.
const ROOT: &str = "2c4ae17e5d78b4daac2543920f18efb9d94f53711efc1844ffe370881d5e3af1";

#[test]
fn a_dump_of_the_first_format_opens_once_it_is_sealed() {
    let folder = Folder::new();
    let path = folder.path("ledger.sqlite");
    Connection::open(&path).unwrap().execute_batch(include_str!("../formats/sqlite-1.sql")).unwrap();
    assert_eq!(migrate(&path).unwrap().unwrap().root.to_string(), ROOT);
    for mode in [OpenMode::ReadOnly, OpenMode::Existing] {
        let stats = open(&path, mode).unwrap().verify().unwrap();
        assert_eq!((stats.events, stats.root.to_string()), (13, ROOT.to_owned()));
    }
    let store = open(&path, OpenMode::Create).unwrap();
    store.append(&[erased("p1"), erased("somebody new")], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 13 + 2);
}

/// The ledger that an earlier version left.
fn format_1(folder: &Folder) -> std::path::PathBuf {
    let path = folder.path("ledger.sqlite");
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(include_str!("../formats/sqlite-1-every-event.sql")).unwrap();
    raw.pragma_update(None, "journal_mode", "wal").unwrap();
    path
}

fn migrate(path: &Path) -> Result<Option<Migrated>, StoreError> {
    SqliteStore::migrate(path, SeededRandomness::new(5), Settings::default(), &Kek::Beside, &mut |_| ())
}

const ROOT_OF_FORMAT_1: &str = "5fc09a3594cfa0e656b7664ee55e068c3cdc80993e60b33c26b88b4c29c8b0c2";

#[test]
fn a_ledger_of_format_1_is_sealed_and_stays_what_it_was() {
    let folder = Folder::new();
    let path = format_1(&folder);
    for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
        let error = open(&path, mode).unwrap_err();
        assert!(matches!(error, StoreError::OlderFormat { format: 1, .. }), "{error:?}");
        let (ja, en) = (error.message(Language::Ja), error.message(Language::En));
        assert!(
            en.contains("back it up") && en.contains("ledger migrate") && ja.contains("変更していません"),
            "{en} {ja}"
        );
    }
    assert_ne!(files_with(&folder, b"1985-04-01"), Vec::<String>::new());
    let migrated = migrate(&path).unwrap().unwrap();
    assert_eq!((migrated.principals, migrated.payloads, migrated.events), (2, 8, 23));
    assert_eq!(migrated.root.to_string(), ROOT_OF_FORMAT_1);
    for personal in ["1985-04-01", "1990-02-03", "g 1", "a-7", "attorney", "p 二"] {
        assert_eq!(files_with(&folder, personal.as_bytes()), Vec::<String>::new(), "{personal}");
    }
    assert_eq!(migrate(&path).unwrap(), None);
    let store = open(&path, OpenMode::Existing).unwrap();
    assert_eq!(store.verify().unwrap().root.to_string(), ROOT_OF_FORMAT_1);
    assert_eq!(store.events_of("p1").unwrap().unwrap().len(), 22);
    let of_p2 = store.events_of("p 二").unwrap().unwrap();
    assert!(format!("{of_p2:?}").contains("1990-02-03"), "{of_p2:?}");
    // What was sent before is recognised, by its given and by its derived id; what is new goes on.
    store.append(&every_event(), now(), false).unwrap();
    assert_eq!(store.stats().unwrap().events, 23);
    store.append(&[event(&EVERY_EVENT[0].replace("p1", "p3"))], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 24);
}

#[test]
fn a_migration_that_broke_off_goes_on() {
    let folder = Folder::new();
    let path = format_1(&folder);
    // As a crash after the keys were made and before the ledger's first transaction committed leaves it.
    let other = Folder::new();
    let other_path = format_1(&other);
    migrate(&other_path).unwrap();
    for suffix in [".keys", ".kek"] {
        std::fs::copy(
            other.path(&format!("ledger.sqlite{suffix}")),
            folder.path(&format!("ledger.sqlite{suffix}")),
        )
        .unwrap();
    }
    // And as one between the two transactions does: tables half filled beside the old ones.
    Connection::open(&path)
        .unwrap()
        .execute_batch("create table sealed_principals (x); create table sealed_payloads (x)")
        .unwrap();
    assert_eq!(migrate(&path).unwrap().unwrap().root.to_string(), ROOT_OF_FORMAT_1);
    open(&path, OpenMode::ReadOnly).unwrap().verify().unwrap();
}

/// It is the same ledger, and what is beside it stays.
#[test]
fn tokens_outlive_a_migration() {
    let folder = Folder::new();
    let path = format_1(&folder);
    let ledger = Connection::open(&path)
        .unwrap()
        .query_row("select value from meta where name = 'ledger_id'", [], |row| row.get(0))
        .unwrap();
    let place = Place::Sqlite(path.clone());
    place.open_state(ledger, Settings::default()).unwrap().add_token(&token("desk")).unwrap();
    assert_eq!(migrate(&path).unwrap().unwrap().root.to_string(), ROOT_OF_FORMAT_1);
    let store = open(&path, OpenMode::Existing).unwrap();
    let state = place.open_state(store.ledger_id().unwrap(), Settings::default()).unwrap();
    assert_eq!(state.tokens().unwrap(), [token("desk")]);
}

#[test]
fn what_does_not_hold_is_not_migrated() {
    let folder = Folder::new();
    let path = format_1(&folder);
    Connection::open(&path)
        .unwrap()
        .execute_batch("update payloads set payload = cast('{}' as blob) where revision = 1")
        .unwrap();
    let error = migrate(&path).unwrap_err();
    assert!(error.to_string().contains("revision 1"), "{error}");
    assert!(matches!(open(&path, OpenMode::Existing), Err(StoreError::OlderFormat { .. })));
    assert!(!folder.path("ledger.sqlite.keys").exists());
}

/// Bytes as a server takes them.
fn bytea(bytes: &[u8]) -> String {
    bytes.iter().fold("'\\x".to_owned(), |all, byte| all + &format!("{byte:02x}")) + "'"
}

/// Fills the tables of format 1 on a server with the rows of a file of format 1.
fn fill(server: &Postgresql, path: &Path) {
    use rusqlite::types::ValueRef;
    let raw = Connection::open(path).unwrap();
    let mut sql = include_str!("../formats/postgresql-1.sql").to_owned();
    let tables = [
        ("meta", "name, value"),
        ("principals", "ordinal, id, identifier, commitment_key"),
        ("events", "revision, event_id, principal, at, recorded_at, leaf, leaf_hash"),
        ("payloads", "revision, payload"),
        ("counts", "event, events"),
        ("head", "true, epoch, size, frontier, recorded_at"),
    ];
    sql.push_str("delete from nattoku.head;\n");
    for (table, columns) in tables {
        let mut select = raw.prepare(&format!("select {columns} from {table}")).unwrap();
        let n_columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..n_columns).map(|column| match (table, column, row.get_ref(column).unwrap()) {
                ("head", 0, _) => "true".to_owned(),
                ("events", 1, ValueRef::Text(id)) => bytea(&[b"\x00", id].concat()),
                ("events", 1, ValueRef::Blob(id)) => bytea(&[b"\x01", id].concat()),
                (_, _, ValueRef::Null) => "null".to_owned(),
                (_, _, ValueRef::Integer(number)) => number.to_string(),
                (_, _, ValueRef::Text(text)) => format!("'{}'", String::from_utf8_lossy(text)),
                (_, _, ValueRef::Blob(blob)) => bytea(blob),
                (_, _, other) => panic!("{other:?}"),
            });
            let values = values.collect::<Vec<_>>().join(", ");
            let _ = writeln!(sql, "insert into nattoku.{table} values ({values});");
        }
    }
    server.ask("ledger", &sql);
}

#[test]
fn a_ledger_of_format_1_on_a_server_is_sealed_and_stays_what_it_was() {
    let Some(server) = Postgresql::start("older") else { return };
    server.make_database("ledger");
    let folder = Folder::new();
    let path = format_1(&folder);
    fill(&server, &path);
    let place = Place::read(&server.address("ledger")).unwrap();
    let kek = kek_in(server.folder());
    let open = |mode| place.open(mode, SeededRandomness::new(1), Settings::default(), &kek);
    for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
        let error = open(mode).unwrap_err();
        assert!(matches!(error, StoreError::OlderFormat { format: 1, .. }), "{error:?}");
        assert!(error.to_string().contains("ledger migrate --store postgres://"), "{error}");
    }
    let migrate = |kek| place.migrate(SeededRandomness::new(5), Settings::default(), kek, &mut |_| ());
    let without = migrate(&Kek::Beside);
    assert!(matches!(without, Err(StoreError::Keys(_))), "{without:?}");
    server.ask("ledger", "update nattoku.payloads set payload = set_byte(payload, 9, 48) where revision = 1");
    let error = migrate(&kek).unwrap_err();
    assert!(error.to_string().contains("revision 1"), "{error}");
    server.ask("ledger", "drop schema nattoku cascade");
    fill(&server, &path);
    let ledger = Connection::open(&path)
        .unwrap()
        .query_row("select value from meta where name = 'ledger_id'", [], |row| row.get(0))
        .unwrap();
    place.open_state(ledger, Settings::default()).unwrap().add_token(&token("desk")).unwrap();
    let migrated = migrate(&kek).unwrap().unwrap();
    assert_eq!((migrated.principals, migrated.payloads, migrated.events), (2, 8, 23));
    assert_eq!(migrated.root.to_string(), ROOT_OF_FORMAT_1);
    assert_eq!(migrate(&kek).unwrap(), None);
    for table in ["meta", "principals", "payloads"] {
        let rows = server.ask("ledger", &format!("select * from nattoku.{table}"));
        // `p1` and `1985` in hexadecimal digits among them.
        for gone in ["id_key", "p1", "x7031", "31393835"] {
            assert!(!rows.contains(gone), "{gone} in {rows}");
        }
    }
    let store = open(OpenMode::Existing).unwrap();
    assert_eq!(store.verify().unwrap().root.to_string(), ROOT_OF_FORMAT_1);
    let state = place.open_state(store.ledger_id().unwrap(), Settings::default()).unwrap();
    assert_eq!(state.tokens().unwrap(), [token("desk")], "what is beside it stays");
    assert_eq!(store.events_of("p1").unwrap().unwrap().len(), 22);
    let of_p2 = store.events_of("p 二").unwrap().unwrap();
    assert!(format!("{of_p2:?}").contains("1990-02-03"), "{of_p2:?}");
    store.append(&every_event(), now(), false).unwrap();
    assert_eq!(store.stats().unwrap().events, 23);
    store.append(&[event(&EVERY_EVENT[0].replace("p1", "p3"))], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().events, 24);
}
