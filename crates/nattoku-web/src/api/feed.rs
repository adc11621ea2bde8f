//! `GET /v1/events`: what happened, for programs that follow it: a batch of `CloudEvents`, or a stream that goes on.
//!
//! Whoever reads keeps the revision up to which they have read, and goes on from there; nothing is kept here for them. What is told is what
//! this node has taken in, so that whoever is told of an event and asks about it here is answered with it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use nattoku_model::Revision;
use nattoku_operations::{CallerAct, FeedEvent, FeedPage, FieldError, OperationError};
use nattoku_trace::Call;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::{blocking, with_standing};
use super::caller::Called;
use super::paging::Page;
use super::problem::{Kind, Problem};
use crate::Web;

/// `CloudEvents` in a JSON array.
const BATCH: &str = "application/cloudevents-batch+json";
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Has a proxy of nginx hand on what comes as it comes.
const NOT_BUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");
/// Events read at once for a stream.
const PART: usize = 500;
/// How often a stream looks whether there is more.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long a stream goes on; its reader comes again by itself. A token that was taken back reads on for no longer.
const GOES_ON_FOR: Duration = Duration::from_mins(1);
/// When its reader is to come again.
const COME_AGAIN: Duration = Duration::from_millis(500);
/// Nothing for so long, and a comment shows that the stream goes on.
const QUIET_MAX: Duration = Duration::from_secs(15);

pub(crate) async fn get(
    State(web): State<Web>,
    called: Called,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    called.may(CallerAct::Feed)?;
    let (after, limit) = page.after()?;
    // Whoever comes again sends it beside the address with which they came first.
    let after = Revision(last_seen(&headers)?.unwrap_or(after));
    has_come_so_far(&web, after).await?;
    if wants_stream(&headers) {
        return begin_stream(web, after);
    }
    let page = read(&web, after, limit).await?;
    let next = format!("</v1/events?after={}&limit={limit}>; rel=\"next\"", page.until);
    let events: Vec<Value> = page.events.into_iter().map(|event| event.cloud_event).collect();
    let headers = [(header::CONTENT_TYPE, BATCH.to_owned()), (header::LINK, next)];
    Ok((headers, Value::from(events).to_string()).into_response())
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|accepted| {
        accepted.split(',').any(|one| {
            let kind = one.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/event-stream")
        })
    })
}

/// The last event that whoever comes again has seen.
fn last_seen(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let expected = || {
        FieldError::expected("Last-Event-ID", "できごとの id（整数）", "the id of an event, a whole number")
    };
    number.map(Some).ok_or_else(|| Problem::malformed(&expected()))
}

/// Whoever has read further than the ledger goes has read another, or an older state of it was restored: that is to be seen.
async fn has_come_so_far(web: &Web, after: Revision) -> Result<(), Problem> {
    if web.node.taken_in() < after {
        let node = std::sync::Arc::clone(&web.node);
        blocking(web, move || node.take_in()).await??;
    }
    let have = web.node.taken_in();
    if have >= after {
        return Ok(());
    }
    Err(Problem::new(
        Kind::Conflict,
        format!("台帳はリビジョン {have} までしかなく、{after} より後はありません。別の台帳か、復元された古い台帳です"),
        format!(
            "the ledger goes to revision {have}, and not beyond {after}: it is another one, or an older state of it was restored"
        ),
    )
    .with("revision", have.0))
}

async fn read(web: &Web, after: Revision, most: usize) -> Result<FeedPage, Problem> {
    with_standing(web, move |node, standing| {
        Ok(standing.nattoku().feed(after, node.taken_in(), most).map_err(OperationError::from)?)
    })
    .await
}

/// A stream, and how far it has come.
struct Going {
    web: Web,
    /// The call that began it.
    call: Option<Call>,
    after: Revision,
    until: Instant,
    read: VecDeque<FeedEvent>,
    has_begun: bool,
    _place: OwnedSemaphorePermit,
}

fn begin_stream(web: Web, after: Revision) -> Result<Response, Problem> {
    let Some(place) = web.limits.stream() else {
        return Err(Problem::new(
            Kind::Busy,
            "これ以上の配信は同時にできません。少し待ってもう一度つなぐか、続きをバッチで読んでください",
            "there are as many streams as there may be; wait a moment and come again, or read batches",
        ));
    };
    let until = Instant::now() + GOES_ON_FOR;
    let call = Call::current();
    let going = Going { web, call, after, until, read: VecDeque::new(), has_begun: false, _place: place };
    let events = stream::unfold(going, async |mut going| {
        let event = match going.call.clone() {
            Some(call) => call.answering(going.next()).await?,
            None => going.next().await?,
        };
        Some((Ok::<_, Infallible>(event), going))
    });
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(QUIET_MAX));
    Ok(([NOT_BUFFERED], stream).into_response())
}

impl Going {
    /// The next that is sent; nothing, where the stream ends.
    async fn next(&mut self) -> Option<Event> {
        if !self.has_begun {
            self.has_begun = true;
            return Some(Event::default().retry(COME_AGAIN));
        }
        loop {
            // Whoever reads slowly is told no more either: who may read, and of whom, may have changed since it was read.
            if self.web.is_ending() || Instant::now() >= self.until {
                return None;
            }
            if let Some(event) = self.read.pop_front() {
                let id = event.revision.to_string();
                return Some(Event::default().id(id).data(event.cloud_event.to_string()));
            }
            if self.web.node.taken_in() <= self.after {
                tokio::time::sleep(LOOK_EVERY).await;
                continue;
            }
            match read(&self.web, self.after, PART).await {
                Ok(page) => {
                    self.after = page.until;
                    self.read = page.events.into();
                }
                // Its reader comes again, and is told then.
                Err(problem) => {
                    tracing::warn!(kind = problem.kind().name(), "a stream of events broke off");
                    return None;
                }
            }
        }
    }
}
