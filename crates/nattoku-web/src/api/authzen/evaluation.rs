//! `POST /access/v1/evaluation`: one decision.

use axum::extract::State;
use axum::response::Response;
use nattoku_operations::CallerAct;

use super::Asked;
use super::answer::evaluate;
use super::request::Entities;
use crate::Web;
use crate::api::answer::raw;
use crate::api::caller::Called;
use crate::api::problem::Problem;

pub(super) async fn post(State(web): State<Web>, called: Called, asked: Asked) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let fields = asked.fields()?;
    let entities = Entities::of(fields.object_itself(), Entities::default());
    Ok(raw(evaluate(&web, &called, entities).await?.text))
}
