//! What acts of will share: how they are sent, and how they are answered (R46, R48).

use axum::http::HeaderMap;
use axum::response::Response;
use nattoku_model::Language;
use nattoku_model::event::{By, Revision};
use nattoku_operations::{FieldError, Fields, Nattoku, OperationError, Receipt, WillAct, WillRequest};
use nattoku_store::EventId;
use serde_json::{Value, json};

use super::acknowledge::{Wanted, acknowledge, begin};
use super::answer::{append, json as answer_json};
use super::caller::Called;
use super::problem::{Kind, Problem};
use crate::Web;

/// The header by which a caller names what it sends, so that sending it twice does it once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest such name, in characters: with the token's id it is the event's id.
const KEY_MAX: usize = 64;

/// The fields that every act of will has beside what it is about.
pub(crate) const FIELDS: [&str; 6] = ["act", "channel", "by", "language", "seen", "acknowledge"];

/// Reads how a principal's will reached the caller.
pub(crate) fn request(
    fields: &Fields<'_>,
    headers: &HeaderMap,
    called: &Called,
) -> Result<WillRequest, Problem> {
    let by = fields.text("by")?.unwrap_or_else(|| "principal".to_owned());
    let by: By = by.parse().map_err(|()| {
        FieldError::expected(
            "by",
            " principal、guardian:ID、agent:ID のどれか",
            "principal, guardian:ID or agent:ID",
        )
    })?;
    let language = fields.text("language")?.unwrap_or_else(|| Language::Ja.to_string());
    let language = language.parse().map_err(|_| FieldError::expected("language", " ja か en", "ja or en"))?;
    Ok(WillRequest {
        channel: fields.required("channel")?,
        by,
        language,
        seen: fields.number("seen")?.map(Revision),
        id: key(headers, called)?,
    })
}

/// What the caller calls this act.
pub(crate) fn key(headers: &HeaderMap, called: &Called) -> Result<Option<EventId>, Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= KEY_MAX);
    let Some(key) = key else {
        return Err(Problem::new(
            Kind::Malformed,
            format!("Idempotency-Key は {KEY_MAX} 文字以内の ASCII で書いてください"),
            format!("Idempotency-Key must have 1 to {KEY_MAX} characters of ASCII"),
        ));
    };
    Ok(Some(EventId(format!("{}/{key}", called.caller.id))))
}

/// Does an act, and answers it once it has gone as far as is wanted.
pub(crate) async fn act(
    web: &Web,
    wanted: Wanted,
    act: impl FnOnce(&Nattoku) -> Result<Receipt, OperationError> + Send + 'static,
) -> Result<Response, Problem> {
    let acted = append(web, move |node, standing| {
        let receipt = act(standing.nattoku())?;
        Ok((receipt, begin(node, receipt.revision, wanted)))
    });
    let (receipt, begun) = acted.await?;
    let acknowledged = acknowledge(web, begun).await;
    Ok(answer_json(&json!({
        "receipt": receipt.number(),
        "revision": receipt.revision.0,
        "recorded_at": receipt.recorded_at.to_string(),
        "acknowledged": acknowledged,
    })))
}

/// An act of will.
pub(crate) fn act_json(act: &WillAct) -> Value {
    json!({
        "revision": act.revision.0,
        "at": act.at.to_string(),
        "recorded_at": act.recorded_at.to_string(),
        "allows": act.allows,
        "channel": act.channel,
        "by": act.by.to_string(),
        "text_version": act.text_version.as_ref().map(ToString::to_string),
        "language": act.language.map(|language| language.to_string()),
    })
}
