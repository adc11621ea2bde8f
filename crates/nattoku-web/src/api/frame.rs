//! What stands around every call: its id is given back, a problem is told in the caller's language, nothing is kept by caches.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use nattoku_model::Language;

use super::problem::Problem;
use crate::{Web, accept_language};

/// Under which a caller knows a call; it comes back as it was.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn frame(State(web): State<Web>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request.headers().get(REQUEST_ID).cloned();
    let language = accept_language::asked(request.headers()).unwrap_or(Language::En);
    let path = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let told = response.extensions_mut().remove::<Problem>();
    // What is refused before any of ours has seen it is an address that is no text.
    let is_untold = told.is_none() && response.status() == StatusCode::BAD_REQUEST;
    if let Some(problem) = told.or_else(|| is_untold.then(Problem::no_text)) {
        response = problem.response(language);
    }
    let headers = response.headers_mut();
    if let Some(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(path) = path {
        web.figures.answered(path.as_str(), response.status(), began.elapsed());
    }
    response
}
