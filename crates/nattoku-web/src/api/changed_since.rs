//! `POST /v1/changed-since`: to whom something has happened since a list was taken, for a job that is about to use it (G1).

use axum::extract::State;
use axum::response::Response;
use nattoku_model::Revision;
use nattoku_operations::{CallerAct, FieldError};
use serde_json::json;

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use crate::Web;

/// Most principals at once.
const PRINCIPALS_MAX: usize = 10_000;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Search)?;
    let fields = sent.fields()?;
    fields.only(&["since", "principals"])?;
    let missing = || FieldError::new("since", "`since` がありません", "the field `since` is missing");
    let since = Revision(fields.number("since")?.ok_or_else(missing)?);
    let expected = || FieldError::expected("principals", "識別子の配列", "an array of identifiers");
    let principals = fields.list("principals", PRINCIPALS_MAX)?.iter();
    let principals = principals.map(|principal| principal.as_text().map(str::to_owned).ok_or_else(expected));
    let principals: Vec<String> = principals.collect::<Result<_, _>>()?;
    with_standing(&web, move |_, standing| {
        let changed = standing.nattoku().changed_since(since, &principals)?;
        Ok(answer_json(&json!({
            "changed": changed.principals,
            "everybody": changed.everybody,
            "revision": changed.revision.0,
        })))
    })
    .await
}
