//! Answering: what needs no waiting at once, the rest where waiting is allowed.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use nattoku_model::Revision;
use nattoku_operations::{Line, Node, OperationError, Question, Standing, Telling};
use serde_json::Value;

use super::problem::Problem;
use crate::Web;

/// How long a question waits for the revision it asks for (G2).
const BEHIND_MAX: Duration = Duration::from_secs(1);

/// Answers a question.
pub(crate) async fn answer(web: &Web, question: Question, telling: Telling) -> Result<Line, Problem> {
    if let Some(wanted) = question.min_revision {
        await_revision(web, Revision(wanted)).await?;
    }
    if let Some(line) = web.node.answer_at_once(&question, telling)? {
        return Ok(line);
    }
    let node = Arc::clone(&web.node);
    blocking(move || node.answer(&question, telling)).await?.map_err(Problem::from)
}

/// Waits until the node has taken in a revision.
pub(crate) async fn await_revision(web: &Web, wanted: Revision) -> Result<(), Problem> {
    if web.node.freshness().revision >= wanted {
        return Ok(());
    }
    let node = Arc::clone(&web.node);
    let waited = blocking(move || {
        // It may be there already, and only not be taken in.
        let _ = node.take_in();
        node.wait_for(wanted, BEHIND_MAX)
    });
    if waited.await? {
        return Ok(());
    }
    let have = web.node.freshness().revision.0;
    Err(OperationError::Behind { have, want: wanted.0 }.into())
}

/// Does what may wait.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::failed(&error))
}

/// Does what may wait, with what stands now.
pub(crate) async fn with_standing<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce(&Node, &Standing) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let node = Arc::clone(&web.node);
    blocking(move || {
        let standing = node.following().standing();
        work(&node, &standing)
    })
    .await?
}

/// An answer that is JSON.
pub(crate) fn json(value: &Value) -> Response {
    raw(value.to_string())
}

/// An answer that is JSON already.
pub(crate) fn raw(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
