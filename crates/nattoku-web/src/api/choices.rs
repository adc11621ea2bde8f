//! `/v1/principals/{principal}/choices`: how each choice stands, declining and restoring (R49, R50, R53).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use nattoku_operations::{CallerAct, ChoiceState, FieldError};
use serde_json::{Value, json};

use super::acknowledge::Wanted;
use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use super::will;
use crate::Web;

pub(crate) async fn get(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let choices = standing.nattoku().choices(&principal)?;
        let choices: Vec<Value> = choices.iter().map(state_json).collect();
        Ok(answer_json(&json!({ "choices": choices, "revision": revision })))
    })
    .await
}

pub(crate) async fn post(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    called.may(CallerAct::Will)?;
    let fields = sent.fields()?;
    let known: Vec<&str> = ["choice"].into_iter().chain(will::FIELDS).collect();
    fields.only(&known)?;
    let (choice, request) = (fields.required("choice")?, will::request(&fields, &headers, &called)?);
    let is_decline = match fields.required("act")?.as_str() {
        "decline" => true,
        "restore" => false,
        _ => return Err(FieldError::expected("act", " decline か restore", "decline or restore").into()),
    };
    let usual = if is_decline { Wanted::Enforced } else { Wanted::Durable };
    let wanted = Wanted::read(&fields)?.unwrap_or(usual);
    will::act(&web, wanted, move |nattoku| {
        if is_decline {
            nattoku.decline_choice(&principal, &choice, &request)
        } else {
            nattoku.restore_choice(&principal, &choice, &request)
        }
    })
    .await
}

/// It as programs are told.
pub(crate) fn state_json(state: &ChoiceState) -> Value {
    json!({
        "choice": state.choice.as_str(),
        "declined": state.declined,
        "acts": state.acts.iter().map(will::act_json).collect::<Vec<_>>(),
    })
}
