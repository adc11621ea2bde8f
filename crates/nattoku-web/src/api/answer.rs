//! Answering: what needs no waiting at once, the rest where waiting is allowed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header;
use axum::response::{IntoResponse, Response};
use nattoku_model::Revision;
use nattoku_operations::{
    LOOK_EVERY, Line, Node, NodeError, OperationError, PermittedPage, Question, Standing, Telling,
};
use nattoku_store::PageMark;
use nattoku_trace::{during, during_wait};
use serde_json::Value;

use super::noted;
use super::problem::{Kind, Problem};
use crate::Web;
use crate::blocking::Places;

/// How long a call waits for the revisions it asks for (G2).
const BEHIND_MAX: Duration = Duration::from_secs(1);

/// Until when a call waits for the revisions it asks for, of however many questions it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// A call begins.
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }

    fn left(self) -> Duration {
        BEHIND_MAX.saturating_sub(self.0.elapsed())
    }
}

/// Answers a question.
pub(crate) async fn answer(
    web: &Web,
    question: Question,
    telling: Telling,
    deadline: Deadline,
) -> Result<Line, Problem> {
    if let Some(wanted) = question.min_revision {
        await_revision(web, Revision(wanted), deadline).await?;
    }
    let line = if let Some(line) = web.node.answer_at_once(&question, telling)? {
        line
    } else {
        let node = Arc::clone(&web.node);
        blocking(web, move || during("decide", || node.answer(&question, telling))).await??
    };
    noted::decision(&line);
    Ok(line)
}

/// Waits until the node has taken in a revision.
pub(crate) async fn await_revision(web: &Web, wanted: Revision, deadline: Deadline) -> Result<(), Problem> {
    if web.node.freshness().revision >= wanted {
        return Ok(());
    }
    during_wait("await_revision", until_taken_in(web, wanted, deadline)).await
}

async fn until_taken_in(web: &Web, wanted: Revision, deadline: Deadline) -> Result<(), Problem> {
    // It may be there already, and only not be taken in.
    let node = Arc::clone(&web.node);
    let taken_in = blocking(web, move || node.take_in()).await?;
    loop {
        let have = web.node.freshness().revision;
        if have >= wanted {
            return Ok(());
        }
        let is_cut_off = matches!(&taken_in, Err(error) if !matches!(error, NodeError::NotReady(_)));
        if deadline.left().is_zero() || is_cut_off {
            return Err(OperationError::Behind { have: have.0, want: wanted.0 }.into());
        }
        tokio::time::sleep(LOOK_EVERY.min(deadline.left())).await;
    }
}

/// Does what may wait, when there is a place for it among programs that ask.
pub(crate) async fn blocking<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    web.limits.asking.blocking(work).await.map_err(|error| Problem::failed(&error))
}

/// Reads, with what stands now.
pub(crate) async fn with_standing<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce(&Node, &Standing) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    standing_to("read", &web.limits.asking, web, work).await
}

/// Appends, with what stands now.
pub(crate) async fn append<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce(&Node, &Standing) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    standing_to("append", &web.limits.appending, web, work).await
}

async fn standing_to<T: Send + 'static>(
    what: &'static str,
    places: &Places,
    web: &Web,
    work: impl FnOnce(&Node, &Standing) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let node = Arc::clone(&web.node);
    let done = places.blocking(move || {
        let standing = node.following().standing();
        during(what, || work(&node, &standing))
    });
    done.await.map_err(|error| Problem::failed(&error))?
}

/// A part of the list of those for whom it is permitted.
pub(crate) async fn permitted(
    web: &Web,
    question: Question,
    after: PageMark,
    most: u32,
    asked_most: u32,
) -> Result<PermittedPage, Problem> {
    let node = Arc::clone(&web.node);
    let page = blocking(web, move || during("list", || node.permitted(&question, after, most, asked_most)));
    let page = page.await??;
    page.ok_or_else(|| {
        Problem::new(
            Kind::Busy,
            "このノードは、許可されるとはいま答えられません。少し待ってもう一度送ってください",
            "this node may not say of anybody now that it is permitted; wait a moment and send it again",
        )
    })
}

/// An answer that is JSON.
pub(crate) fn json(value: &Value) -> Response {
    raw(value.to_string())
}

/// An answer that is JSON already.
pub(crate) fn raw(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
