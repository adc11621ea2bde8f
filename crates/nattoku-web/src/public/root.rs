//! Addresses without a language: to the same page in the visitor's own.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::accept_language;

/// `/` and `/privacy`: 302 to the notice.
pub(crate) async fn notice(headers: HeaderMap) -> Response {
    found(&headers, "privacy")
}

/// `/my`: 302 to the dashboard.
pub(crate) async fn dashboard(headers: HeaderMap) -> Response {
    found(&headers, "my")
}

/// `/verify`: 302 to where receipts are checked.
pub(crate) async fn verify(headers: HeaderMap) -> Response {
    found(&headers, "verify")
}

fn found(headers: &HeaderMap, page: &str) -> Response {
    let address = format!("/{}/{page}", accept_language::preferred(headers));
    let headers = [(header::LOCATION, address), (header::VARY, "accept-language".to_owned())];
    (StatusCode::FOUND, headers).into_response()
}
