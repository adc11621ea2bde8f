//! `GET /v1/events`: what happened, in batches and as a stream, from where its reader is.

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode, header};
use futures_util::StreamExt as _;
use nattoku_model::Event;
use nattoku_operations::CallerAct;
use nattoku_store::{OpenMode, SeededRandomness, Settings};
use serde_json::{Value, json};

use crate::program::{KIKO_ID, Program, site};
use crate::site::Answer;

/// The events of an answer.
fn batch(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/cloudevents-batch+json");
    answer.json().as_array().unwrap().clone()
}

/// Where an answer says to go on.
fn next(answer: &Answer) -> String {
    let link = answer.header(header::LINK);
    let address = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    address.to_owned()
}

fn ids(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["id"].as_str().unwrap().parse().unwrap()).collect()
}

async fn withdraw(program: &Program<'_>) -> u64 {
    let withdraw = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" });
    let answer = program.post("/v1/principals/kiko/consents", &withdraw).await.good();
    answer["revision"].as_u64().unwrap()
}

#[tokio::test]
async fn every_event_is_a_cloud_event_with_the_fields_of_an_export() {
    let site = site();
    let program = Program::campaigns(&site);
    let revision = withdraw(&program).await;
    let events = batch(&program.get(&format!("/v1/events?after={}", revision - 1)).await);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["id"], revision.to_string());
    assert_eq!(event["type"], "nattoku.consent_withdrawn.v1");
    assert_eq!(event["subject"], KIKO_ID);
    assert_eq!(event["time"], event["data"]["at"]);
    assert_eq!(event["sequence"], format!("{revision:020}"));
    assert_eq!(event["datacontenttype"], "application/json");
    assert_eq!(event["data"]["event"], "consent_withdrawn");
    assert_eq!(event["data"]["principal"], KIKO_ID);
    assert_eq!(event["data"]["item"], "partner_sharing");
    let ledger = u128::from_be_bytes(site.nattoku.ledger_id().unwrap());
    assert_eq!(event["source"], format!("nattoku.invalid/{ledger:032x}"));
    let named = site.nattoku.clone().with_ledger_name("privacy.example.jp/nattoku");
    let told = named.feed(nattoku_model::Revision(0), nattoku_model::Revision(1), 1).unwrap();
    assert_eq!(told.events[0].cloud_event["source"], "privacy.example.jp/nattoku");
    assert!(Event::NAMES.contains(&told.events[0].name));
}

/// Every event comes once, in its order, however many are asked for at once.
#[tokio::test]
async fn whoever_follows_the_links_reads_everything_once() {
    let site = site();
    let program = Program::campaigns(&site);
    let newest = site.nattoku.revision().unwrap().0;
    let all = ids(&batch(&program.get("/v1/events").await));
    assert_eq!(all, (1..=newest).collect::<Vec<_>>());
    let (mut read, mut address) = (Vec::new(), "/v1/events?limit=3".to_owned());
    loop {
        let answer = program.get(&address).await;
        let events = batch(&answer);
        assert!(events.len() <= 3);
        address = next(&answer);
        if events.is_empty() {
            break;
        }
        read.extend(ids(&events));
    }
    assert_eq!(read, all);
    let revision = withdraw(&program).await;
    assert_eq!(ids(&batch(&program.get(&address).await)), [revision]);
}

/// What is erased is passed over, and whoever reads gets beyond it.
#[tokio::test]
async fn of_the_erased_nothing_is_told() {
    let site = site();
    let program = Program::campaigns(&site);
    let before = batch(&program.get("/v1/events").await);
    assert!(before.iter().any(|event| event["subject"] == KIKO_ID));
    let (randomness, settings) = (SeededRandomness::new(9), Settings::default());
    let store = site.place().open(OpenMode::Existing, randomness, settings, &site.kek()).unwrap();
    nattoku_operations::erase(&*store, KIKO_ID, site.now()).unwrap();
    site.web.node.take_in().unwrap();
    let answer = program.get("/v1/events?limit=1000").await;
    assert!(!answer.body.contains(KIKO_ID), "{}", answer.body);
    assert!(batch(&answer).len() < before.len());
    assert_eq!(next(&answer), format!("/v1/events?after={}&limit=1000", site.nattoku.revision().unwrap()));
}

#[tokio::test]
async fn it_takes_an_act_of_its_own_and_parameters_that_there_are() {
    let site = site();
    let others: Vec<CallerAct> = CallerAct::ALL.into_iter().filter(|act| *act != CallerAct::Feed).collect();
    let program = Program::with(&site, &["*"], &others);
    assert_eq!(program.get("/v1/events").await.problem(), "not-allowed");
    let program = Program::with(&site, &["*"], &[CallerAct::Feed]);
    program.get("/v1/events").await;
    for wrong in ["after=-1", "after=x", "limit=0", "before=3", "since=1"] {
        assert_eq!(program.get(&format!("/v1/events?{wrong}")).await.problem(), "malformed", "{wrong}");
    }
    // Whoever has read what is not there has read something else.
    let ahead = program.get("/v1/events?after=1000000").await;
    assert_eq!((ahead.status.as_u16(), ahead.problem().as_str()), (409, "conflict"));
    assert_eq!(ahead.json()["revision"], site.nattoku.revision().unwrap().0);
    let request = program.request(Method::GET, "/v1/events").header("last-event-id", "x");
    assert_eq!(site.ask(request, Body::empty()).await.problem(), "malformed");
}

/// A stream that is being read.
struct Reading {
    body: BodyDataStream,
    text: String,
}

impl Reading {
    async fn begin(program: &Program<'_>, address: &str, last: Option<u64>) -> Self {
        let mut request = program.request(Method::GET, address).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = program.site.open(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["x-accel-buffering"], "no", "a proxy hands it on as it comes");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((one, rest)) = self.text.split_once("\n\n") {
                let (one, rest) = (one.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| one.lines().find_map(|line| line.strip_prefix(name));
                let Some(data) = field("data: ") else { continue };
                let event: Value = serde_json::from_str(data).unwrap();
                assert_eq!(field("id: "), event["id"].as_str());
                return Some(event);
            }
            let part = self.body.next().await?.unwrap();
            self.text.push_str(str::from_utf8(&part).unwrap());
        }
    }
}

#[tokio::test]
async fn a_stream_goes_on_and_is_gone_on_with() {
    let site = site();
    let program = Program::campaigns(&site);
    let newest = site.nattoku.revision().unwrap().0;
    let mut reading = Reading::begin(&program, &format!("/v1/events?after={}", newest - 2), None).await;
    let mut read = Vec::new();
    for _ in 0..2 {
        read.push(reading.next().await.unwrap());
    }
    assert_eq!(ids(&read), [newest - 1, newest]);
    let revision = withdraw(&program).await;
    let event = reading.next().await.unwrap();
    assert_eq!(
        (&event["id"], &event["type"]),
        (&json!(revision.to_string()), &json!("nattoku.consent_withdrawn.v1"))
    );
    drop(reading);
    // Its reader comes again to the address with which they began.
    let again = format!("/v1/events?after={}", newest - 2);
    let mut reading = Reading::begin(&program, &again, Some(newest)).await;
    assert_eq!(reading.next().await.unwrap()["id"], revision.to_string());
    // At its end a server lets nobody wait.
    site.web.end();
    assert_eq!(reading.next().await, None);
}

#[tokio::test]
async fn there_are_only_so_many_streams() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut readings = Vec::new();
    for _ in 0..nattoku_web::STREAMS_MAX {
        readings.push(Reading::begin(&program, "/v1/events", None).await);
    }
    let request = program.request(Method::GET, "/v1/events").header("accept", "text/event-stream");
    assert_eq!(site.ask(request, Body::empty()).await.problem(), "busy");
    readings.pop();
    Reading::begin(&program, "/v1/events", None).await;
}
