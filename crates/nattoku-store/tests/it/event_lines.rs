//! Lines that are read, and lines that are refused with a reason.

use nattoku_model::{Event, Language};
use nattoku_store::NewEvent;
use nattoku_store::event_json::LINE_BYTES_MAX;

use crate::support::{EVERY_EVENT, LATER_EVENTS, event, every_event};

#[test]
fn every_event_is_written_as_it_was_read() {
    for (line, name) in EVERY_EVENT.iter().chain(&LATER_EVENTS).zip(Event::NAMES) {
        let read = event(line);
        assert_eq!(read.event.name(), name);
        assert_eq!(read.to_line(), *line);
        assert_eq!(read.principal.is_some(), read.event.is_about_a_principal());
        assert_eq!(read.check(), Ok(()));
    }
    assert_eq!(EVERY_EVENT.len() + LATER_EVENTS.len(), Event::NAMES.len());
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    for line in [
        r#"{"event":"principal_registered","principal":"p1","at":"2020-01-01T09:00:00+09:00"}"#,
        r#" { "at" : "2020-01-01T09:00:00+09:00" , "event" : "guardian_linked" , "principal" : "\u0070\ud83d\ude00" , "guardian" : "g" } "#,
        r#"{"event":"restriction_placed","principal":"p1","at":"2020-01-01T09:00:00+09:00","categories":[],"actions":[]}"#,
        r#"{"event":"data_erased","id":"batch 7/3","recorded_at":"2020-01-02T00:00:00Z","principal":"p1","at":"2020-01-01T09:00:00+09:00","category":"a"}"#,
    ] {
        let read = event(line);
        assert_eq!(event(&read.to_line()), read);
    }
}

/// A line with one field of a good consent replaced by `with`, or removed where `with` is empty.
fn consent_with(field: &str, with: &str) -> String {
    let fields = [
        ("event", r#""consent_granted""#),
        ("principal", r#""p1""#),
        ("at", r#""2020-01-05T12:00:00+09:00""#),
        ("item", r#""sharing""#),
        ("text_version", r#""2""#),
        ("language", r#""ja""#),
        ("channel", r#""web""#),
        ("by", r#""principal""#),
    ];
    let mut parts: Vec<String> = fields
        .iter()
        .map(|(key, value)| (key, if *key == field { with } else { value }))
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    if fields.iter().all(|(key, _)| *key != field) {
        parts.push(format!("\"{field}\":{with}"));
    }
    format!("{{{}}}", parts.join(","))
}

#[test]
fn what_is_wrong_is_told_by_field_with_the_way_out() {
    let long = format!("\"{}\"", "x".repeat(1_001));
    let cases = [
        ("event", r#""consent_grantd""#, "did you mean `consent_granted`?"),
        ("event", r#""claim_filed""#, "not supported by this version"),
        ("event", r#""incident_opened""#, "not supported by this version"),
        ("event", r#""zzz""#, "docs/reference/events.md"),
        ("event", "", "add `event`"),
        ("event", "7", "found a number"),
        ("principal", "", "add `principal`"),
        ("principal", r#""""#, "an id of 1 to 128 bytes"),
        ("principal", r#"" p1""#, "an id of 1 to 128 bytes"),
        ("principal", r#""p\u00001""#, "an id of 1 to 128 bytes"),
        ("principal", "null", "leave the field out"),
        ("at", "", "add `at`"),
        ("at", r#""2020-01-05T12:00:00""#, "add `+09:00` for Japan or `Z` for UTC"),
        ("at", r#""2020-02-30T12:00:00Z""#, "RFC 3339"),
        ("at", "1578193200", "found a number"),
        ("recorded_at", r#""yesterday""#, "RFC 3339"),
        ("id", r#""""#, "an id of 1 to 128 characters"),
        ("item", "", "add `item`"),
        ("item", r#""Sharing""#, "a name as policies declare it"),
        ("text_version", r#""2 b""#, "without white space"),
        ("language", r#""fr""#, "`ja` or `en`"),
        ("channel", r#"" ""#, "a text of 1 to 1000 bytes"),
        ("channel", long.as_str(), "found 1001 bytes"),
        ("by", r#""mother""#, "`guardian:<id>`"),
        ("by", r#""guardian:""#, "`guardian:<id>`"),
        ("by", r#""agent: x""#, "an id of 1 to 128 bytes"),
        ("until", r#""2020-01-05""#, "RFC 3339"),
        ("evidence", r#"{"a":1}"#, "found an object"),
        ("evidence", "[1]", "found a list with something else in it"),
        ("evidense", r#""x""#, "did you mean `evidence`?"),
        ("zzz", r#""x""#, "its fields are event, principal"),
    ];
    for (field, with, wanted) in cases {
        let line = consent_with(field, with);
        let error = NewEvent::from_line(line.as_bytes()).expect_err(&line);
        assert_eq!(error.field, field, "{line}");
        let message = error.message(Language::En);
        assert!(message.contains(wanted), "{line}: {message}");
        assert!(!message.contains('\n'));
        assert!(!error.message(Language::Ja).is_ascii(), "{line}");
        assert!(!error.expected.get(Language::Ja).is_empty() && !error.help.get(Language::Ja).is_empty());
    }
}

#[test]
fn a_line_that_is_not_one_object_is_refused() {
    let long = format!("{{\"event\":\"{}\"}}", "x".repeat(LINE_BYTES_MAX));
    let many = format!("{{{}}}", (0..65).map(|i| format!("\"k{i}\":1")).collect::<Vec<_>>().join(","));
    for line in ["", "{", "[]", "\"x\"", "{} {}", "null", "{\"a\":1,}", &long, &many, &"[".repeat(60_000)] {
        assert_eq!(NewEvent::from_line(line.as_bytes()).unwrap_err().field, "line", "{line:.40}");
    }
    assert_eq!(NewEvent::from_line(b"{\"event\":\"\xff\"}").unwrap_err().field, "line");
}

#[test]
fn a_key_written_twice_is_refused() {
    let line = r#"{"event":"data_erased","principal":"p1","principal":"p2","at":"2020-01-01T00:00:00Z","category":"a"}"#;
    let error = NewEvent::from_line(line.as_bytes()).unwrap_err();
    assert_eq!(
        error.message(Language::En),
        "`principal`: expected the field once, found it twice; remove one of the two"
    );
    assert_eq!(
        error.message(Language::Ja),
        "`principal`: 1回だけの記載が必要ですが、2回の記載でした。どちらか一方を消してください"
    );
}

#[test]
fn events_about_everybody_take_no_principal() {
    let line = r#"{"event":"policy_published","principal":"p1","at":"2020-01-01T00:00:00Z","version":"1","digest":"d"}"#;
    assert!(
        NewEvent::from_line(line.as_bytes())
            .unwrap_err()
            .message(Language::En)
            .contains("remove `principal`")
    );
}

#[test]
fn lists_have_limits() {
    let line = |categories: &str| {
        let rest = r#""event":"data_used","principal":"p1","at":"2020-01-01T00:00:00Z","application":"a","activity":"b""#;
        NewEvent::from_line(format!("{{{rest},\"categories\":[{categories}]}}").as_bytes())
    };
    assert!(line(&vec!["\"c\""; 200].join(",")).is_ok());
    assert!(line(&vec!["\"c\""; 201].join(",")).is_err());
    assert!(line("").is_err());
    let action = r#"{"event":"restriction_placed","principal":"p1","at":"2020-01-01T00:00:00Z","categories":[],"actions":["provid"]}"#;
    let error = NewEvent::from_line(action.as_bytes()).unwrap_err();
    assert!(error.message(Language::En).contains("did you mean `provide`?"), "{error}");
}

#[test]
fn an_event_made_in_the_program_is_held_to_the_same_rules() {
    for new in every_event().into_iter().chain(LATER_EVENTS.map(event)) {
        let mut wrong = new.clone();
        wrong.principal = match wrong.principal {
            Some(_) => None,
            None => Some("p1".to_owned()),
        };
        assert_eq!(wrong.check().unwrap_err().field, "principal");
        wrong = NewEvent { at: jiff::Timestamp::MIN, ..new };
        assert_eq!(wrong.check().unwrap_err().field, "at");
    }
    let bad = NewEvent::about("p1", crate::support::now(), Event::DataErased { category: "Bad Name".into() });
    assert_eq!(bad.check().unwrap_err().field, "category");
}
