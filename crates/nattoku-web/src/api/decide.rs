//! `POST /v1/decide`: one decision (R36).

use axum::extract::State;
use axum::response::Response;
use nattoku_operations::{CallerAct, Telling};

use super::answer::{Deadline, answer, raw};
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use crate::Web;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let question = called.question(&sent.fields()?)?;
    Ok(raw(answer(&web, question, Telling::Gates, Deadline::new()).await?.text))
}
