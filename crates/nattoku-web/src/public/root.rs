//! `/`: to the notice, in the visitor's language.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::accept_language;

/// 302 to the notice.
pub(crate) async fn page(headers: HeaderMap) -> Response {
    let address = format!("/{}/privacy", accept_language::preferred(&headers));
    let headers = [(header::LOCATION, address), (header::VARY, "accept-language".to_owned())];
    (StatusCode::FOUND, headers).into_response()
}
