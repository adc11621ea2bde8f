//! Recording events.

use axum::http::StatusCode;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::program::{KIKO_ID, Program, by_consent, site};
use crate::site::{Answer, Site};

const EVENTS: &str = "/v1/principals/kiko/events";

fn acquired() -> Value {
    json!({ "event": "data_acquired", "category": "call_history", "source": "service_records" })
}

/// Sends under a key.
async fn under(program: &Program<'_>, key: &str, address: &str, body: &Value) -> Answer {
    program.site.ask(program.posting(address).header("idempotency-key", key), body.to_string()).await
}

fn count(site: &Site) -> usize {
    site.nattoku.history(KIKO_ID).unwrap().len()
}

/// What says nothing of when happens now, and what says nothing of whom is about whom the address names.
#[tokio::test]
async fn an_event_happens_now_to_whom_the_address_names() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post(EVENTS, &acquired()).await.good();
    assert_eq!(
        (&answer["acknowledged"], &answer["events"][0]["already_there"]),
        (&json!("durable"), &json!(false))
    );
    assert_eq!(answer["revision"], answer["events"][0]["revision"]);
    let events = program.get(EVENTS).await.good();
    let last = events["events"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["revision"], &last["principal"]), (&answer["revision"], &json!("kiko")));
    assert_eq!(last["at"].as_str().unwrap(), site.now().to_string());
}

/// A principal whom nobody has heard of is known from their first event on.
#[tokio::test]
async fn somebody_new_is_known_from_their_first_event_on() {
    let site = site();
    let program = Program::campaigns(&site);
    let event = json!({ "event": "principal_registered", "born": "1990-01-01" });
    program.post("/v1/principals/new%20one/events", &event).await.good();
    assert_eq!(
        program.get("/v1/principals/new%20one/history").await.good()["events"][0]["principal"],
        "new one"
    );
}

/// Several are recorded in one, all or none.
#[tokio::test]
async fn several_are_recorded_or_none() {
    let site = site();
    let program = Program::campaigns(&site);
    let before = count(&site);
    let mut later = acquired();
    later["category"] = json!("network_log");
    let answer = program.post(EVENTS, &json!({ "events": [acquired(), later] })).await.good();
    assert_eq!(answer["events"].as_array().unwrap().len(), 2);
    assert_eq!(count(&site), before + 2);
    for (wrong, index) in
        [(json!({ "event": "data_acquired" }), 1), (json!({ "event": "nothing_like_it" }), 1)]
    {
        let answer = program.post(EVENTS, &json!({ "events": [acquired(), wrong, acquired()] })).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "refused"));
        assert_eq!(answer.json()["index"], json!(index));
    }
    for wrong in [json!([]), json!({}), json!([5]), json!("text"), json!(vec![acquired(); 1_001])] {
        let answer = program.post(EVENTS, &json!({ "events": wrong })).await;
        assert_eq!(answer.problem(), "malformed", "{}", answer.body);
    }
    assert_eq!(count(&site), before + 2, "nothing of what was refused");
}

#[tokio::test]
async fn what_is_no_event_is_refused_with_its_field() {
    let site = site();
    let program = Program::campaigns(&site);
    let before = count(&site);
    for (field, wrong) in [
        ("category", json!("call_histories")),
        ("category", json!(5)),
        ("source", json!("nowhere")),
        ("at", json!("2099-01-01T00:00:00Z")),
        ("at", json!("yesterday")),
        ("principal", json!("sakura")),
        ("principal", json!(5)),
        ("recorded_at", json!("2026-01-01T00:00:00Z")),
        ("event", json!("data_aquired")),
        ("event", json!(null)),
        ("anything", json!(1)),
        ("id", json!("")),
        ("id", json!("x".repeat(129))),
    ] {
        let mut event = acquired();
        event[field] = wrong.clone();
        let answer = program.post(EVENTS, &event).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "refused"), "{field} {wrong}");
        assert_eq!(answer.json()["field"], json!(field), "{}", answer.body);
    }
    assert_eq!(count(&site), before);
}

/// Idempotency-Key: what is sent twice is there once, although its time was not said and time has passed.
#[tokio::test]
async fn what_is_sent_twice_under_a_key_is_recorded_once() {
    let site = site();
    let program = Program::campaigns(&site);
    let first = under(&program, "call-1", EVENTS, &acquired()).await.good();
    let before = count(&site);
    site.pass(3);
    let again = under(&program, "call-1", EVENTS, &acquired()).await.good();
    assert_eq!(
        (&again["revision"], &again["events"][0]["already_there"]),
        (&first["revision"], &json!(true))
    );
    assert_eq!(again["events"][0]["recorded_at"], first["events"][0]["recorded_at"]);
    assert_eq!(count(&site), before);

    let mut other = acquired();
    other["category"] = json!("network_log");
    let answer = under(&program, "call-1", EVENTS, &other).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::CONFLICT, "conflict"));
    assert_eq!(answer.json()["revision"], first["revision"]);
    let of_another = under(&program, "call-1", "/v1/principals/sakura/events", &acquired()).await;
    assert_eq!(of_another.problem(), "conflict", "about somebody else");
    assert_eq!(count(&site), before);

    // Several under one key are known by their places; so a call that is sent again may not have another length of them.
    let several = json!({ "events": [acquired(), other] });
    let first = under(&program, "call-2", EVENTS, &several).await.good();
    site.pass(1);
    let again = under(&program, "call-2", EVENTS, &several).await.good();
    assert_eq!(again["revision"], first["revision"]);
    // Another caller's key is another one.
    let neighbor = Program::campaigns(&site);
    let answer = under(&neighbor, "call-1", EVENTS, &other).await.good();
    assert_eq!(answer["events"][0]["already_there"], false);
    // An id in the event is the same as a key, and goes before it.
    let mut named = acquired();
    named["id"] = json!("record-77");
    let first = program.post(EVENTS, &named).await.good();
    site.pass(1);
    assert_eq!(under(&program, "call-9", EVENTS, &named).await.good()["revision"], first["revision"]);
}

#[tokio::test]
async fn a_key_is_short_and_plain() {
    let site = site();
    let program = Program::campaigns(&site);
    for key in ["", &"x".repeat(65), "\u{e9}"] {
        let answer = under(&program, key, EVENTS, &acquired()).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "malformed"), "{key}");
    }
    under(&program, &"x".repeat(64), EVENTS, &acquired()).await.good();
}

/// An event counts from the next decision on.
#[tokio::test]
async fn an_event_counts_from_the_next_decision_on() {
    let site = site();
    let program = Program::campaigns(&site);
    assert_eq!(program.post("/v1/decide", &by_consent()).await.good()["decision"], "permit");
    let placed = json!({
        "event": "restriction_placed",
        "categories": ["purchase"],
        "actions": ["provide"],
        "acknowledge": "enforced",
    });
    let answer = program.post(EVENTS, &placed).await.good();
    assert_eq!(answer["acknowledged"], "enforced");
    let decided = program.post("/v1/decide", &by_consent()).await.good();
    assert_eq!((&decided["decision"], &decided["revision"]), (&json!("deny"), &answer["revision"]));
}

#[tokio::test]
async fn recording_is_an_act_of_its_own() {
    let site = site();
    for act in CallerAct::ALL.into_iter().filter(|act| *act != CallerAct::Record) {
        let program = Program::with(&site, &["*"], &[act]);
        for address in [EVENTS, "/v1/recipients", "/v1/publications"] {
            assert_eq!(program.post(address, &acquired()).await.problem(), "not-allowed", "{act} {address}");
        }
    }
}
