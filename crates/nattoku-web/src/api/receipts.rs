//! `/v1/principals/{principal}/receipts`: the acts of a principal's will, each with its number, and the proof that the ledger has
//! it (R47, R53).

use axum::extract::{Path, State};
use axum::response::Response;
use nattoku_model::event::Revision;
use nattoku_operations::{CallerAct, Nattoku, ReceiptView};
use serde_json::{Value, json};

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::paging::event_json;
use super::problem::{Kind, Problem};
use crate::Web;

pub(crate) async fn list(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let receipts = standing.nattoku().receipts(&principal)?;
        let receipts: Vec<Value> = receipts.iter().map(|view| view_json(&principal, view)).collect();
        Ok(answer_json(&json!({ "receipts": receipts, "revision": revision })))
    })
    .await
}

pub(crate) async fn one(
    State(web): State<Web>,
    called: Called,
    Path((principal, revision)): Path<(String, String)>,
) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    let none = || {
        Problem::new(
            Kind::NoSuchEvent,
            "受領の一覧は …/receipts にあります",
            "the receipts there are stand in …/receipts",
        )
    };
    let revision: u64 = revision.parse().map_err(|_| none())?;
    with_standing(&web, move |_, standing| {
        let nattoku = standing.nattoku();
        let view = nattoku.receipt(&principal, Revision(revision))?.ok_or_else(none)?;
        let mut told = view_json(&principal, &view);
        if let Value::Object(fields) = &mut told {
            fields.insert("proof".to_owned(), proof_json(nattoku, view.receipt.revision)?);
        }
        Ok(answer_json(&told))
    })
    .await
}

/// It as programs are told.
pub(crate) fn view_json(principal: &str, view: &ReceiptView) -> Value {
    json!({ "receipt": view.receipt.number(), "event": event_json(principal, &view.recorded) })
}

/// The proof (C2SP tlog-proof) that the newest signed checkpoint has the event; null where none reaches as far.
fn proof_json(nattoku: &Nattoku, revision: Revision) -> Result<Value, Problem> {
    Ok(json!(nattoku.proof_of(revision)?))
}
