//! What an append stores, and what it refuses as a whole.

use nattoku_model::{Language, Revision};
use nattoku_store::{EventId, NewEvent, StoreError};

use super::World;
use crate::support::{event, every_event, instant, now};

fn erased(principal: &str, at: &str) -> NewEvent {
    event(&format!(r#"{{"event":"data_erased","principal":"{principal}","at":"{at}","category":"a"}}"#))
}

pub(crate) fn events_are_numbered_from_one_without_gaps(world: &dyn World) {
    let store = world.store();
    assert_eq!(store.revision().unwrap(), Revision(0));
    let appended = store.append(&every_event(), now(), false).unwrap();
    let revisions: Vec<u64> = appended.iter().map(|a| a.revision.0).collect();
    assert_eq!(revisions, (1..=22).collect::<Vec<_>>());
    assert!(appended.iter().all(|a| a.recorded_at == now() && !a.already_there));
    assert_eq!(store.append(&[], now(), false).unwrap(), []);
    assert_eq!(store.revision().unwrap(), Revision(22));
}

pub(crate) fn sending_a_batch_twice_stores_it_once(world: &dyn World) {
    let store = world.store();
    let first = store.append(&every_event(), now(), false).unwrap();
    let root = store.stats().unwrap().root;
    let again = store.append(&every_event(), now(), false).unwrap();
    assert!(again.iter().all(|a| a.already_there));
    assert!(
        first.iter().zip(&again).all(|(a, b)| (a.revision, a.recorded_at) == (b.revision, b.recorded_at))
    );
    assert_eq!(store.stats().unwrap().root, root);
    // Inside one batch as well.
    let twice = [erased("p9", "2020-01-01T00:00:00Z"), erased("p9", "2020-01-01T09:00:00+09:00")];
    let appended = store.append(&twice, now(), false).unwrap();
    assert_eq!((appended[0].already_there, appended[1].already_there), (false, true));
    assert_eq!(appended[0].revision, appended[1].revision);
}

pub(crate) fn an_id_means_one_event_for_ever(world: &dyn World) {
    let store = world.store();
    let named = |id: &str, at: &str| NewEvent { id: Some(EventId(id.to_owned())), ..erased("p1", at) };
    store.append(&[named("a", "2020-01-01T00:00:00Z")], now(), false).unwrap();
    assert!(store.append(&[named("a", "2020-01-01T00:00:00Z")], now(), false).unwrap()[0].already_there);
    // The same content under another id is another event: its sender says so.
    assert!(!store.append(&[named("b", "2020-01-01T00:00:00Z")], now(), false).unwrap()[0].already_there);
    let other = [named("c", "2020-01-01T00:00:00Z"), named("a", "2020-01-02T00:00:00Z")];
    let error = store.append(&other, now(), false).unwrap_err();
    assert!(matches!(&error, StoreError::Conflict { index: 1, id, revision: 1 } if id == "a"), "{error}");
    assert!(error.message(Language::En).starts_with("event 2 of the batch has the id `a`"));
    assert_eq!(store.revision().unwrap(), Revision(2), "nothing of the batch is stored");
}

pub(crate) fn one_bad_event_stops_its_whole_batch(world: &dyn World) {
    let store = world.store();
    let future = erased("p2", "2026-04-01T00:00:00.000001Z");
    let batch = [erased("p1", "2020-01-01T00:00:00Z"), future];
    let error = store.append(&batch, now(), false).unwrap_err();
    let StoreError::Refused { index: 1, error } = error else { panic!("{error}") };
    assert_eq!(error.field, "at");
    assert_eq!(store.stats().unwrap().events, 0);
    assert_eq!(store.stats().unwrap().principals, 0);
    // What a failed batch made up (the principals' ids and keys) is not remembered.
    store.append(&batch[..1], now(), false).unwrap();
    store.verify().unwrap();
}

pub(crate) fn the_clock_of_the_ledger_never_goes_back(world: &dyn World) {
    let store = world.store();
    store.append(&[erased("p1", "2020-01-01T00:00:00Z")], now(), false).unwrap();
    let earlier = instant("2026-03-01T00:00:00Z");
    let appended = store.append(&[erased("p1", "2020-01-02T00:00:00Z")], earlier, false).unwrap();
    assert_eq!(appended[0].recorded_at, now());
    store.verify().unwrap();
}

pub(crate) fn what_is_finer_than_a_microsecond_is_cut(world: &dyn World) {
    let store = world.store();
    let fine = instant("2026-04-01T00:00:00.000000999Z");
    let event = NewEvent { at: fine, ..erased("p1", "2020-01-01T00:00:00Z") };
    store.append(&[event], fine, false).unwrap();
    let events = store.events_of("p1").unwrap().unwrap();
    assert_eq!((events[0].at, events[0].recorded_at), (now(), now()));
    let before_1970 =
        NewEvent { at: instant("1960-01-01T00:00:00.0000019Z"), ..erased("p1", "2020-01-01T00:00:00Z") };
    store.append(&[before_1970], fine, false).unwrap();
    assert_eq!(store.events_of("p1").unwrap().unwrap()[1].at, instant("1960-01-01T00:00:00.000001Z"));
    store.verify().unwrap();
}

pub(crate) fn what_was_decided_on_a_state_is_done_only_on_that_state(world: &dyn World) {
    let store = world.store();
    let first = store.append_if_unchanged(&erased("p1", "2020-01-01T00:00:00Z"), now(), Revision(0)).unwrap();
    assert_eq!(first.revision, Revision(1));
    // What came about somebody else is no change; what came about the same principal is.
    store.append(&[erased("p2", "2020-01-01T00:00:00Z")], now(), false).unwrap();
    let second = erased("p1", "2020-01-02T00:00:00Z");
    let stale = store.append_if_unchanged(&second, now(), Revision(0));
    assert!(matches!(stale, Err(StoreError::Changed)), "{stale:?}");
    assert_eq!(store.append_if_unchanged(&second, now(), Revision(1)).unwrap().revision, Revision(3));
    assert_eq!(store.verify().unwrap().events, 3);
}

/// The root over every event, with the random bytes of seed 1 and a key-encryption key that draws none.
const ROOT: &str = "1595577009c41b607eeeee6f4ac0d940cc922ea5a3115d5699594ee43fe07843";

/// With the same random bytes the root is one and the same in every store.
pub(crate) fn the_same_events_have_the_same_root_wherever_they_are_kept(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    assert_eq!(store.stats().unwrap().root.to_string(), ROOT);
}
