//! What stands around every call: its number, by which it is known in the log and to its caller; a problem is told in the caller's
//! language, nothing is kept by caches.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use nattoku_model::Language;
use nattoku_trace::Call;
use tower_http::catch_panic::CatchPanicLayer;

use super::problem::{Kind, Problem};
use crate::{Web, accept_language};

/// Under which a caller knows a call. It comes back as it was; without one it is the call's number.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A panic ends the call, and not the connection.
pub(crate) fn guard() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| Problem::failed_here().into_response())
}

pub(crate) async fn frame(State(web): State<Web>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request.headers().get(REQUEST_ID).cloned();
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let call = Call::begin(&web.tracing, request.headers());
    let method = request.method().clone();
    let mut response = call.answering(next.run(request)).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>().or_else(|| unread_address(&response))
    {
        let allow = response.headers_mut().remove(header::ALLOW);
        let language = accept_language::asked(accepted.as_ref());
        response = problem.response(language.unwrap_or(Language::En), Some(call.number()));
        response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id.unwrap_or_else(|| call.number().header()));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    call.answered(&method, path.as_ref().map(MatchedPath::as_str), response.status());
    if let Some(path) = path {
        web.figures.answered(path.as_str(), response.status(), began.elapsed());
    }
    response
}

/// An address that axum could not read: it says so in plain text, which no endpoint does.
fn unread_address(response: &Response) -> Option<Problem> {
    (response.status() == StatusCode::BAD_REQUEST).then(|| {
        Problem::new(
            Kind::Malformed,
            "アドレスを読めません。%XX の並びは UTF-8 にしてください",
            "the address cannot be read; its %XX must be UTF-8",
        )
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_as_our_fault_and_no_more() {
        let fails = || -> std::future::Ready<&'static str> { panic!("of which nobody is told") };
        let router = Router::new().route("/", get(fails)).layer(guard());
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let told = String::from_utf8(body.to_vec()).unwrap();
        assert!(told.contains("urn:nattoku:problem:failed") && !told.contains("of which"), "{told}");
    }
}
