//! `/v1/recipients` and `/v1/publications`: what concerns everybody, and recording it (R62 to R68).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use super::answer::{json as answer_json, with_standing};
use super::caller::Called;
use super::events::record;
use super::problem::{Kind, Problem};
use super::sent::Sent;
use super::will;
use crate::Web;

/// Every recipient with its standing.
pub(crate) async fn recipients(State(web): State<Web>, called: Called) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let recipients = standing.nattoku().recipients()?;
        let recipients: Vec<Value> = recipients
            .iter()
            .map(|(name, kind, standing)| {
                let event = |event: Option<(jiff::Timestamp, nattoku_model::Revision)>| {
                    event.map(|(at, revision)| json!({ "at": at.to_string(), "revision": revision.0 }))
                };
                json!({
                    "recipient": name.as_str(),
                    "kind": kind.as_str(),
                    "assessed": event(standing.assessed),
                    "supervised": event(standing.supervised),
                    "suspended": standing.suspended.map(|revision| revision.0),
                    "ended": standing.ended.map(|revision| revision.0),
                })
            })
            .collect();
        Ok(answer_json(&json!({ "recipients": recipients, "revision": revision })))
    })
    .await
}

/// Records that a recipient was assessed, supervised, suspended, or ended.
pub(crate) async fn post_recipient(
    State(web): State<Web>,
    called: Called,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    post(&web, &called, &headers, &sent, "recipient_").await
}

/// Every publication, with when it was made.
pub(crate) async fn publications(State(web): State<Web>, called: Called) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let publications = standing.nattoku().publications()?;
        let publications: Vec<Value> = publications
            .iter()
            .map(|(name, made)| {
                let made = made.map(|(at, revision)| json!({ "at": at.to_string(), "revision": revision.0 }));
                json!({ "publication": name.as_str(), "published": made })
            })
            .collect();
        Ok(answer_json(&json!({ "publications": publications, "revision": revision })))
    })
    .await
}

/// Records that a publication was made.
pub(crate) async fn post_publication(
    State(web): State<Web>,
    called: Called,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    post(&web, &called, &headers, &sent, "publication_").await
}

async fn post(
    web: &Web,
    called: &Called,
    headers: &HeaderMap,
    sent: &Sent,
    family: &str,
) -> Result<Response, Problem> {
    called.may(CallerAct::Record)?;
    let fields = sent.fields()?;
    let event = fields.required("event")?;
    if !event.starts_with(family) {
        let shown: String = event.chars().take(80).collect();
        return Err(Problem::new(
            Kind::Refused,
            format!("`{shown}` はこのアドレスのできごとではありません（{family}…）"),
            format!("`{shown}` is no event of this address, which takes {family}…"),
        )
        .with("field", "event"));
    }
    record(web, called, &fields, None, will::key(headers, called)?).await
}
