//! `GET /v1/principals/{principal}/history`: everything that happened to a principal's data and will, newest first (R47, R57).

use axum::extract::{Path, Query, State};
use axum::response::Response;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::paging::{Page, event_json};
use super::problem::Problem;
use crate::Web;

pub(crate) async fn get(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    let (before, limit) = page.before()?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let mut events = standing.nattoku().history(&principal)?;
        events.sort_by_key(|recorded| std::cmp::Reverse(recorded.revision));
        events.retain(|recorded| recorded.revision.0 < before);
        let next = events.get(limit).and_then(|_| events.get(limit.checked_sub(1)?)).map(|e| e.revision.0);
        let events: Vec<Value> = events.iter().take(limit).map(|e| event_json(&principal, e)).collect();
        Ok(answer_json(&json!({ "events": events, "next": next, "revision": revision })))
    })
    .await
}
