//! `/healthz` and `/readyz`: whether the program runs, and whether it may be asked.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::answer::json as answer_json;
use crate::Web;

/// It runs.
pub(crate) async fn alive() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response()
}

/// It has taken in the ledger and holds a lease: what it is asked it can answer.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    let fresh = web.node.freshness();
    let is_ready = !fresh.remaining.is_zero() && !web.is_ending();
    let mut response = answer_json(&json!({
        "ready": is_ready,
        "revision": fresh.revision.0,
        "staleness_seconds": fresh.staleness.map(|staleness| staleness.as_secs_f64()),
        "lease_seconds": fresh.remaining.as_secs_f64(),
    }));
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}
