//! The connections of a server: how many there may be, how long a client may take to ask, and how they end.
//!
//! A client that asks slowly, or reads slowly, or not at all, costs a connection for so long and no more; and of connections there is
//! a bound, beyond which clients wait in the system's queue.
//!
//! How they end:
//! 1. The program is told to end. From here on every answer says `Connection: close`, so that clients leave of their own accord, and
//!    none has its next request under way when its connection is closed.
//! 2. Once it has lingered no connection is accepted any more; those that wait in the queue are.
//! 3. What was sent before is read and answered. A connection on which nothing came for a moment is closed.
//! 4. What has not ended in its time is broken off.

use std::future::{Future, poll_fn};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use nattoku_web::Web;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::settings::ServerSettings;

/// For how long it is waited, at the end, for what was sent and has not been read.
const SETTLE: Duration = Duration::from_millis(250);
/// For how long it is waited where the system has no more room for a connection.
const NO_ROOM: Duration = Duration::from_millis(100);
/// Files that are kept for all but connections: the ledger, its keys, the policy.
const OTHER_FILES: u64 = 256;

/// How many connections there may be, and how long what happens on them may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    most: u32,
    idle: Duration,
    body: Duration,
    end: Duration,
}

impl Bounds {
    /// Those of the settings.
    pub(crate) fn of(settings: &ServerSettings) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self {
            most: settings.connections_max,
            idle: seconds(settings.idle_seconds),
            body: seconds(settings.body_seconds),
            end: seconds(settings.end_seconds),
        }
    }
}

/// Answers at an address until the program is told to end, and has answered what had begun.
pub(crate) async fn serve(listener: TcpListener, web: &Web, bounds: Bounds, told: impl Future<Output = ()>) {
    let most = room_for(bounds.most);
    let room = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS)));
    let router = with_bounds(web, bounds);
    let ends = GracefulShutdown::new();
    let (go_on, goes_on) = watch::channel(());
    let mut told = pin!(told);
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&room).acquire_owned().await.ok()?;
            Some((accept(&listener).await, place))
        };
        let Some((stream, place)) = (tokio::select! {
            biased;
            () = &mut told => None,
            next = next => next,
        }) else {
            break;
        };
        let connection = answer(stream, router.clone(), bounds.idle, ends.watcher());
        tokio::spawn(until_broken_off(connection, goes_on.clone(), place));
    }
    // Whoever waits in the queue was told by the system that they are connected.
    while let (Ok(place), Some(stream)) = (Arc::clone(&room).try_acquire_owned(), waiting(&listener).await) {
        let connection = answer(stream, router.clone(), bounds.idle, ends.watcher());
        tokio::spawn(until_broken_off(connection, goes_on.clone(), place));
    }
    drop(listener);
    tokio::time::sleep(SETTLE).await;
    if tokio::time::timeout(bounds.end, ends.shutdown()).await.is_err() {
        tracing::warn!("connections were broken off: what had begun on them did not end in its time");
    }
    // Nothing may be answered after this: the node is about to give its lease up.
    drop(go_on);
    let _ = room.acquire_many(most).await;
}

/// Answers what is asked on one connection.
async fn answer(stream: TcpStream, router: Router, idle: Duration, watcher: Watcher) {
    // Answers are written whole: nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    give_up_on_who_reads_nothing(&stream, idle);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(idle);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // A client that goes away, or asks for nonsense, is no matter of ours.
    let _ = watcher.watch(connection).await;
}

/// Keeps the place of a connection until it has ended, or all are broken off.
async fn until_broken_off(
    connection: impl Future<Output = ()>,
    mut goes_on: watch::Receiver<()>,
    place: OwnedSemaphorePermit,
) {
    tokio::select! {
        () = connection => {}
        _ = goes_on.changed() => {}
    }
    drop(place);
}

/// The next connection.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_the_client(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "a connection cannot be accepted");
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
}

/// A connection that waits to be accepted.
async fn waiting(listener: &TcpListener) -> Option<TcpStream> {
    poll_fn(|context| {
        Poll::Ready(match listener.poll_accept(context) {
            Poll::Ready(Ok((stream, _))) => Some(stream),
            Poll::Ready(Err(_)) | Poll::Pending => None,
        })
    })
    .await
}

/// Whether it went away before it was accepted.
const fn is_of_the_client(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// The pages and the interface with a bound on how long a body may take; and at the end every answer tells that it is the last.
fn with_bounds(web: &Web, bounds: Bounds) -> Router {
    nattoku_web::router(web.clone())
        .layer(axum::middleware::map_response_with_state(web.clone(), last_at_the_end))
        .layer(RequestBodyDeadlineLayer::new(bounds.body))
}

async fn last_at_the_end(State(web): State<Web>, mut response: Response) -> Response {
    if web.is_ending() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Has the system close a connection when what was written to it was not taken for so long.
#[cfg(target_os = "linux")]
fn give_up_on_who_reads_nothing(stream: &TcpStream, after: Duration) {
    let milliseconds = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, milliseconds);
}

#[cfg(not(target_os = "linux"))]
fn give_up_on_who_reads_nothing(_: &TcpStream, _: Duration) {}

/// How many connections there is room for, once the program may open as many files as the system lets it.
#[cfg(unix)]
fn room_for(wanted: u32) -> u32 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::from(wanted) + OTHER_FILES;
    let allowed = limit.maximum.unwrap_or(u64::MAX).min(needed);
    let mut open = limit.current.unwrap_or(u64::MAX);
    if open < allowed
        && setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum: limit.maximum }).is_ok()
    {
        open = allowed;
    }
    // Of very few files half are for connections.
    let room = open.saturating_sub(OTHER_FILES).max(open / 2).max(1);
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    if room < wanted {
        tracing::warn!(
            wanted,
            room,
            "the system lets so few files be open that there is room for fewer connections"
        );
    }
    wanted.min(room)
}

#[cfg(not(unix))]
const fn room_for(wanted: u32) -> u32 {
    wanted
}
