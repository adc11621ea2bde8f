//! What is decided on the ledger as it stands.

use nattoku_model::{Event, Revision};
use nattoku_store::{Appended, EventId, NewEvent, Store, StoreError};

use super::World;
use super::groups::at_once;
use crate::support::{event, instant, now};

fn erased(principal: &str, category: &str) -> NewEvent {
    event(&format!(
        r#"{{"event":"data_erased","principal":"{principal}","at":"2020-01-01T00:00:00Z","category":"{category}"}}"#
    ))
}

fn append(store: &dyn Store, new: NewEvent) -> Appended {
    store.append(&[new], now(), false).unwrap()[0]
}

pub(crate) fn whoever_decides_sees_what_there_is_and_nothing_else_comes_in_between(world: &dyn World) {
    let store = world.store();
    append(
        &*store,
        event(r#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"a"}"#),
    );
    let first = append(&*store, erased("p1", "a"));
    let appended = store.append_decided("p1", None, &mut |view, of_id| {
        assert_eq!((view.revision, view.recorded_at), (first.revision, Some(first.recorded_at)));
        assert_eq!((view.known, view.events.len(), of_id), (true, 2, None), "with what concerns everybody");
        Some((erased("p1", "b"), now()))
    });
    assert_eq!(appended.unwrap().map(|appended| appended.revision), Some(Revision(3)));
    let nobody = store.append_decided("nobody", None, &mut |view, _| {
        assert_eq!((view.known, view.events.len()), (false, 1));
        None
    });
    assert_eq!(nobody.unwrap(), None, "nothing was decided");
    assert_eq!(store.principal_id("nobody").unwrap(), None);
    // Each of many would have their own event the third about the principal; one of them does.
    let answers = at_once(16, |thread| {
        store.append_decided("p1", None, &mut |view, _| {
            let own = view.events.iter().filter(|event| event.event.is_about_a_principal()).count();
            (own == 2).then(|| (erased("p1", &format!("c{thread}")), now()))
        })
    });
    let n_appended = answers.iter().filter(|answer| matches!(answer, Ok(Some(_)))).count();
    let n_late =
        answers.iter().filter(|answer| matches!(answer, Ok(None) | Err(StoreError::Changed))).count();
    assert_eq!((n_appended, n_late), (1, 15), "{answers:?}");
    assert_eq!(store.verify().unwrap().events, 4);
}

pub(crate) fn those_who_decide_at_one_time_each_see_their_own(world: &dyn World) {
    let store = world.store();
    for n in 0..16 {
        append(&*store, erased(&format!("p{n}"), &format!("a{n}")));
    }
    let answers = at_once(16, |thread| {
        let principal = format!("p{thread}");
        (0_u32..10)
            .map(|n| {
                let appended = store.append_decided(&principal, None, &mut |view, _| {
                    let categories = view.events.iter().map(|event| match &event.event {
                        Event::DataErased { category } => category.to_string(),
                        other => panic!("{other:?}"),
                    });
                    assert_eq!(
                        categories.collect::<Vec<_>>(),
                        vec![format!("a{thread}"); usize::try_from(n).unwrap() + 1]
                    );
                    let at = instant("2026-01-01T00:00:00Z") + jiff::SignedDuration::from_secs(i64::from(n));
                    Some((NewEvent { at, ..erased(&principal, &format!("a{thread}")) }, now()))
                });
                appended.unwrap().unwrap().revision
            })
            .collect::<Vec<_>>()
    });
    let mut revisions: Vec<u64> = answers.into_iter().flatten().map(|revision| revision.0).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (17..=176).collect::<Vec<_>>());
    assert_eq!(store.verify().unwrap().principals, 16);
}

pub(crate) fn an_id_that_is_there_is_shown_and_nothing_is_appended(world: &dyn World) {
    let (store, id) = (world.store(), EventId("order-7".to_owned()));
    let decide = |expected: Option<Revision>| {
        store.append_decided("p1", Some(&id), &mut |_, of_id| {
            assert_eq!(of_id, expected);
            // Whom it is about and its id are what was asked for, whatever the event says.
            Some((NewEvent { id: None, ..erased("p2", "a") }, now()))
        })
    };
    let first = decide(None).unwrap().unwrap();
    assert_eq!(store.revision_of(&id).unwrap(), Some(first.revision));
    assert_eq!(store.event_at(first.revision).unwrap().unwrap().principal.as_deref(), Some("p1"));
    assert_eq!(decide(Some(first.revision)).unwrap(), None);
    assert_eq!(store.verify().unwrap().events, 1);
}

pub(crate) fn what_is_decided_is_held_against_the_rules_and_whoever_breaks_off_is_not_waited_for(
    world: &dyn World,
) {
    let store = world.store();
    append(&*store, erased("p1", "a"));
    let late = NewEvent { at: instant("2027-01-01T00:00:00Z"), ..erased("p1", "b") };
    let refused = store.append_decided("p1", None, &mut |_, _| Some((late.clone(), now())));
    assert!(matches!(refused, Err(StoreError::Refused { index: 0, .. })), "{refused:?}");
    std::thread::scope(|scope| {
        let broken =
            scope.spawn(|| store.append_decided("p1", None, &mut |_, _| panic!("a test has it fail")));
        assert!(broken.join().is_err());
    });
    // The same content at the same time as what is there is that event.
    let again = store.append_decided("p1", None, &mut |_, _| Some((erased("p1", "a"), now())));
    let again = again.unwrap().unwrap();
    assert_eq!((again.revision, again.already_there), (Revision(1), true));
    assert_eq!(store.verify().unwrap().events, 1);
}
