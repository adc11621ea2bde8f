//! Several handles on one ledger, and several threads on one handle.

use nattoku_model::Revision;
use nattoku_store::{NewEvent, OpenMode, StoreError};

use super::World;
use crate::support::{event, every_event, now};

fn batch(writer: usize, n: usize) -> Vec<NewEvent> {
    (0..3)
        .map(|i| {
            event(&format!(
                r#"{{"event":"relationship_started","principal":"shared","at":"2020-01-01T00:00:00Z","relationship":"w{writer}_{n}_{i}"}}"#
            ))
        })
        .collect()
}

pub(crate) fn two_handles_take_turns(world: &dyn World) {
    let first = world.store();
    let second = world.again(OpenMode::Existing);
    for n in 0..5_u64 {
        let at = usize::try_from(n).unwrap();
        assert_eq!(first.append(&batch(0, at), now(), false).unwrap()[0].revision, Revision(n * 6 + 1));
        assert_eq!(second.append(&batch(1, at), now(), false).unwrap()[2].revision, Revision(n * 6 + 6));
        assert_eq!(first.events_of("shared").unwrap(), second.events_of("shared").unwrap());
    }
    assert_eq!(first.stats().unwrap(), second.verify().unwrap());
    assert_eq!(first.stats().unwrap().principals, 1);
}

pub(crate) fn threads_share_a_store(world: &dyn World) {
    let stores = [world.store(), world.again(OpenMode::Existing)];
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = stores[writer % 2].as_ref();
            scope.spawn(move || {
                for n in 0..5 {
                    let appended = store.append(&batch(writer, n), now(), false).unwrap();
                    assert_eq!(appended[0].revision.0 + 2, appended[2].revision.0, "a batch stays together");
                    let seen = store.view_of("shared").unwrap();
                    assert!(seen.revision >= appended[2].revision, "a writer sees what it wrote");
                    assert_eq!(seen.events.len() as u64, seen.revision.0);
                }
            });
        }
    });
    assert_eq!(stores[0].verify().unwrap().events, 60);
}

pub(crate) fn a_store_reopened_has_the_same_root(world: &dyn World) {
    let store = world.store();
    store.append(&every_event()[..13], now(), false).unwrap();
    let (stats, events) = (store.stats().unwrap(), store.events_of("p1").unwrap());
    let ledger_id = store.ledger_id().unwrap();
    drop(store);
    for mode in [OpenMode::Existing, OpenMode::Create, OpenMode::ReadOnly] {
        let store = world.again(mode);
        assert_eq!(store.verify().unwrap(), stats);
        assert_eq!(store.events_of("p1").unwrap(), events);
        assert_eq!(store.ledger_id().unwrap(), ledger_id);
    }
    let store = world.again(OpenMode::Existing);
    store.append(&every_event()[13..], now(), false).unwrap();
    let at_once = world.open("whole", OpenMode::Create, 1).unwrap();
    at_once.append(&every_event(), now(), false).unwrap();
    assert_eq!(store.stats().unwrap().root, at_once.stats().unwrap().root, "however the batches were cut");
}

pub(crate) fn nothing_is_made_unasked_and_nothing_written_by_a_reader(world: &dyn World) {
    for mode in [OpenMode::Existing, OpenMode::ReadOnly] {
        assert!(matches!(world.open("ledger", mode, 1), Err(StoreError::Missing { .. })));
    }
    drop(world.store());
    let store = world.again(OpenMode::ReadOnly);
    assert!(matches!(store.append(&every_event(), now(), false), Err(StoreError::ReadOnly)));
    assert_eq!(store.events_of("p1").unwrap(), None);
}
