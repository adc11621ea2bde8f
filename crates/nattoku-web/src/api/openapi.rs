//! `GET /openapi.json`: the interface as programs read it (OpenAPI 3.1).

use axum::response::Response;

use super::answer::raw;

/// Held against the routes, and each of its examples against the running server, by tests.
pub(crate) const DOCUMENT: &str = include_str!("../../openapi.json");

pub(crate) async fn get() -> Response {
    raw(DOCUMENT.to_owned())
}
