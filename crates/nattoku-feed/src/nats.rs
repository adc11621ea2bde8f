//! Every event to a stream of NATS `JetStream`, for programs that follow it there: fan-out and never the record.
//!
//! The stream is its own cursor. Its last message says up to which revision it has come, and each further message is taken only if it
//! comes right after that one; so whoever publishes, and however often they break off, the stream has each event once and in order.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{GetStreamError, GetStreamErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, Stream};
use async_nats::jetstream::{self, Context};
use async_nats::{ConnectOptions, header};
use nattoku_model::Revision;
use nattoku_operations::{FeedEvent, Node};
use nattoku_store::StoreError;
use nattoku_trace::{Recording, Tracing};

use crate::pause::{GLANCE_EVERY, pause};
use crate::target::is_this_machine;
use crate::turn::Turn;

/// What the stream is called unless somebody says otherwise.
pub const STREAM: &str = "NATTOKU";
/// In front of an event's name, where it is published.
const SUBJECTS: &str = "nattoku.events";
/// The header that tells an event's revision.
const REVISION: &str = "Nattoku-Revision";
/// For how long the server knows a message by its id. Beyond that it is known by its place.
const KNOWN_FOR: Duration = Duration::from_mins(2);
/// Events read at once.
const PART: usize = 500;
/// How long one message may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How often the turn is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// How long it waits before it tries again.
const AGAIN_IN: Duration = Duration::from_secs(1);

/// Where a stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsPlace {
    /// `tls://HOST:PORT`, or `nats://` to this very machine.
    pub address: String,
    /// The file of the credentials, where the server wants some.
    pub credentials: Option<PathBuf>,
    /// The name of the stream.
    pub stream: String,
    /// How many servers keep it.
    pub replicas: usize,
}

/// Why events are not published.
#[derive(Debug, thiserror::Error)]
pub enum NatsError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server is not reached, or refuses.
    #[error("NATS: {0}")]
    Nats(String),
    /// The stream is of another ledger.
    #[error(
        "the stream has events of another ledger: give this one a stream of its own by `feed.nats_stream`"
    )]
    Foreign,
    /// The stream has more than the ledger.
    #[error(
        "the stream goes to revision {stream}, and the ledger to {ledger}: it is of another ledger, or an older state of this one was restored"
    )]
    Ahead {
        /// How far the stream goes.
        stream: Revision,
        /// How far the ledger goes.
        ledger: Revision,
    },
}

impl NatsPlace {
    /// Whether an address can be used: `tls://HOST:PORT`, or `nats://` to this very machine. What is personal is not sent over a network in
    /// the clear.
    #[must_use]
    pub fn is_good(address: &str) -> bool {
        let host_of = |rest: &str| {
            let host = rest.split('/').next().unwrap_or_default();
            match host.rsplit_once(':') {
                Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
                _ => host.to_owned(),
            }
        };
        // What is written in front of an `@` would stand in messages.
        match address.split_once("://") {
            Some(("tls", rest)) => !host_of(rest).is_empty() && !rest.contains('@'),
            Some(("nats", rest)) => is_this_machine(&host_of(rest)) && !rest.contains('@'),
            _ => false,
        }
    }
}

/// Publishes every event.
pub struct Publisher {
    node: Arc<Node>,
    place: NatsPlace,
    turn: Turn,
    tracing: Tracing,
}

/// A stream, and how far it has come.
struct Reached {
    context: Context,
    /// The number of its last message.
    sequence: u64,
    /// The event of that message.
    revision: Revision,
}

impl Publisher {
    /// Publishes as the program of an id, which is random and another for each start.
    #[must_use]
    pub fn new(node: Arc<Node>, place: NatsPlace, id: [u8; 16]) -> Self {
        Self { node, place, turn: Turn::new("nats", id), tracing: Tracing::off() }
    }

    /// The same, of which is told what it publishes.
    #[must_use]
    pub fn traced(self, tracing: Tracing) -> Self {
        Self { tracing, ..self }
    }

    /// Publishes until all is over, while no other program does.
    pub fn run(&self, is_over: &AtomicBool) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::error!(%error, "events are not published");
                return;
            }
        };
        let mut is_told = false;
        while !is_over.load(Ordering::Relaxed) {
            let published = runtime.block_on(self.publish(is_over, &mut is_told));
            // Said once, and again when it has been well in between.
            if let Err(error) = published
                && !is_told
            {
                tracing::error!(%error, "events are not published to NATS; they are once it is well again");
                is_told = true;
            }
            pause(AGAIN_IN, is_over);
        }
        if let Err(error) = self.turn.end(self.node.state()) {
            tracing::warn!(%error, "the turn at publishing events was not given up, and runs out in its time");
        }
    }

    /// Publishes for as long as it goes well.
    async fn publish(&self, is_over: &AtomicBool, is_told: &mut bool) -> Result<(), NatsError> {
        if !self.turn.take(self.node.state())? {
            return Ok(());
        }
        let mut reached = self.reach().await?;
        let mut renewed = std::time::Instant::now();
        while !is_over.load(Ordering::Relaxed) {
            if renewed.elapsed() >= RENEW_EVERY {
                if !self.turn.take(self.node.state())? {
                    return Ok(());
                }
                renewed = std::time::Instant::now();
            }
            let newest = self.node.taken_in();
            if newest <= reached.revision {
                tokio::time::sleep(GLANCE_EVERY).await;
                continue;
            }
            let nattoku = self.node.following().standing().nattoku().clone();
            let page = nattoku.feed(reached.revision, newest, PART)?;
            for event in &page.events {
                if !self.turn.lasts(TIMEOUT) {
                    return Ok(());
                }
                reached.sequence = self.send(&reached, event).await?;
                reached.revision = event.revision;
                *is_told = false;
            }
            reached.revision = page.until;
        }
        Ok(())
    }

    /// Finds the stream, or makes it, and how far it has come.
    async fn reach(&self) -> Result<Reached, NatsError> {
        let place = &self.place;
        let context = connect(place).await?;
        let config = Config {
            name: place.stream.clone(),
            description: Some("Events of Nattoku's ledger, as CloudEvents".to_owned()),
            subjects: vec![format!("{SUBJECTS}.>")],
            num_replicas: place.replicas,
            duplicate_window: KNOWN_FOR,
            ..Config::default()
        };
        let mut stream = context.get_or_create_stream(config).await.map_err(nats)?;
        let ledger_id = self.node.following().standing().nattoku().ledger_id()?;
        let (sequence, revision) = last(&mut stream, ledger_id).await?;
        let ledger = self.node.following().standing().nattoku().revision()?;
        is_of_this_ledger(revision, ledger)?;
        Ok(Reached { context, sequence, revision })
    }

    /// Publishes an event right after the last message, and gives its number.
    async fn send(&self, reached: &Reached, event: &FeedEvent) -> Result<u64, NatsError> {
        let recording = self.tracing.sending("publish an event");
        let sent = self.publish_one(reached, event, recording.as_ref()).await;
        if let Some(recording) = recording {
            recording.note("nattoku.event", event.name.into());
            recording.note("nattoku.revision", event.revision.0.into());
            recording.end(sent.is_ok());
        }
        sent
    }

    async fn publish_one(
        &self,
        reached: &Reached,
        event: &FeedEvent,
        recording: Option<&Recording>,
    ) -> Result<u64, NatsError> {
        let mut message = PublishMessage::build()
            .payload(event.cloud_event.to_string().into())
            .header("Content-Type", "application/cloudevents+json")
            .header(REVISION, event.revision.to_string())
            .message_id(&event.id)
            .expected_stream(&self.place.stream)
            .expected_last_sequence(reached.sequence);
        if let Some(recording) = recording {
            message = message.header("traceparent", recording.traceparent().as_str());
        }
        let subject = format!("{SUBJECTS}.{}", event.name);
        let sent = reached.context.send_publish(subject, message).await.map_err(nats)?;
        let taken = sent.await.map_err(nats)?;
        Ok(taken.sequence)
    }
}

/// Looks whether a stream can be published to, and how far it has come; none where there is no stream yet. Changes nothing. Blocks.
///
/// # Errors
/// The server is not reached or refuses, or the stream is of another ledger.
pub fn look(place: &NatsPlace, ledger: [u8; 16], newest: Revision) -> Result<Option<Revision>, NatsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(nats)?;
    runtime.block_on(async {
        let context = connect(place).await?;
        let mut stream = match context.get_stream(&place.stream).await {
            Ok(stream) => stream,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(nats(error)),
        };
        let (_, revision) = last(&mut stream, ledger).await?;
        is_of_this_ledger(revision, newest)?;
        Ok(Some(revision))
    })
}

fn is_absent(error: &GetStreamError) -> bool {
    matches!(error.kind(), GetStreamErrorKind::JetStream(told) if told.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

async fn connect(place: &NatsPlace) -> Result<Context, NatsError> {
    let mut options = ConnectOptions::new().name("nattoku").connection_timeout(TIMEOUT).max_reconnects(1);
    // What a server tells of others is told before TLS, by whoever is in between: nothing is sent there.
    options = options.ignore_discovered_servers().require_tls(place.address.starts_with("tls://"));
    if let Some(file) = &place.credentials {
        let credentials = std::fs::read_to_string(file)
            .map_err(|error| NatsError::Nats(format!("{}: {error}", file.display())))?;
        options = options.credentials(&credentials).map_err(nats)?;
    }
    let client = options.connect(place.address.as_str()).await.map_err(nats)?;
    let mut context = jetstream::new(client);
    context.set_timeout(TIMEOUT);
    Ok(context)
}

/// A stream that goes further than the ledger has something else in it.
fn is_of_this_ledger(stream: Revision, ledger: Revision) -> Result<(), NatsError> {
    if stream > ledger { Err(NatsError::Ahead { stream, ledger }) } else { Ok(()) }
}

/// The number of a stream's last message, and its event's revision; 0 where it has none.
async fn last(stream: &mut Stream, ledger: [u8; 16]) -> Result<(u64, Revision), NatsError> {
    let state = &stream.info().await.map_err(nats)?.state;
    let (sequence, messages) = (state.last_sequence, state.messages);
    if messages == 0 {
        // What was in it once is not in it any more: it is filled again from the beginning.
        return Ok((sequence, Revision(0)));
    }
    // The last of those that are there: somebody may have taken the very last out.
    let message = stream.get_last_raw_message_by_subject(&format!("{SUBJECTS}.>")).await.map_err(nats)?;
    let id = message.headers.get(header::NATS_MESSAGE_ID).map(|id| id.as_str().to_owned());
    let of_this = format!("{:032x}-", u128::from_be_bytes(ledger));
    if !id.is_some_and(|id| id.starts_with(&of_this)) {
        return Err(NatsError::Foreign);
    }
    let told = message.headers.get(REVISION).and_then(|value| value.as_str().parse().ok());
    let revision = told.ok_or_else(|| {
        NatsError::Nats(format!(
            "the last message of the stream has no header {REVISION}: it is not Nattoku's"
        ))
    })?;
    Ok((sequence, Revision(revision)))
}

fn nats(error: impl std::fmt::Display) -> NatsError {
    NatsError::Nats(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_goes_further_than_the_ledger_is_not_gone_on_with() {
        assert!(is_of_this_ledger(Revision(3), Revision(3)).is_ok());
        let told = is_of_this_ledger(Revision(4), Revision(3)).unwrap_err().to_string();
        assert!(told.contains("revision 4") && told.contains("ledger to 3"), "{told}");
    }

    #[test]
    fn it_is_over_tls_or_on_this_machine() {
        for good in [
            "tls://nats.example.jp:4222",
            "tls://nats.example.jp",
            "nats://127.0.0.1:4222",
            "nats://[::1]:4222",
            "nats://localhost",
        ] {
            assert!(NatsPlace::is_good(good), "{good}");
        }
        for wrong in [
            "nats://nats.example.jp:4222",
            "nats://127.0.0.1@nats.example.jp",
            "tls://user:word@h:1",
            "tls://",
            "127.0.0.1:4222",
            "",
        ] {
            assert!(!NatsPlace::is_good(wrong), "{wrong}");
        }
    }
}
