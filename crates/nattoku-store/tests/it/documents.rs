//! The reference documents say what the code does.

use std::path::Path;

use crate::support::{EVERY_EVENT, LATER_EVENTS, event};

fn reference(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_event_and_every_field_is_in_the_reference() {
    let events = reference("events.md");
    for line in EVERY_EVENT.into_iter().chain(LATER_EVENTS) {
        let new = event(line);
        let section = format!("### `{}`\n", new.event.name());
        let (_, after) = events.split_once(&section).unwrap_or_else(|| panic!("no section {section}"));
        let section = after.split("\n### ").next().unwrap().split("\n## ").next().unwrap();
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        for field in json.as_object().unwrap().keys() {
            let is_common = ["event", "principal", "id", "at", "recorded_at"].contains(&field.as_str());
            assert!(is_common || section.contains(&format!("| `{field}` |")), "{line}: {field}");
        }
        assert!(section.contains("```json"), "{line}");
    }
}

#[test]
fn every_sample_in_the_reference_is_read() {
    let events = reference("events.md");
    let mut n_samples = 0;
    for block in events.split("```json\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            event(line);
            n_samples += 1;
        }
    }
    assert!(n_samples >= 23, "{n_samples}");
}

#[test]
fn the_tables_in_the_reference_are_the_tables_of_a_new_store() {
    let format = reference("ledger-format.md");
    let folder = crate::support::Folder::new();
    let store = folder.store();
    let raw = rusqlite::Connection::open(store.path()).unwrap();
    let mut select = raw.prepare("select sql from sqlite_schema where sql is not null").unwrap();
    let words = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let format = words(&format);
    for sql in select.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        let sql = words(&sql.unwrap());
        assert!(format.contains(&sql), "not in docs/reference/ledger-format.md: {sql}");
    }
}
