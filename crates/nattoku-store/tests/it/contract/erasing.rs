//! Erasure in its two steps, wherever the ledger and its keys lie.

use nattoku_ledger::Hash;
use nattoku_model::Revision;
use nattoku_store::{OpenMode, PageMark, Store, StoreError};

use super::World;
use super::transfer::{import, lines};
use crate::support::{EVERY_EVENT, event, every_event, instant, now};

/// A ledger in which `p1` and `p2` have the same history.
fn two(world: &dyn World) -> Box<dyn Store> {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let of_p2: Vec<_> =
        EVERY_EVENT[..16].iter().map(|line| event(&line.replace("\"p1\"", "\"p2\""))).collect();
    store.append(&of_p2, now(), false).unwrap();
    store
}

fn later() -> jiff::Timestamp {
    instant("2026-05-01T00:00:00Z")
}

pub(crate) fn the_log_holds_and_others_are_what_they_were(world: &dyn World) {
    let store = two(world);
    let (of_p2, n_before) = (store.view_of("p2").unwrap().events, store.stats().unwrap().events);
    let hashes: Vec<_> = (1..=n_before).map(|n| store.leaf_hash(Revision(n)).unwrap()).collect();
    assert_eq!(store.erased_after(Revision(0)).unwrap(), Vec::<[u8; 16]>::new());
    let erased = store.erase("p1", later()).unwrap().unwrap();
    assert_eq!((erased.event.revision.0, erased.event.recorded_at), (n_before + 1, later()));
    let stats = store.verify().unwrap();
    assert_eq!((stats.events, stats.principals, stats.events_by_name["erased_live"]), (n_before + 1, 1, 1));
    assert_eq!((1..=n_before).map(|n| store.leaf_hash(Revision(n)).unwrap()).collect::<Vec<_>>(), hashes);
    assert_eq!(store.view_of("p2").unwrap().events, of_p2);
    // Nobody is found by the identifier, in a page, among new events, in an export.
    assert_eq!(store.principal_id("p1").unwrap(), None);
    assert_eq!(store.events_of("p1").unwrap(), None);
    let view = store.view_of("p1").unwrap();
    assert_eq!((view.known, view.events.len()), (false, 6), "what concerns everybody");
    assert_eq!((view.revision, view.recorded_at), (erased.event.revision, Some(later())));
    assert_eq!(store.events_of_id(&erased.id, Revision(99)).unwrap(), []);
    assert_eq!(store.event_at(Revision(1)).unwrap(), None);
    // The leaf is there still, and opens for nobody.
    let leaf = store.opened_leaf(Revision(1)).unwrap().unwrap();
    assert_eq!(Some(Hash::of_leaf(&leaf.leaf).0), hashes[0]);
    assert!(leaf.payload.is_none() && leaf.principal.is_none());
    let page = store.principals_page(PageMark::default(), 1, Revision(99)).unwrap();
    assert_eq!(page.principals.iter().map(|p| p.identifier.as_str()).collect::<Vec<_>>(), ["p2"]);
    assert_eq!(store.identifiers_page(PageMark::default(), 9).unwrap().principals.len(), 1);
    let newer = store.events_after(Revision(0), Revision(99), 99).unwrap();
    assert!(newer.iter().all(|e| e.principal != Some(erased.id)));
    let news = store.news_after(Revision(0), 99).unwrap();
    assert_eq!((news.revision, news.events, news.erased), (erased.event.revision, newer, vec![erased.id]));
    let mut exported = 0;
    store
        .export(|_| {
            exported += 1;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(exported, 22, "six that concern everybody and sixteen of p2");
    assert_eq!(store.last_recorded_at().unwrap(), Some(later()));
    assert_eq!(store.erased_after(Revision(n_before)).unwrap(), [erased.id]);
    assert!(store.erased_after(erased.event.revision).unwrap().is_empty());
    assert_eq!(store.erase("p1", later()).unwrap(), None);
    let reader = world.again(OpenMode::ReadOnly);
    assert!(matches!(reader.erase("p2", later()), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.erase_everywhere(later()), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.rotate_keys(false), Err(StoreError::ReadOnly)));
}

/// Also for a writer that remembers the principal, and for the same events sent again.
pub(crate) fn whoever_comes_back_is_somebody_new_for_every_writer(world: &dyn World) {
    let store = two(world);
    let other = world.again(OpenMode::Existing);
    other.append(&[event(r#"{"event":"choice_declined","principal":"p1","at":"2020-02-02T00:00:00Z","choice":"offers","channel":"web","by":"principal"}"#)], now(), false).unwrap();
    let id = store.erase("p1", later()).unwrap().unwrap().id;
    for store in [&other, &store] {
        store.append(&every_event(), later(), false).unwrap();
        assert_eq!(store.stats().unwrap().principals, 2);
        let new = store.principal_id("p1").unwrap();
        assert!(new.is_some() && new != Some(id));
        store.verify().unwrap();
    }
}

pub(crate) fn the_second_step_rotates_what_copies_rest_on(world: &dyn World) {
    let store = two(world);
    let before = store.keys().unwrap();
    let id = store.erase("p1", later()).unwrap().unwrap().id;
    assert_eq!((store.keys().unwrap().erased_live, store.keys().unwrap().principals), (1, 1));
    let everywhere = store.erase_everywhere(later()).unwrap();
    assert_eq!(everywhere.principals.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);
    let rotated = everywhere.rotated.unwrap();
    assert_eq!((rotated.kek_version, rotated.new_groups), (before.kek_version + 1, 1));
    let keys = store.keys().unwrap();
    assert_eq!((keys.erased_live, keys.erased_everywhere, keys.principals), (0, 1, 1));
    assert_eq!(store.verify().unwrap().events_by_name["erased_everywhere"], 1);
    assert_eq!(store.erase_everywhere(later()).unwrap().rotated, None);
    // Who is there opens still, for whoever has it open and whoever opens it.
    for store in [store, world.again(OpenMode::Existing)] {
        assert_eq!(store.events_of("p2").unwrap().unwrap().len(), 22);
        store.rotate_keys(true).unwrap();
        store.verify().unwrap();
    }
}

pub(crate) fn who_is_erased_stays_so_where_the_ledger_moves_to(world: &dyn World) {
    let store = two(world);
    let gone = store.erase("p1", later()).unwrap().unwrap().id;
    let whole = lines(store.as_ref());
    import(&world.place("other"), &world.kek(), &whole).unwrap();
    let other = world.open("other", OpenMode::Existing, 5).unwrap();
    assert_eq!(other.verify().unwrap(), store.stats().unwrap());
    assert_eq!(lines(other.as_ref()), whole);
    assert_eq!(other.principal_id("p1").unwrap(), None);
    assert_eq!(other.events_of("p2").unwrap(), store.events_of("p2").unwrap());
    assert_eq!(other.keys().unwrap().erased_live, 1);
    // The second step reaches the lines as well: they do not open any more.
    let everywhere = other.erase_everywhere(later()).unwrap();
    assert_eq!(everywhere.principals[0].0, gone);
    let again = import(&world.place("again"), &world.kek(), &whole).unwrap_err();
    assert!(again.to_string().contains("has no version"), "{again}");
}

/// Keys that somebody put back by hand while the ledger was open, and what a crash before the second transaction leaves.
pub(crate) fn keys_of_the_erased_that_are_there_are_found_and_destroyed_by_the_next_opening(
    world: &dyn World,
) {
    drop(two(world));
    let store = world.impatient();
    world.change_keys("create table kept as select * from principals");
    store.erase("p1", later()).unwrap().unwrap();
    store.verify().unwrap();
    let put_back = "insert into principals select * from kept where true on conflict do nothing";
    let dig_up = "delete from principals where id in (select id from tombstones); delete from tombstones";
    for (change, wanted) in [
        (put_back, "the keys are not destroyed"),
        (dig_up, "no tombstone keeps them so"),
        (put_back, "the keys are not destroyed"),
    ] {
        world.change_keys(change);
        let error = store.verify().unwrap_err().to_string();
        assert!(error.contains("the keys: the principal") && error.contains(wanted), "{change}: {error}");
    }
    let keys = store.keys().unwrap();
    assert_eq!((keys.principals, keys.erased_live), (2, 0));
    world.change_keys("drop table kept");
    drop(store);
    let store = world.again(OpenMode::Existing);
    store.verify().unwrap();
    let keys = store.keys().unwrap();
    assert_eq!((keys.principals, keys.erased_live), (1, 1));
}
