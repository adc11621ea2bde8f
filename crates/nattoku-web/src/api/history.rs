//! `GET /v1/principals/{principal}/history`: what happened to a principal's data and will, newest first, as far as the
//! principal may be told of it (R47, R57).

use axum::extract::{Path, Query, State};
use axum::response::Response;
use nattoku_operations::CallerAct;

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::paging::{Page, part_json};
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
        Ok(answer_json(&part_json(&principal, &events, limit, revision)))
    })
    .await
}
