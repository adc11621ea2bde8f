//! `/v1/principals/{principal}/events`: what the ledger has about a principal, and recording more of it.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use nattoku_model::{Event, Revision};
use nattoku_operations::{CallerAct, FieldError, Fields, JsonObject, Nattoku};
use nattoku_store::{Appended, EventId, NewEvent};
use serde_json::{Map, Value, json};

use super::acknowledge::{Wanted, acknowledge, begin};
use super::answer::{append, json as answer_json, with_standing};
use super::caller::Called;
use super::paging::{Page, part_json};
use super::problem::{Kind, Problem};
use super::sent::Sent;
use super::will;
use crate::Web;

/// Most events at once.
const EVENTS_MAX: usize = 1_000;

pub(crate) async fn get(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    called.may(CallerAct::Read)?;
    let (after, limit) = page.after()?;
    with_standing(&web, move |_, standing| {
        // Before anything is read: what is told is no older.
        let revision = standing.revision().0;
        let mut events = standing.nattoku().history(&principal)?;
        events.sort_by_key(|recorded| recorded.revision);
        events.retain(|recorded| recorded.revision.0 > after);
        Ok(answer_json(&part_json(&principal, &events, limit, revision)))
    })
    .await
}

/// Records one event, or several: `{"events": […]}`.
pub(crate) async fn post(
    State(web): State<Web>,
    called: Called,
    Path(principal): Path<String>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    called.may(CallerAct::Record)?;
    let key = will::key(&headers, &called)?;
    let fields = sent.fields()?;
    record(&web, &called, &fields, Some(principal), key).await
}

/// Records what was sent about a principal, or about everybody.
pub(crate) async fn record(
    web: &Web,
    called: &Called,
    fields: &Fields<'_>,
    principal: Option<String>,
    key: Option<EventId>,
) -> Result<Response, Problem> {
    let (objects, wanted) = (objects(fields)?, Wanted::read(fields)?);
    let called = called.clone();
    let (appended, last, begun) = append(web, move |node, standing| {
        let nattoku = standing.nattoku();
        let read = || {
            let events = read(nattoku, &objects, principal.as_deref(), key.as_ref())?;
            for event in &events {
                may_record(&called, &event.event)?;
            }
            Ok::<_, Problem>(events)
        };
        let (events, appended) = nattoku.record_sent(read)?;
        let stops = events.iter().any(|event| stops(&event.event));
        let usual = if stops { Wanted::Enforced } else { Wanted::Durable };
        let last = appended.iter().map(|appended| appended.revision).max().unwrap_or(Revision(0));
        Ok((appended, last, begin(node, last, wanted.unwrap_or(usual))))
    })
    .await?;
    let acknowledged = acknowledge(web, begun).await;
    let events: Vec<Value> = appended.iter().map(appended_json).collect();
    Ok(answer_json(&json!({ "events": events, "revision": last.0, "acknowledged": acknowledged })))
}

/// Whether a caller may record an event: a principal's will is for those who may record that, and a use or a look for whose it is.
fn may_record(called: &Called, event: &Event) -> Result<(), Problem> {
    match event {
        Event::ConsentGranted { .. }
        | Event::ConsentWithdrawn { .. }
        | Event::ChoiceDeclined { .. }
        | Event::ChoiceRestored { .. } => called.may(CallerAct::Will),
        Event::DataUsed { application, .. } | Event::DataViewed { application, .. } => {
            called.may_ask_as(application.as_str())
        }
        _ => Ok(()),
    }
}

/// Whether an event takes back what was allowed: then it is answered only once every node respects it, unless somebody says otherwise.
const fn stops(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsentWithdrawn { .. } | Event::ChoiceDeclined { .. } | Event::RestrictionPlaced { .. }
    )
}

/// The events that were sent.
fn objects(fields: &Fields<'_>) -> Result<Vec<Map<String, Value>>, Problem> {
    if !fields.has("events") {
        let mut one = fields.object_itself().to_map();
        one.remove("acknowledge");
        return Ok(vec![one]);
    }
    fields.only(&["events", "acknowledge"])?;
    let sent = fields.list("events", EVENTS_MAX)?;
    if sent.is_empty() {
        return Err(FieldError::expected("events", "一つ以上の配列", "an array of one at least").into());
    }
    let objects = sent.iter().enumerate().map(|(index, event)| {
        let expected = || FieldError::expected("events", "オブジェクトの配列", "an array of objects");
        let object = event.as_object().map(JsonObject::to_map);
        object.ok_or_else(|| Problem::malformed(&expected()).with("index", index))
    });
    objects.collect()
}

fn read(
    nattoku: &Nattoku,
    objects: &[Map<String, Value>],
    principal: Option<&str>,
    key: Option<&EventId>,
) -> Result<Vec<NewEvent>, Problem> {
    let read = objects.iter().enumerate().map(|(index, object)| {
        // Each event of a call that is sent again is known by the call's name and its place.
        let id = key.map(|EventId(key)| EventId(format!("{key}/{index}")));
        nattoku.read_event(object, principal, id).map_err(|error| {
            Problem::new(Kind::Refused, error.problem.ja, error.problem.en)
                .with("field", error.field)
                .with("index", index)
        })
    });
    read.collect()
}

fn appended_json(appended: &Appended) -> Value {
    json!({
        "revision": appended.revision.0,
        "recorded_at": appended.recorded_at.to_string(),
        "already_there": appended.already_there,
    })
}
