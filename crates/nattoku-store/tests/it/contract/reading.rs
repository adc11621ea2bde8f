//! What is read is what was appended.

use nattoku_model::name::RelationshipName;
use nattoku_model::{Event, Revision};
use nattoku_store::{EventId, NewEvent, OpenMode, PageMark};

use super::World;
use crate::support::{event, every_event, now};

pub(crate) fn a_principal_is_read_with_what_concerns_everybody(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let other = r#"{"event":"data_erased","principal":"p2","at":"2020-01-01T00:00:00Z","category":"a"}"#;
    store.append(&[event(other)], now(), false).unwrap();
    let events = store.events_of("p1").unwrap().unwrap();
    let appended: Vec<_> = every_event().into_iter().map(|new| (new.at, new.event)).collect();
    let read: Vec<_> = events.into_iter().map(|e| (e.at, e.event)).collect();
    assert_eq!(read, appended);
    let revisions = |identifier: &str| -> Vec<u64> {
        store.view_of(identifier).unwrap().events.iter().map(|e| e.revision.0).collect()
    };
    assert_eq!(revisions("p2"), [17, 18, 19, 20, 21, 22, 23]);
    assert_eq!(revisions("nobody"), [17, 18, 19, 20, 21, 22]);
    assert_eq!(store.events_of("nobody").unwrap(), None);
    assert!(!store.view_of("nobody").unwrap().known);
    assert_eq!(store.view_of("nobody").unwrap().revision, Revision(23));
    // General events that come later are seen although the earlier ones were remembered.
    let later = r#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"other"}"#;
    store.append(&[event(later)], now(), false).unwrap();
    assert_eq!(revisions("nobody"), [17, 18, 19, 20, 21, 22, 24]);
}

pub(crate) fn what_concerns_everybody_is_read_once_at_whatever_revision_it_is_asked(world: &dyn World) {
    let (store, writer) = (world.store(), world.again(OpenMode::Existing));
    let published = |publication: &str| {
        let line = r#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"NAME"}"#;
        writer.append(&[event(&line.replace("NAME", publication))], now(), false).unwrap();
    };
    let read = |revision| -> Vec<u64> {
        store.general_events(Revision(revision)).unwrap().iter().map(|e| e.revision.0).collect()
    };
    let seen =
        || -> Vec<u64> { store.view_of("nobody").unwrap().events.iter().map(|e| e.revision.0).collect() };
    ["a", "b", "c"].into_iter().for_each(published);
    // Of a revision that is not the newest, and of one that the ledger has not reached.
    assert_eq!(read(1), [1]);
    assert_eq!(seen(), [1, 2, 3]);
    assert_eq!(read(2), [1, 2]);
    assert_eq!(read(u64::MAX), [1, 2, 3]);
    ["d", "e"].into_iter().for_each(published);
    assert_eq!(read(4), [1, 2, 3, 4]);
    assert_eq!(read(u64::MAX), [1, 2, 3, 4, 5]);
    published("f");
    assert_eq!(seen(), [1, 2, 3, 4, 5, 6]);
}

pub(crate) fn one_event_is_found_by_its_revision(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let line = store.event_at(Revision(9)).unwrap().unwrap();
    assert_eq!((line.principal.as_deref(), line.id), (Some("p1"), None));
    assert_eq!(line.recorded.event, every_event()[8].event);
    for absent in [0, 23, u64::MAX] {
        assert_eq!(store.event_at(Revision(absent)).unwrap(), None);
    }
}

pub(crate) fn an_event_is_found_by_the_id_its_sender_gave(world: &dyn World) {
    let store = world.store();
    let [of_nobodys, of_senders] = [None, Some("order-7")].map(|id| {
        let event = Event::RelationshipStarted { relationship: RelationshipName::from("contract") };
        NewEvent { id: id.map(|id| EventId(id.to_owned())), ..NewEvent::about("p1", now(), event) }
    });
    let appended = store.append(&[of_nobodys, of_senders], now(), false).unwrap();
    assert_eq!(store.revision_of(&EventId("order-7".to_owned())).unwrap(), Some(appended[1].revision));
    assert_eq!(store.revision_of(&EventId("order-8".to_owned())).unwrap(), None);
}

/// All that an act is decided on is of one revision: where the event with the id is there, so is the event, and the other way round.
pub(crate) fn a_principal_is_read_with_the_head_and_the_event_of_an_id(world: &dyn World) {
    let (store, writer) = (world.store(), world.again(OpenMode::Existing));
    let id = |n: u64| EventId(format!("order-{n}"));
    let (view, of_id) = store.view_with("p1", Some(&id(0))).unwrap();
    assert_eq!((view.revision, view.recorded_at, view.known, of_id), (Revision(0), None, false, None));
    let append = |n: u64, principal: &str| {
        let event = Event::RelationshipStarted { relationship: RelationshipName::from("contract") };
        let new = NewEvent { id: Some(id(n)), ..NewEvent::about(principal, now(), event) };
        writer.append(&[new], now(), false).unwrap()[0]
    };
    let (first, second) = (append(0, "p1"), append(1, "p2"));
    let (view, of_id) = store.view_with("p1", Some(&id(0))).unwrap();
    assert_eq!((view.revision, view.known, of_id), (second.revision, true, Some(first.revision)));
    assert_eq!(view.recorded_at, Some(second.recorded_at));
    // An id is found whomever its event is about, and nothing where none is asked for.
    assert_eq!(store.view_with("p1", Some(&id(1))).unwrap().1, Some(second.revision));
    assert_eq!(store.view_with("p1", Some(&id(2))).unwrap().1, None);
    assert_eq!(store.view_with("p1", None).unwrap(), (store.view_of("p1").unwrap(), None));
    std::thread::scope(|scope| {
        let appends = scope.spawn(|| (2..30).for_each(|n| _ = append(n, "p1")));
        for n in 2..30 {
            let mut is_there = false;
            while !is_there {
                assert!(!appends.is_finished() || store.view_with("p1", Some(&id(n))).unwrap().1.is_some());
                let (view, of_id) = store.view_with("p1", Some(&id(n))).unwrap();
                assert!(view.events.last().unwrap().revision <= view.revision);
                is_there = of_id.is_some();
                // The first about them, and one for each revision from the third on.
                assert_eq!(view.events.len() as u64, view.revision.0 - 1);
                assert_eq!(is_there, view.events.len() as u64 >= n);
            }
        }
    });
}

pub(crate) fn stats_count_by_name(world: &dyn World) {
    let store = world.store();
    let empty = store.stats().unwrap();
    assert_eq!(empty.root.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    store.append(&every_event(), now(), false).unwrap();
    store.append(&every_event(), now(), false).unwrap();
    let stats = store.stats().unwrap();
    assert_eq!((stats.events, stats.principals, stats.revision), (22, 1, Revision(22)));
    assert_eq!(stats.events_by_name.len(), 22);
    assert!(stats.events_by_name.values().all(|n| *n == 1));
    assert_eq!(store.verify().unwrap(), stats);
}

pub(crate) fn principals_are_read_a_page_at_a_time_at_one_revision(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let erased = |principal: &str| {
        event(&format!(
            r#"{{"event":"data_erased","principal":"{principal}","at":"2020-01-01T00:00:00Z","category":"a"}}"#
        ))
    };
    store.append(&["p2", "p3", "p1"].map(erased), now(), false).unwrap();
    let revision = store.revision().unwrap();
    // What comes later, about somebody known or somebody new, is not of that revision.
    let later = r#"{"event":"data_erased","principal":"p2","at":"2020-02-01T00:00:00Z","category":"b"}"#;
    store.append(&[event(later), erased("p4")], now(), false).unwrap();

    let mut read: Vec<(String, Vec<u64>)> = Vec::new();
    let mut mark = Some(PageMark::default());
    while let Some(after) = mark {
        let page = store.principals_page(after, 2, revision).unwrap();
        assert!(page.principals.len() <= 2);
        read.extend(page.principals.into_iter().map(|principal| {
            (principal.identifier, principal.events.iter().map(|e| e.revision.0).collect())
        }));
        mark = page.next;
    }
    let of_first: Vec<u64> = (1..=16).chain([25]).collect();
    assert_eq!(read, [("p1".to_owned(), of_first), ("p2".to_owned(), vec![23]), ("p3".to_owned(), vec![24])]);
    let general: Vec<u64> = store.general_events(revision).unwrap().iter().map(|e| e.revision.0).collect();
    assert_eq!(general, [17, 18, 19, 20, 21, 22]);
}

pub(crate) fn what_came_since_a_revision_is_read_in_its_order_with_whom_it_is_about(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let known = store.revision().unwrap();
    let erased = |principal: &str| {
        event(&format!(
            r#"{{"event":"data_erased","principal":"{principal}","at":"2020-01-01T00:00:00Z","category":"a"}}"#
        ))
    };
    let general = r#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"other"}"#;
    store.append(&[erased("p2"), event(general), erased("p1"), erased("p3")], now(), false).unwrap();
    let page = store.identifiers_page(PageMark::default(), 2).unwrap();
    let more = store.identifiers_page(page.next.unwrap(), 2).unwrap();
    assert_eq!(more.next, None);
    let principals = [page.principals, more.principals].concat();
    let identifiers: Vec<&str> = principals.iter().map(|(identifier, _)| identifier.as_str()).collect();
    assert_eq!(identifiers, ["p1", "p2", "p3"]);
    let read = |after: u64, until: u64, count| -> Vec<(u64, Option<&str>)> {
        let events = store.events_after(Revision(after), Revision(until), count).unwrap();
        let named = |id: [u8; 16]| principals.iter().find(|(_, other)| *other == id).unwrap().0.as_str();
        events.into_iter().map(|e| (e.recorded.revision.0, e.principal.map(named))).collect()
    };
    assert_eq!(read(known.0, 26, 10), [(23, Some("p2")), (24, None), (25, Some("p1")), (26, Some("p3"))]);
    assert_eq!(read(23, 25, 10), [(24, None), (25, Some("p1"))]);
    assert_eq!(read(22, 26, 2), [(23, Some("p2")), (24, None)]);
    assert_eq!(read(26, 99, 10), []);
    let news = |after: u64, count| {
        let news = store.news_after(Revision(after), count).unwrap();
        assert_eq!(news.erased, Vec::<[u8; 16]>::new());
        (news.revision.0, news.events.iter().map(|e| e.recorded.revision.0).collect::<Vec<u64>>())
    };
    assert_eq!(news(22, 10), (26, vec![23, 24, 25, 26]));
    assert_eq!(news(22, 2), (26, vec![23, 24]), "as many as were asked for, of a ledger that is longer");
    assert_eq!(news(26, 10), (26, vec![]));
    let newer = store.events_after(Revision(22), Revision(26), 10).unwrap();
    assert_eq!(store.news_after(Revision(22), 10).unwrap().events, newer);
}

pub(crate) fn a_principal_is_read_by_the_random_id_up_to_a_revision(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let later = r#"{"event":"data_erased","principal":"p1","at":"2020-01-01T00:00:00Z","category":"a"}"#;
    store.append(&[event(later)], now(), false).unwrap();
    let (_, id) = store.identifiers_page(PageMark::default(), 1).unwrap().principals[0];
    let revisions = |revision| -> Vec<u64> {
        store.events_of_id(&id, Revision(revision)).unwrap().iter().map(|e| e.revision.0).collect()
    };
    assert_eq!(revisions(23), (1..=16).chain([23]).collect::<Vec<u64>>());
    assert_eq!(revisions(22), (1..=16).collect::<Vec<u64>>());
    assert!(store.events_of_id(&[0; 16], Revision(23)).unwrap().is_empty());
}

pub(crate) fn the_hash_of_a_leaf_tells_ledgers_apart(world: &dyn World) {
    let (one, other) = (world.store(), world.open("other", OpenMode::Create, 1).unwrap());
    for store in [&one, &other] {
        store.append(&every_event(), now(), false).unwrap();
    }
    assert_eq!(one.leaf_hash(Revision(22)).unwrap().unwrap().len(), 32);
    for absent in [0, 23, u64::MAX] {
        assert_eq!(one.leaf_hash(Revision(absent)).unwrap(), None);
    }
    let later = r#"{"event":"data_erased","principal":"p1","at":"2020-01-01T00:00:00Z","category":"a"}"#;
    one.append(&[event(later)], now(), false).unwrap();
    other.append(&[event(&later.replace(r#""a""#, r#""b""#))], now(), false).unwrap();
    assert_ne!(one.leaf_hash(Revision(23)).unwrap(), other.leaf_hash(Revision(23)).unwrap());
}
