//! What is read is what was appended.

use nattoku_model::Revision;
use nattoku_store::PageMark;

use crate::support::{Folder, event, every_event, now};

#[test]
fn a_principal_is_read_with_what_concerns_everybody() {
    let folder = Folder::new();
    let store = folder.store();
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

#[test]
fn one_event_is_found_by_its_revision() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    let line = store.event_at(Revision(9)).unwrap().unwrap();
    assert_eq!((line.principal.as_deref(), line.id), (Some("p1"), None));
    assert_eq!(line.recorded.event, every_event()[8].event);
    for absent in [0, 23, u64::MAX] {
        assert_eq!(store.event_at(Revision(absent)).unwrap(), None);
    }
}

#[test]
fn stats_count_by_name() {
    let folder = Folder::new();
    let store = folder.store();
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

#[test]
fn principals_are_read_a_page_at_a_time_at_one_revision() {
    let folder = Folder::new();
    let store = folder.store();
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
