//! Appends that come at the same time.

use std::collections::BTreeSet;
use std::sync::Barrier;

use nattoku_model::Revision;
use nattoku_store::{EventId, NewEvent, OpenMode, StoreError};

use super::World;
use crate::support::{event, instant, now};

fn started(principal: &str, n: usize) -> NewEvent {
    event(&format!(
        r#"{{"event":"relationship_started","principal":"{principal}","at":"2020-01-01T00:00:00Z","relationship":"r{n}"}}"#
    ))
}

/// Runs `work` in many threads that begin at once.
pub(super) fn at_once<T: Send>(n_threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = Barrier::new(n_threads);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads)
            .map(|number| {
                let (gate, work) = (&gate, &work);
                scope.spawn(move || {
                    gate.wait();
                    work(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub(crate) fn concurrent_appends_share_commits_and_keep_their_own_answers(world: &dyn World) {
    let store = world.store();
    let answers = at_once(16, |thread| {
        let one = |n: usize| store.append(&[started(&format!("p{thread}"), n)], now(), false).unwrap()[0];
        (0..10).map(|n| (thread, n, one(n).revision)).collect::<Vec<_>>()
    });
    let answers: Vec<_> = answers.into_iter().flatten().collect();
    let revisions: BTreeSet<u64> = answers.iter().map(|(.., revision)| revision.0).collect();
    assert_eq!(revisions, (1..=160).collect());
    for (thread, n, revision) in answers {
        let line = store.event_at(revision).unwrap().unwrap();
        let sent = started(&format!("p{thread}"), n);
        assert_eq!((line.principal, line.recorded.event), (sent.principal, sent.event));
    }
    assert_eq!(store.verify().unwrap().principals, 16);
}

pub(crate) fn a_refused_request_does_not_touch_its_neighbors(world: &dyn World) {
    let store = world.store();
    let late = NewEvent { at: instant("2027-01-01T00:00:00Z"), ..started("nobody", 0) };
    let answers = at_once(16, |thread| {
        // Every other request is refused after its first event has been numbered and its principal made.
        let second = if thread % 2 == 0 { started("p", 100 + thread) } else { late.clone() };
        store.append(&[started(&format!("p{thread}"), 0), second], now(), false)
    });
    for (thread, answer) in answers.iter().enumerate() {
        match answer {
            Ok(appended) => assert!(thread % 2 == 0 && appended[0].revision.0 + 1 == appended[1].revision.0),
            Err(StoreError::Refused { index: 1, .. }) => assert_eq!(thread % 2, 1),
            Err(other) => panic!("{other:?}"),
        }
    }
    let stats = store.verify().unwrap();
    assert_eq!((stats.events, stats.principals), (16, 9));
    assert_eq!(store.principal_id("p1").unwrap(), None);
}

pub(crate) fn the_same_event_sent_by_many_at_once_is_stored_once(world: &dyn World) {
    let store = world.store();
    let named = |relationship| NewEvent { id: Some(EventId("one".to_owned())), ..started("p", relationship) };
    // One half sends the same content without an id, the other an id with different contents: the first to come keeps it.
    let answers = at_once(16, |thread| match thread % 2 {
        0 => store.append(&[started("p", 7)], now(), false),
        _ => store.append(&[named(thread)], now(), false),
    });
    let new = answers.iter().flatten().filter(|appended| !appended[0].already_there).count();
    assert_eq!(new, 2);
    let refused = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Conflict { .. }))).count();
    assert_eq!(refused, 7);
    assert_eq!(store.verify().unwrap().events, 2);
}

pub(crate) fn of_two_who_want_to_be_the_first_about_a_principal_one_is(world: &dyn World) {
    let store = world.store();
    store.append(&[started("p0", 0)], now(), false).unwrap();
    let answers = at_once(16, |thread| {
        let event = started(&format!("p{}", thread / 2), 100 + thread);
        store.append_if_unchanged(&event, now(), Revision(0))
    });
    for (principal, two) in answers.chunks(2).enumerate() {
        let n_first = two.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(n_first, usize::from(principal > 0), "p{principal}: {two:?}");
        let n_changed = two.iter().filter(|answer| matches!(answer, Err(StoreError::Changed))).count();
        assert_eq!(n_changed, 2 - n_first, "p{principal}: {two:?}");
    }
    assert_eq!(store.verify().unwrap().events, 8);
}

pub(crate) fn without_randomness_no_principal_is_made(world: &dyn World) {
    let store = world.store();
    store.append(&[started("p", 0)], now(), false).unwrap();
    drop(store);
    let store = world.dry(OpenMode::Existing);
    assert!(matches!(store.append(&[started("q", 0)], now(), false), Err(StoreError::Randomness(_))));
    // Whoever is known needs none.
    store.append(&[started("p", 1)], now(), false).unwrap();
    assert_eq!(store.verify().unwrap().principals, 1);
}
