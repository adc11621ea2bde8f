//! Transport.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use serde_json::json;

use super::{ENDPOINTS, permitted};
use crate::program::{Program, is_number, site};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Transport: `X-Request-ID` comes back as it was sent, with whatever answer; that there is none is no fault, and the answer has ours.
#[tokio::test]
async fn the_id_of_a_request_comes_back() {
    let site = site();
    let program = Program::campaigns(&site);
    for id in ["bfe9eb29-ab87-4ca3-be83-a1d5d8305716", "1", "a b; c=\"d\"", "\u{e9}"] {
        let id = HeaderValue::from_bytes(id.as_bytes()).unwrap();
        for endpoint in ENDPOINTS {
            let request = program.posting(endpoint).header(REQUEST_ID, &id);
            let answer = site.ask(request, permitted().to_string()).await;
            assert_eq!((answer.status, answer.headers.get(REQUEST_ID)), (StatusCode::OK, Some(&id)));
            for refused in [
                // 400, 401, 405, and 413.
                (program.posting(endpoint), String::new()),
                (Request::post(endpoint), permitted().to_string()),
                (program.request(Method::GET, endpoint), String::new()),
                (program.posting(endpoint), " ".repeat(5 << 20)),
            ] {
                let answer = site.ask(refused.0.header(REQUEST_ID, &id), refused.1).await;
                assert!(answer.status.is_client_error());
                assert_eq!(answer.headers.get(REQUEST_ID), Some(&id), "{endpoint} {}", answer.status);
            }
        }
        let request = Request::get("/.well-known/authzen-configuration").header(REQUEST_ID, &id);
        assert_eq!(site.ask(request, Body::empty()).await.headers.get(REQUEST_ID), Some(&id));
        let request = Request::get("/access/v1/nothing").header(REQUEST_ID, &id);
        assert_eq!(site.ask(request, Body::empty()).await.headers.get(REQUEST_ID), Some(&id));
    }
    for endpoint in ENDPOINTS {
        let answer = program.post(endpoint, &permitted()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(is_number(answer.header(REQUEST_ID)));
    }
}

/// Transport: JSON over HTTP, the caller by OAuth 2.0's bearer token; nothing of it is kept on the way.
#[tokio::test]
async fn answers_are_json_that_nobody_keeps() {
    let site = site();
    let program = Program::campaigns(&site);
    for endpoint in ENDPOINTS {
        let answer = program.post(endpoint, &permitted()).await;
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    }
    let request = Request::post(ENDPOINTS[0]).header(header::CONTENT_TYPE, "application/json");
    let answer =
        site.ask(request.header(header::AUTHORIZATION, "Bearer wrong"), permitted().to_string()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header(header::WWW_AUTHENTICATE).contains("error=\"invalid_token\""));
    // The scheme is written as one likes.
    let request = Request::post(ENDPOINTS[0]).header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::AUTHORIZATION, format!("bearer {}", program.secret));
    assert_eq!(site.ask(request, permitted().to_string()).await.good()["decision"], json!(true));
}
