//! `/v1/principals/{principal}/…`: what is read of a principal.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::program::{KIKO_ID, Program, site};

const OF: [&str; 6] = ["events", "history", "holdings", "consents", "choices", "receipts"];

#[tokio::test]
async fn of_somebody_unknown_there_is_nothing() {
    let site = site();
    let program = Program::campaigns(&site);
    for of in OF {
        let answer = program.get(&format!("/v1/principals/nobody/{of}")).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (StatusCode::NOT_FOUND, "unknown-principal"),
            "{of}"
        );
    }
    // An identifier is any text, written as an address has it.
    let answer = program.get("/v1/principals/%E3%81%82%20%2F%3F/history").await;
    assert_eq!(answer.problem(), "unknown-principal");
    assert!(answer.json()["detail"].as_str().unwrap().contains("`あ /?`"));
}

#[tokio::test]
async fn every_answer_tells_the_revision_it_is_of() {
    let site = site();
    let program = Program::campaigns(&site);
    let revision = json!(site.nattoku.revision().unwrap().0);
    for of in OF {
        let answer = program.get(&format!("/v1/principals/{KIKO_ID}/{of}")).await.good();
        assert_eq!(answer["revision"], revision, "{of}");
    }
}

fn revisions(answer: &Value) -> Vec<u64> {
    answer["events"].as_array().unwrap().iter().map(|event| event["revision"].as_u64().unwrap()).collect()
}

/// Events come in the order of the ledger, the history newest first, and in parts both are the whole.
#[tokio::test]
async fn events_and_history_come_in_parts() {
    let site = site();
    let program = Program::campaigns(&site);
    for (of, from, is_ascending) in [("events", "after", true), ("history", "before", false)] {
        let address = format!("/v1/principals/{KIKO_ID}/{of}");
        let whole = program.get(&address).await.good();
        assert_eq!(whole["next"], Value::Null);
        let whole = revisions(&whole);
        assert_eq!(whole.len(), 13);
        assert!(whole.is_sorted_by(|a, b| if is_ascending { a < b } else { a > b }), "{whole:?}");
        for limit in [1, 5, 13] {
            let mut parts: Vec<u64> = Vec::new();
            let mut next = String::new();
            loop {
                let part = program.get(&format!("{address}?limit={limit}{next}")).await.good();
                assert!(revisions(&part).len() <= limit);
                parts.extend(revisions(&part));
                let Some(mark) = part["next"].as_u64() else { break };
                next = format!("&{from}={mark}");
            }
            assert_eq!(parts, whole, "{of} by {limit}");
        }
        for wrong in ["limit=0", "limit=-1", "limit=many", &format!("{from}=x"), "page=2", "limit="] {
            let answer = program.get(&format!("{address}?{wrong}")).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "malformed"), "{wrong}");
        }
    }
}

/// An event comes in the fields of an import, so that it could be sent.
#[tokio::test]
async fn an_event_is_told_in_the_fields_of_an_import() {
    let site = site();
    let program = Program::campaigns(&site);
    let events = program.get(&format!("/v1/principals/{KIKO_ID}/events")).await.good();
    let granted =
        events["events"].as_array().unwrap().iter().find(|e| e["item"] == "partner_sharing").unwrap();
    assert_eq!(granted["event"], "consent_granted");
    assert_eq!((&granted["principal"], &granted["text_version"]), (&json!("kiko"), &json!("2")));
    assert_eq!(granted["at"], "2023-04-08T01:00:00Z");
}

#[tokio::test]
async fn holdings_say_where_they_come_from_and_how_long_they_stay() {
    let site = site();
    let program = Program::campaigns(&site);
    let held = program.get(&format!("/v1/principals/{KIKO_ID}/holdings")).await.good();
    let purchase = held["holdings"].as_array().unwrap().iter().find(|h| h["category"] == "purchase").unwrap();
    let acquired = &purchase["acquisitions"][0];
    assert_eq!((&acquired["source"], &acquired["governing"]), (&json!("member_store"), &json!("2019-12-11")));
    assert_eq!(acquired["acquired"], "2026-09-10T03:00:00Z");
    assert!(acquired["revision"].is_u64());
}

#[tokio::test]
async fn consents_and_choices_say_how_they_stand() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.get(&format!("/v1/principals/{KIKO_ID}/consents")).await.good();
    let consents = answer["consents"].as_array().unwrap();
    assert_eq!(consents.len(), site.nattoku.policy().consents.len());
    let of = |item: &str| consents.iter().find(|consent| consent["item"] == item).unwrap();
    assert_eq!(of("partner_sharing")["status"], "given");
    assert_eq!(of("partner_sharing")["agreed"]["text_version"], "2");
    assert_eq!(of("partner_sharing")["acts"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&of("location_use")["status"], &of("location_use")["acts"]),
        (&json!("never_given"), &json!([]))
    );

    let answer = program.get("/v1/principals/sakura/choices").await.good();
    let choices = answer["choices"].as_array().unwrap();
    assert_eq!(choices.len(), site.nattoku.policy().choices.len());
    for choice in choices {
        assert_eq!(choice["declined"], json!(choice["choice"] == "offers"), "{choice}");
    }
}

/// Receipts are of acts of will, with their numbers; one of them comes with the proof, where a checkpoint has it.
#[tokio::test]
async fn receipts_are_of_acts_of_will() {
    let site = site();
    let program = Program::campaigns(&site);
    let address = format!("/v1/principals/{KIKO_ID}/receipts");
    let receipts = program.get(&address).await.good();
    let receipts = receipts["receipts"].as_array().unwrap();
    assert_eq!(receipts.len(), 2);
    for receipt in receipts {
        let revision = receipt["event"]["revision"].as_u64().unwrap();
        assert_eq!(receipt["receipt"], format!("R-{revision:010}"));
        let one = program.get(&format!("{address}/{revision}")).await.good();
        assert_eq!(one["event"], receipt["event"]);
        assert_eq!(one["proof"], Value::Null, "no checkpoint is signed");
    }
    // What is no act of will, of somebody else, or no number, has none.
    let events = program.get("/v1/principals/sakura/events").await.good();
    for none in [revisions(&events)[6].to_string(), "0".to_owned(), "x".to_owned(), u64::MAX.to_string()] {
        let answer = program.get(&format!("{address}/{none}")).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "no-such-event"), "{none}");
    }
    let registered = revisions(&program.get(&format!("/v1/principals/{KIKO_ID}/events")).await.good())[0];
    assert_eq!(program.get(&format!("{address}/{registered}")).await.problem(), "no-such-event");
}
