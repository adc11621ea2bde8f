//! `POST /v1/explain`: one decision by the definition, with the rules and events it rests on, and in words (R36).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use nattoku_model::Revision;
use nattoku_operations::CallerAct;
use nattoku_trace::during;

use super::answer::{Deadline, await_revision, blocking, raw};
use super::caller::Called;
use super::noted;
use super::problem::Problem;
use super::sent::Sent;
use crate::Web;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let question = called.question(&sent.fields()?)?;
    if let Some(wanted) = question.min_revision {
        await_revision(&web, Revision(wanted), Deadline::new()).await?;
    }
    let node = Arc::clone(&web.node);
    let line = blocking(&web, move || during("explain", || node.explain(&question))).await??;
    noted::decision(&line);
    Ok(raw(line.text))
}
