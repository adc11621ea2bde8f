//! Every kind of problem is one that happens, and each is told as RFC 9457 has it, in the caller's language.
//!
//! That no kind is left out here is seen to by a test beside the kinds themselves.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, Method, Request, header, request};
use nattoku_operations::CallerAct;
use nattoku_store::Place;
use serde_json::{Value, json};

use crate::program::{Program, by_consent, site, site_on};
use crate::site::{Answer, Site, Terms};

/// A call that ends in a problem, and what its problem has beside the members of RFC 9457.
struct Provoked {
    kind: &'static str,
    status: u16,
    request: request::Builder,
    body: String,
    more: &'static [&'static str],
}

fn provoked(
    kind: &'static str,
    status: u16,
    (request, body): (request::Builder, Value),
    more: &'static [&'static str],
) -> Provoked {
    Provoked { kind, status, request, body: body.to_string(), more }
}

fn asking(program: &Program<'_>, question: Value) -> (request::Builder, Value) {
    (program.posting("/v1/decide"), question)
}

fn getting(program: &Program<'_>, address: &str) -> (request::Builder, Value) {
    (program.request(Method::GET, address), json!({}))
}

fn about(principal: &str) -> Value {
    let mut question = by_consent();
    question["principal"] = json!(principal);
    question
}

/// The problems that a caller can bring about.
fn by_the_caller(program: &Program<'_>) -> Vec<Provoked> {
    let bare = || Request::post("/v1/decide").header(header::CONTENT_TYPE, "application/json");
    let mut undeclared = by_consent();
    undeclared["categories"] = json!(["purchases"]);
    let mut late = by_consent();
    late["min_revision"] = json!(u64::MAX);
    let mut other = by_consent();
    other["application"] = json!("ad_platform");
    let event = json!({ "event": "data_acquired", "category": "nothing", "source": "nowhere" });
    let act = json!({ "item": "partner_sharing", "act": "grant", "channel": "shop", "seen": 1 });
    let large = json!({ "principal": "x".repeat(5 << 20) });
    vec![
        provoked("malformed", 400, asking(program, json!({ "principal": 5 })), &["field"]),
        provoked("no-token", 401, (bare(), by_consent()), &[]),
        provoked("unknown-token", 401, (bare().header(header::AUTHORIZATION, "Bearer x"), by_consent()), &[]),
        provoked("not-allowed", 403, asking(program, other), &["application"]),
        provoked("no-such-address", 404, getting(program, "/v1/nothing"), &[]),
        provoked("unknown-principal", 404, asking(program, about("nobody")), &[]),
        provoked("no-such-event", 404, getting(program, "/v1/principals/kiko/receipts/1"), &[]),
        provoked("wrong-method", 405, getting(program, "/v1/decide"), &[]),
        provoked("conflict", 409, (program.posting("/v1/principals/kiko/consents"), act), &[]),
        provoked("too-large", 413, asking(program, large), &[]),
        provoked("not-json", 415, (program.request(Method::POST, "/v1/decide"), by_consent()), &[]),
        provoked("undeclared", 422, asking(program, undeclared), &["names"]),
        provoked("refused", 422, (program.posting("/v1/principals/kiko/events"), event), &["field", "index"]),
        provoked("behind", 503, asking(program, late), &["min_revision", "revision"]),
    ]
}

/// What every problem has, and what goes with its kind.
fn hold(answer: &Answer, kind: &str, status: u16, language: &str) -> Value {
    assert_eq!(answer.problem(), kind, "{}", answer.body);
    assert_eq!(answer.status.as_u16(), status);
    let is_japanese = language == "ja";
    let problem = answer.json();
    for member in ["title", "detail"] {
        let text = problem[member].as_str().unwrap();
        let has_kana = text.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c));
        assert_eq!(has_kana, is_japanese, "{kind} {language}: {text}");
    }
    // RFC 9110: what refuses for want of a token says how one is sent, and whoever may come again is told when.
    let wants_token = answer.header(header::WWW_AUTHENTICATE);
    assert_eq!(wants_token.starts_with("Bearer realm=\"nattoku\""), status == 401, "{kind}");
    assert_eq!(wants_token.ends_with("error=\"invalid_token\""), kind == "unknown-token", "{kind}");
    assert_eq!(
        answer.header(header::RETRY_AFTER),
        if matches!(status, 429 | 503) { "1" } else { "" },
        "{kind}"
    );
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    problem
}

#[tokio::test]
async fn what_a_caller_can_bring_about_is_told_in_their_language() {
    let site = site();
    let program = Program::campaigns(&site);
    for (asked, language) in [("ja", "ja"), ("en-GB,en;q=0.9,ja;q=0.1", "en"), ("fr", "en"), ("", "en")] {
        for Provoked { kind, status, request, body, more } in by_the_caller(&program) {
            let answer = site.ask(request.header(header::ACCEPT_LANGUAGE, asked), body).await;
            let problem = hold(&answer, kind, status, language);
            let mut members: Vec<&str> = problem.as_object().unwrap().keys().map(String::as_str).collect();
            members.retain(|member| !["type", "title", "status", "detail", "instance"].contains(member));
            assert_eq!(members, more, "{kind}");
        }
    }
}

/// Nothing that is secret, or of the machine, stands in a problem.
#[tokio::test]
async fn a_problem_tells_nothing_secret() {
    let site = site();
    let program = Program::campaigns(&site);
    for Provoked { request, body, kind, .. } in by_the_caller(&program) {
        let answer = site.ask(request.header("x-something", "of the caller"), body).await;
        let told = format!("{:?} {}", answer.headers, answer.body);
        for secret in
            [program.secret.as_str(), "nattoku_", "ledger.sqlite", "/tmp", "nattoku.kek", "of the caller"]
        {
            assert!(!told.contains(secret), "{kind}: {told}");
        }
    }
    // What is sent is repeated no further than it takes to find it.
    assert!(program.post("/v1/decide", &about(&"p".repeat(3_000))).await.body.len() < 1_000);
    let unknown = json!({ "f".repeat(3_000): 1 });
    assert!(program.post("/v1/decide", &unknown).await.body.len() < 1_000);
}

/// The ledger's file was moved away under the program: what would be written to it nobody would read, so it is not said to be durable.
/// That is our fault, of which the caller learns no more than that.
#[tokio::test]
async fn what_fails_here_is_told_as_that() {
    let site = site();
    let program = Program::campaigns(&site);
    let Place::Sqlite(path) = site.place().clone() else { panic!("it is a file") };
    std::fs::rename(&path, path.with_extension("moved")).unwrap();
    let event = json!({ "event": "data_acquired", "category": "call_history", "source": "service_records" });
    let withdrawal = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" });
    for (address, body) in
        [("/v1/principals/kiko/events", event), ("/v1/principals/kiko/consents", withdrawal.clone())]
    {
        for (asked, language) in [("ja", "ja"), ("en", "en")] {
            let request = program.posting(address).header(header::ACCEPT_LANGUAGE, asked);
            let answer = site.ask(request, body.to_string()).await;
            let problem = hold(&answer, "failed", 500, language).to_string();
            assert!(!problem.contains("sqlite") && !problem.contains("/tmp"), "{problem}");
        }
    }
    // It is there again.
    std::fs::rename(path.with_extension("moved"), &path).unwrap();
    program.post("/v1/principals/kiko/consents", &withdrawal).await.good();
}

/// Another program has the ledger's lock: the caller may come again.
#[tokio::test]
async fn what_is_busy_is_told_as_that() {
    let site = site_on(Terms { wait_for_lock_max: Duration::from_millis(20), ..Terms::default() });
    let program = Program::campaigns(&site);
    let Place::Sqlite(path) = site.place() else { panic!("it is a file") };
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let event = json!({ "event": "data_acquired", "category": "call_history", "source": "service_records" });
    for (asked, language) in [("ja", "ja"), ("en", "en")] {
        let request = program.posting("/v1/principals/kiko/events").header(header::ACCEPT_LANGUAGE, asked);
        hold(&site.ask(request, event.to_string()).await, "busy", 503, language);
    }
    other.execute_batch("rollback").unwrap();
    program.post("/v1/principals/kiko/events", &event).await.good();
}

/// More calls than a token allows; another token has its own.
#[tokio::test]
async fn what_is_too_much_is_told_as_that() {
    let site = site_on(Terms { calls_a_second: NonZeroU32::new(3).unwrap(), ..Terms::default() });
    let program = Program::campaigns(&site);
    let mut refused = None;
    for _ in 0..50 {
        let answer = program.get("/v1/policy").await;
        if answer.status.as_u16() == 429 {
            refused = Some(answer);
            break;
        }
        answer.good();
    }
    hold(&refused.unwrap(), "too-many", 429, "en");
    Program::campaigns(&site).get("/v1/policy").await.good();
    // What is not counted is whether the program lives.
    assert_eq!(site.get("/healthz").await.status.as_u16(), 200);
}

/// Within a batch a problem is a part of the answer, with the same members.
#[tokio::test]
async fn a_problem_in_a_batch_has_the_same_members() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut alone = program.post("/v1/decide", &about("nobody")).await.json();
    let batch = program.post("/v1/decide/batch", &json!({ "questions": [about("nobody")] })).await;
    // But for the call in which it happened.
    let call = batch.header(HeaderName::from_static("x-request-id"));
    alone["instance"] = json!(format!("urn:nattoku:call:{call}"));
    assert_eq!(batch.good()["answers"], json!([{ "problem": alone }]));
}

/// Every address of the interface answers what it does not know with a problem, and never with a page.
#[tokio::test]
async fn no_page_is_answered_to_a_program() {
    let site = Site::new();
    let program = Program::with(&site, &["*"], &CallerAct::ALL);
    for address in [
        "/v1",
        "/v1/",
        "/v1/decide/",
        "/v1/principals",
        "/v1/principals/kiko",
        "/access/v1/",
        "/v1/%00",
        "/v1/policy/x",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = site.ask(program.request(method, address), Body::empty()).await;
            assert_eq!(answer.problem(), "no-such-address", "{address}");
        }
    }
    for address in
        ["/v1/principals/kiko/history?limit=%", "/v1/principals/%ff/history", "/v1/principals//history"]
    {
        let answer = program.get(address).await;
        assert!(answer.status.is_client_error(), "{address}");
        answer.problem();
    }
}
