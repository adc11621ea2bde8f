//! `GET /v1/principals/{principal}/holdings`: what is held, where it came from, which version governs it, and until when (R46, R51).

use axum::extract::{Path, State};
use axum::response::Response;
use nattoku_model::name::{EntrusterName, SourceName};
use nattoku_operations::{CallerAct, HeldCategory, HeldLine};
use serde_json::{Value, json};

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::problem::Problem;
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
        let held = standing.nattoku().holdings(&principal)?;
        let held: Vec<Value> = held.iter().map(category_json).collect();
        Ok(answer_json(&json!({ "holdings": held, "revision": revision })))
    })
    .await
}

/// It as programs are told.
pub(crate) fn category_json(held: &HeldCategory) -> Value {
    json!({
        "category": held.category.as_str(),
        "classes": held.classes.iter().map(|class| class.as_str()).collect::<Vec<_>>(),
        "acquisitions": held.lines.iter().map(line_json).collect::<Vec<_>>(),
    })
}

fn line_json(line: &HeldLine) -> Value {
    json!({
        "revision": line.revision.map(|revision| revision.0),
        "acquired": line.acquired.to_string(),
        "source": line.source.as_ref().map(SourceName::as_str),
        "entrusted_from": line.entrusted_from.as_ref().map(EntrusterName::as_str),
        "governing": line.governing.version.as_str(),
        "kept_until": line.kept_until.map(|until| until.to_string()),
    })
}
