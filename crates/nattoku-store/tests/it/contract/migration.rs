//! A ledger leaves one store and comes whole into another.

use nattoku_model::Language;
use nattoku_store::{EventId, NewEvent, OpenMode, Store, StoreError};

use super::World;
use crate::support::{event, every_event, instant, now};

fn lines(store: &dyn Store) -> Vec<String> {
    let mut lines = Vec::new();
    store
        .export(|line| {
            lines.push(line.to_line());
            Ok::<_, StoreError>(())
        })
        .unwrap();
    lines
}

pub(crate) fn export_and_import_give_the_same_events(world: &dyn World) {
    let store = world.store();
    let mut batch = every_event();
    batch[3].id = Some(EventId("a 3".to_owned()));
    store.append(&batch[..10], instant("2026-01-01T00:00:00Z"), false).unwrap();
    store.append(&batch[10..], now(), false).unwrap();
    let exported = lines(store.as_ref());
    let other = world.open("other", OpenMode::Create, 7).unwrap();
    let read: Vec<NewEvent> = exported.iter().map(|line| event(line)).collect();
    other.append(&read, instant("2027-01-01T00:00:00Z"), true).unwrap();
    assert_eq!(lines(other.as_ref()), exported);
    assert_eq!(other.events_of("p1").unwrap(), store.events_of("p1").unwrap());
    // A second import of the same file, and of the file the first store was filled from, adds nothing.
    other.append(&read, instant("2027-01-01T00:00:00Z"), true).unwrap();
    other.append(&batch, instant("2027-01-01T00:00:00Z"), false).unwrap();
    assert_eq!(other.stats().unwrap().events, 22);
    // Ids and keys of principals are random: the two ledgers cannot be joined by their leaves.
    assert_ne!(other.stats().unwrap().root, store.stats().unwrap().root);
    other.verify().unwrap();
}

pub(crate) fn recorded_at_is_taken_only_in_a_migration_and_only_in_order(world: &dyn World) {
    let store = world.store();
    let recorded = |day: u32| {
        event(&format!(
            r#"{{"event":"data_erased","principal":"p1","at":"2020-01-01T00:00:00Z","recorded_at":"2020-01-{day:02}T00:00:00Z","category":"c{day}"}}"#
        ))
    };
    let refused = |batch: &[NewEvent], keep: bool| match store.append(batch, now(), keep) {
        Err(StoreError::Refused { index, error }) => (index, error.message(Language::En)),
        other => panic!("{other:?}"),
    };
    let (index, message) = refused(&[recorded(5)], false);
    assert!(index == 0 && message.contains("--keep-recorded-at"), "{message}");
    let (index, message) = refused(&[recorded(5), recorded(6), recorded(4)], true);
    assert!(index == 2 && message.contains("sort the lines"), "{message}");
    let future = NewEvent { recorded_at: Some(instant("2026-04-01T00:00:01Z")), ..recorded(6) };
    let (index, message) = refused(&[recorded(5), future], true);
    assert!(index == 1 && message.contains("a time up to now"), "{message}");
    let before_it_happened = NewEvent { recorded_at: Some(instant("2019-12-31T00:00:00Z")), ..recorded(5) };
    let (index, message) = refused(&[before_it_happened], true);
    assert!(index == 0 && message.starts_with("`at`"), "{message}");
    assert_eq!(store.stats().unwrap().events, 0);
    let appended = store.append(&[recorded(5), recorded(6)], now(), true).unwrap();
    assert_eq!(appended[1].recorded_at, instant("2020-01-06T00:00:00Z"));
    // Without a time of its own an event is recorded now, in a migration as well.
    let plain = NewEvent { recorded_at: None, ..recorded(7) };
    assert_eq!(store.append(&[plain], now(), true).unwrap()[0].recorded_at, now());
}

pub(crate) fn an_export_stops_when_its_reader_does(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let mut n_taken = 0;
    let stopped = store.export(|_| {
        n_taken += 1;
        if n_taken < 3 { Ok(()) } else { Err(StoreError::Full) }
    });
    assert!(matches!(stopped, Err(StoreError::Full)));
    assert_eq!(n_taken, 3);
    assert_eq!(store.revision().unwrap().0, 22);
}
