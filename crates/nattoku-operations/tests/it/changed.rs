//! Who has changed since a list was taken, and recording what programs send.

use std::cell::Cell;
use std::collections::BTreeSet;

use nattoku_model::Revision;
use nattoku_operations::{Nattoku, OperationError, RecordError};
use nattoku_store::EventId;
use serde_json::{Map, Value, json};

use crate::shop::{by_principal, open};

fn shop_of_two(name: &str) -> Nattoku {
    let (shop, _) = open(name, "2020-06-01T12:00:00Z");
    let lines = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:00:00Z"}
{"event":"principal_registered","principal":"p2","at":"2020-06-01T11:00:00Z"}"#;
    shop.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
    shop
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn set(of: &[&str]) -> BTreeSet<String> {
    names(of).into_iter().collect()
}

#[test]
fn those_to_whom_something_has_happened_have_changed() {
    let shop = shop_of_two("changed");
    let since = shop.revision().unwrap();
    let asked = names(&["p1", "p2", "nobody"]);
    let changed = shop.changed_since(since, &asked).unwrap();
    assert_eq!((changed.principals, changed.everybody, changed.revision), (set(&["nobody"]), false, since));

    let granted = shop.grant_consent("p2", "mail", &by_principal(), None).unwrap();
    let changed = shop.changed_since(since, &asked).unwrap();
    assert_eq!((changed.principals, changed.revision), (set(&["nobody", "p2"]), granted.revision));
    // What has happened at that very revision was known then; who is not asked about is not told of.
    assert_eq!(shop.changed_since(granted.revision, &asked).unwrap().principals, set(&["nobody"]));
    assert_eq!(shop.changed_since(since, &names(&["p1"])).unwrap().principals, set(&[]));
    assert_eq!(shop.changed_since(Revision(0), &names(&["p1"])).unwrap().principals, set(&["p1"]));
}

#[test]
fn what_concerns_everybody_changes_everybody() {
    let shop = shop_of_two("changed-everybody");
    let since = shop.revision().unwrap();
    let published = json!({ "event": "policy_published", "version": "2019-12-11", "digest": "0".repeat(64) });
    let event = shop.read_event(&object(&published), None, None).unwrap();
    shop.record(&[event]).unwrap();
    let changed = shop.changed_since(since, &names(&["p1"])).unwrap();
    assert!(changed.everybody && changed.principals.is_empty());
    assert!(!shop.changed_since(changed.revision, &names(&["p1"])).unwrap().everybody);
}

#[test]
fn a_revision_in_the_future_is_refused() {
    let shop = shop_of_two("changed-future");
    let have = shop.revision().unwrap().0;
    let error = shop.changed_since(Revision(have + 1), &[]).unwrap_err();
    assert!(matches!(error, OperationError::Behind { have: h, want } if (h, want) == (have, have + 1)));
}

/// What says nothing of whom or when is about whom it is sent, and happens now.
#[test]
fn an_event_is_read_with_whom_and_when() {
    let (shop, clock) = open("record-read", "2020-06-01T12:00:00Z");
    let acquired = object(&json!({ "event": "data_acquired", "category": "purchase", "source": "till" }));
    let event = shop.read_event(&acquired, Some("p1"), None).unwrap();
    assert_eq!((event.principal.as_deref(), event.at, &event.id), (Some("p1"), shop.now(), &None));
    let id = EventId("k/0".to_owned());
    assert_eq!(shop.read_event(&acquired, Some("p1"), Some(id.clone())).unwrap().id, Some(id.clone()));
    let mut named = acquired.clone();
    named.insert("id".to_owned(), json!("own"));
    let event = shop.read_event(&named, Some("p1"), Some(id)).unwrap();
    assert_eq!(event.id, Some(EventId("own".to_owned())));
    // Sent again, it happened when it happened.
    shop.record(std::slice::from_ref(&event)).unwrap();
    clock.set("2020-06-01T13:00:00Z");
    let again = shop.read_event(&named, Some("p1"), None).unwrap();
    assert_eq!(again, event);
    assert!(shop.record(&[again]).unwrap()[0].already_there);
    named.insert("at".to_owned(), json!("2020-06-01T12:30:00Z"));
    let other = shop.read_event(&named, Some("p1"), None).unwrap();
    let error = shop.record(&[other]).unwrap_err();
    assert!(matches!(error, RecordError::Event { index: 0, conflicts_with: Some(1), .. }), "{error:?}");
}

/// Sent twice at once, it is recorded between the other's reading and recording: that is found out, and it is there once.
#[test]
fn what_is_sent_twice_at_once_is_one_event() {
    let (shop, clock) = open("record-at-once", "2020-06-01T12:00:00Z");
    let acquired = object(&json!({ "event": "data_acquired", "category": "purchase", "source": "till" }));
    let read = |sent| vec![shop.read_event(sent, Some("p1"), Some(EventId("k/0".to_owned()))).unwrap()];
    let times_read = Cell::new(0);
    let (events, appended) = shop
        .record_sent(|| {
            let events = read(&acquired);
            if times_read.replace(times_read.get() + 1) == 0 {
                clock.set("2020-06-01T12:00:01Z");
                shop.record(&read(&acquired))?;
            }
            Ok::<_, RecordError>(events)
        })
        .unwrap();
    assert_eq!((times_read.get(), appended[0].already_there, appended[0].revision), (2, true, Revision(1)));
    assert_eq!(events[0].at, shop.now());

    // Another event under the same id is refused all the same.
    let erased = object(&json!({ "event": "data_erased", "category": "purchase" }));
    let error = shop.record_sent(|| Ok::<_, RecordError>(read(&erased))).unwrap_err();
    assert!(matches!(error, RecordError::Event { conflicts_with: Some(1), .. }), "{error:?}");
}

#[test]
fn what_is_no_event_is_refused_with_its_field() {
    let (shop, _) = open("record-refused", "2020-06-01T12:00:00Z");
    for (field, wrong) in [
        ("principal", json!("p2")),
        ("recorded_at", json!("2020-06-01T11:00:00Z")),
        ("at", json!("2020-06-01T12:00:01Z")),
        ("at", json!(5)),
        ("category", json!("purchases")),
        ("category", json!(["purchase"])),
        ("source", json!("shop")),
        ("event", json!("bought")),
        ("more", json!(1)),
    ] {
        let mut sent = object(&json!({ "event": "data_acquired", "category": "purchase", "source": "till" }));
        sent.insert(field.to_owned(), wrong);
        let error = shop.read_event(&sent, Some("p1"), None).unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
        assert!(!error.problem.ja.is_ascii());
    }
}

/// All are recorded or none.
#[test]
fn of_several_all_are_recorded_or_none() {
    let shop = shop_of_two("record-several");
    let before = shop.revision().unwrap();
    let read = |sent: Value| shop.read_event(&object(&sent), Some("p1"), None).unwrap();
    let first =
        read(json!({ "event": "data_acquired", "category": "purchase", "source": "till", "id": "a" }));
    let other = read(json!({ "event": "data_erased", "category": "purchase", "id": "a" }));
    let error = shop.record(&[first.clone(), other.clone()]).unwrap_err();
    assert!(matches!(error, RecordError::Event { index: 1, .. }), "{error:?}");
    assert_eq!(shop.revision().unwrap(), before);
    shop.record(&[first]).unwrap();
    let error = shop.record(&[other]).unwrap_err();
    assert!(matches!(error, RecordError::Event { conflicts_with: Some(_), .. }), "{error:?}");
}
