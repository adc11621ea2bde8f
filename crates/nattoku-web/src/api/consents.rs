//! `/v1/principals/{principal}/consents`: how each consent item stands, granting and withdrawing (R46, R47, R53).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use nattoku_operations::{CallerAct, ConsentState, ConsentStatus, FieldError};
use serde_json::{Value, json};

use super::acknowledge::Wanted;
use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::problem::{Kind, Problem};
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
        let consents = standing.nattoku().consents(&principal)?;
        let consents: Vec<Value> = consents.iter().map(state_json).collect();
        Ok(answer_json(&json!({ "consents": consents, "revision": revision })))
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
    let known: Vec<&str> = ["item", "evidence"].into_iter().chain(will::FIELDS).collect();
    fields.only(&known)?;
    let (item, request) = (fields.required("item")?, will::request(&fields, &headers, &called)?);
    let is_grant = match fields.required("act")?.as_str() {
        "grant" => true,
        "withdraw" => false,
        _ => return Err(FieldError::expected("act", " grant か withdraw", "grant or withdraw").into()),
    };
    let usual = if is_grant { Wanted::Durable } else { Wanted::Enforced };
    let wanted = Wanted::read(&fields)?.unwrap_or(usual);
    let evidence = fields.text("evidence")?;
    if !is_grant && evidence.is_some() {
        // Nothing that was sent is dropped in silence: a withdrawal is not proved by anything.
        return Err(Problem::new(
            Kind::Refused,
            "`evidence` は同意するとき（grant）だけのものです",
            "`evidence` is of a grant alone",
        )
        .with("field", "evidence"));
    }
    will::act(&web, wanted, move |nattoku| {
        if is_grant {
            nattoku.grant_consent(&principal, &item, &request, evidence.as_deref())
        } else {
            nattoku.withdraw_consent(&principal, &item, &request)
        }
    })
    .await
}

/// It as programs are told.
pub(crate) fn state_json(state: &ConsentState) -> Value {
    json!({
        "item": state.item.as_str(),
        "status": status_name(state.status),
        "reason": state.reason.code(),
        "agreed": state.agreed.as_ref().map(|agreed| json!({
            "text_version": agreed.version.as_str(),
            "at": agreed.at.to_string(),
        })),
        "acts": state.acts.iter().map(will::act_json).collect::<Vec<_>>(),
    })
}

const fn status_name(status: ConsentStatus) -> &'static str {
    match status {
        ConsentStatus::Given => "given",
        ConsentStatus::Withdrawn => "withdrawn",
        ConsentStatus::NeverGiven => "never_given",
        ConsentStatus::Expired => "expired",
        ConsentStatus::WordingReplaced => "wording_replaced",
        ConsentStatus::NotCounted => "not_counted",
    }
}
