//! The call that is being answered: known to whatever runs for it, without being handed from one to the next.

use std::future::Future;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::exporter::Tracing;
use crate::number::Number;
use crate::parent::Parent;
use crate::span::{CALLER, Kind, Noted, Recording};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: Call;
}

/// A call. A copy is the same one.
#[derive(Debug, Clone)]
pub struct Call {
    number: Number,
    /// Where it is recorded.
    recording: Option<Arc<Recording>>,
}

impl Call {
    /// A call of a program that came with these headers begins. Its number is that of the caller's trace (`traceparent`), or what a proxy
    /// calls the request (`X-Request-ID`, where that is a UUID or 32 hexadecimal digits), or a new one. What its caller records is recorded,
    /// once it is told who that is ([`called_by`]).
    #[must_use]
    pub fn begin(tracing: &Tracing, headers: &HeaderMap) -> Self {
        Self::under(tracing, headers, true)
    }

    /// The same of whoever comes: what they say gives the call its number, and they have no part in what is recorded.
    #[must_use]
    pub fn of_anybody(tracing: &Tracing, headers: &HeaderMap) -> Self {
        Self::under(tracing, headers, false)
    }

    fn under(tracing: &Tracing, headers: &HeaderMap, is_caller_heard: bool) -> Self {
        let parent = Parent::of(headers);
        let number = parent.as_ref().map_or_else(
            || {
                let said = headers.get(REQUEST_ID).and_then(|id| Number::of_request_id(id.as_bytes()));
                said.unwrap_or_default()
            },
            |parent| parent.number,
        );
        let recording = tracing.recording_of(number, parent, is_caller_heard).map(Arc::new);
        Self { number, recording }
    }

    /// The call that is being answered here.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> Number {
        self.number
    }

    /// Does what is done to answer it.
    pub async fn answering<T>(&self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), work).await
    }

    /// It was answered. `route` is the address as it is routed, without what callers fill in.
    pub fn answered(&self, method: &Method, route: Option<&str>, status: StatusCode) {
        let Some(recording) = &self.recording else { return };
        // Whoever likes may call a method what they like.
        let known = [
            Method::GET,
            Method::POST,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
            Method::PATCH,
            Method::CONNECT,
            Method::TRACE,
        ];
        let known = known.contains(method).then(|| method.as_str());
        let name = known.unwrap_or("HTTP");
        recording.rename(route.map_or_else(|| name.to_owned(), |route| format!("{name} {route}")));
        recording.note("http.request.method", known.unwrap_or("_OTHER").into());
        if let Some(route) = route {
            recording.note("http.route", route.into());
        }
        recording.note("http.response.status_code", u64::from(status.as_u16()).into());
        if status.is_server_error() {
            recording.note("error.type", status.as_str().into());
        }
        recording.end(!status.is_server_error());
    }
}

/// The number of the call that is being answered here.
#[must_use]
pub fn current_number() -> Option<Number> {
    CURRENT.try_with(Call::number).ok()
}

/// Whatever is done is done for this call, also on a thread of its own.
pub fn with_call<T>(call: Option<Call>, work: impl FnOnce() -> T) -> T {
    match call {
        Some(call) => CURRENT.sync_scope(call, work),
        None => work(),
    }
}

/// Notes something of the call that is being answered here. It is worked out only where the call is recorded.
pub fn note<N: Into<Noted>>(key: &'static str, noted: impl FnOnce() -> N) {
    if let Some(recording) = recording() {
        recording.note(key, noted().into());
    }
}

/// It is known who calls: a program that this server knows, by the name under which it does.
pub fn called_by<N: Into<Noted>>(name: impl FnOnce() -> N) {
    note(CALLER, name);
}

/// Does something that takes time, as a span below that of the call.
pub fn during<T, E>(name: &'static str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let span = recording().map(|recording| recording.below(name));
    let done = work();
    if let Some(span) = span {
        span.end(done.is_ok());
    }
    done
}

/// The same, of what is waited for.
pub async fn during_wait<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    let span = recording().map(|recording| recording.below(name));
    let done = work.await;
    if let Some(span) = span {
        span.end(true);
    }
    done
}

fn recording() -> Option<Arc<Recording>> {
    CURRENT.try_with(|call| call.recording.clone()).ok().flatten()
}

impl Tracing {
    /// A message that is sent to somebody else begins to be sent: a trace of its own, where it is recorded.
    #[must_use]
    pub fn sending(&self, name: &str) -> Option<Recording> {
        self.root(Kind::Producer, name)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn as_a_program() -> HeaderMap {
        let traceparent = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        HeaderMap::from_iter([
            (crate::parent::TRACEPARENT, traceparent),
            (REQUEST_ID, HeaderValue::from_static("bfe9eb29-ab87-4ca3-be83-a1d5d8305716")),
        ])
    }

    #[test]
    fn a_call_that_nobody_follows_allocates_nothing() {
        let (tracing, named, unnamed) = (Tracing::off(), as_a_program(), HeaderMap::new());
        let _ = Number::new();
        let counted = allocation_counter::measure(|| {
            for headers in [&named, &unnamed] {
                let call = Call::begin(&tracing, headers);
                with_call(Some(call.clone()), || {
                    note("nattoku.decision", || "permit".to_owned());
                    during("append", || Ok::<_, ()>(())).unwrap();
                    assert_eq!(current_number(), Some(call.number()));
                });
                call.answered(&Method::POST, Some("/v1/decide"), StatusCode::OK);
            }
        });
        assert_eq!(counted.count_total, 0);
    }

    #[test]
    fn the_number_is_of_whoever_is_nearest_to_the_caller() {
        let number = |headers: &HeaderMap| Call::begin(&Tracing::off(), headers).number().to_string();
        let mut headers = as_a_program();
        assert_eq!(number(&headers), "4bf92f3577b34da6a3ce929d0e0e4736");
        headers.remove(crate::parent::TRACEPARENT);
        assert_eq!(number(&headers), "bfe9eb29ab874ca3be83a1d5d8305716");
        headers.insert(REQUEST_ID, HeaderValue::from_static("form 7"));
        assert_ne!(number(&headers), number(&headers));
        assert_eq!(current_number(), None, "no call is answered here");
    }
}
