//! The number of a call: in whatever is answered, and in what is told where it fails.

use axum::http::{HeaderName, Method, Request, request};
use nattoku_store::Place;

use crate::program::{Program, is_number, site};
use crate::site::{Answer, Site, Terms};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn get(address: &str) -> request::Builder {
    Request::builder().method(Method::GET).uri(address)
}

fn number(answer: &Answer) -> &str {
    answer.header(REQUEST_ID)
}

/// Addresses of the interface, of pages, of what never changes, and of nothing.
const ADDRESSES: [&str; 9] = [
    "/healthz",
    "/v1/policy",
    "/v1/nothing",
    "/openapi.json",
    "/",
    "/ja/privacy",
    "/en/my",
    "/log/checkpoint",
    "/nothing",
];

#[tokio::test]
async fn every_answer_has_a_number_of_its_own() {
    let site = Site::new();
    let mut seen = std::collections::BTreeSet::new();
    for address in ADDRESSES {
        for _ in 0..2 {
            let answer = site.ask(get(address), String::new()).await;
            assert!(is_number(number(&answer)), "{address}: {:?}", answer.headers);
            assert!(seen.insert(number(&answer).to_owned()), "{address}");
        }
    }
}

#[tokio::test]
async fn it_is_that_of_the_callers_trace_or_what_a_proxy_calls_the_request() {
    let site = Site::new();
    for address in ADDRESSES {
        let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-00");
        let answer = site.ask(get(address).header("traceparent", traceparent), String::new()).await;
        assert_eq!(number(&answer), TRACE, "{address}");
        let unsound = format!("00-{TRACE}-0000000000000000-00");
        let answer = site.ask(get(address).header("traceparent", unsound), String::new()).await;
        assert!(number(&answer) != TRACE && is_number(number(&answer)), "{address}");
        // What comes back is what was sent; the number that a problem tells is the same without its hyphens.
        let id = "4BF92F35-77B3-4da6-a3ce-929d0e0e4736";
        let answer = site.ask(get(address).header(REQUEST_ID, id), String::new()).await;
        assert_eq!(number(&answer), id, "{address}");
    }
    let id = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";
    let answer = site.ask(get("/v1/policy").header(REQUEST_ID, id), String::new()).await;
    assert_eq!(answer.json()["instance"], format!("urn:nattoku:call:{TRACE}"));
    // A word of the caller's comes back, and is told nowhere else.
    let answer = site.ask(get("/v1/policy").header(REQUEST_ID, "sakura"), String::new()).await;
    assert_eq!(number(&answer), "sakura");
    assert_eq!(answer.problem(), "no-token");
    assert!(!answer.body.contains("sakura"), "{}", answer.body);
}

#[tokio::test]
async fn a_problem_has_the_number_that_its_answer_has() {
    let site = site();
    let program = Program::campaigns(&site);
    for address in ["/v1/nothing", "/v1/principals/nobody/holdings"] {
        let answer = program.get(address).await;
        assert!(!answer.problem().is_empty());
        assert_eq!(answer.json()["instance"], format!("urn:nattoku:call:{}", number(&answer)), "{address}");
    }
}

/// Another program has the ledger: nothing can be written.
#[tokio::test]
async fn a_person_to_whom_an_error_is_shown_is_shown_its_number() {
    let mut site =
        Site::on(Terms { wait_for_lock_max: std::time::Duration::from_millis(1), ..Terms::default() });
    site.sign_in(crate::site::PRINCIPAL).await;
    let ask = site.get("/en/my/choices/consent/partner_sharing/stop").await;
    let Place::Sqlite(path) = site.place() else { panic!("it is a file") };
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = site.submit(&ask).await;
    assert!(answer.status.is_server_error(), "{}", answer.body);
    assert!(is_number(number(&answer)));
    let told = format!("The number of this error is {}", number(&answer));
    assert!(answer.body.contains(&told), "{}", answer.body);
    // Nothing is in the log of what is only not there.
    let nothing = site.get("/en/nothing").await;
    assert!(!nothing.body.contains(number(&nothing)) && !nothing.body.contains("number of this error"));
}
