//! A receiver of events: a server on this machine that keeps what it is sent, and answers as it is told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use nattoku_feed::sign;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::shop::secret;

/// What was sent.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) id: String,
    pub(crate) event: Value,
    pub(crate) headers: HeaderMap,
    body: String,
}

/// An answer that is prepared: its status, and a header.
type Prepared = (u16, &'static str, &'static str);

#[derive(Debug, Clone, Default)]
struct Shared {
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<Prepared>>>,
}

pub(crate) struct Receiver {
    shared: Shared,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap())
    }

    fn start_at(address: SocketAddr) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(address)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared::default();
        let router = Router::new().fallback(receive).with_state(shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { shared, address, runtime: Some(runtime) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks?of=nattoku", self.address)
    }

    /// Answers so the next time, with a header; and then as before.
    pub(crate) fn answer(&self, status: u16, header: (&'static str, &'static str)) {
        self.shared.answers.lock().unwrap().push_back((status, header.0, header.1));
    }

    pub(crate) fn answer_times(&self, times: usize, status: u16) {
        (0..times).for_each(|_| self.answer(status, ("x-nothing", "")));
    }

    /// What was sent since the last time.
    pub(crate) fn got(&self) -> Vec<Got> {
        std::mem::take(&mut *self.shared.got.lock().unwrap())
    }

    /// Goes away, and gives its address.
    pub(crate) fn stop(mut self) -> SocketAddr {
        self.runtime.take().unwrap().shutdown_background();
        self.address
    }

    /// Comes back to an address.
    pub(crate) fn back_at(address: SocketAddr) -> Self {
        Self::start_at(address)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn receive(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let event = serde_json::from_str(&body).unwrap();
    shared.got.lock().unwrap().push(Got { id, event, headers, body });
    match shared.answers.lock().unwrap().pop_front() {
        None => StatusCode::NO_CONTENT.into_response(),
        Some((status, name, value)) => {
            (StatusCode::from_u16(status).unwrap(), [(name, value)], "text that nobody reads").into_response()
        }
    }
}

impl Got {
    /// The event's revision.
    pub(crate) fn revision(&self) -> u64 {
        self.event["id"].as_str().unwrap().parse().unwrap()
    }

    /// Holds what was sent against its signature.
    pub(crate) fn is_signed(&self) {
        let header = |name: &str| self.headers[name].to_str().unwrap();
        let timestamp: i64 = header("webhook-timestamp").parse().unwrap();
        let wanted = sign(&secret(), &self.id, timestamp, &self.body);
        assert_eq!(header("webhook-signature"), wanted);
    }
}

pub(crate) fn revisions(got: &[Got]) -> Vec<u64> {
    got.iter().map(Got::revision).collect()
}
