//! What has been recorded, on its way to the collector: in a queue that has an end, on a thread of its own. No call waits for it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nattoku_model::clock::Clock;
use opentelemetry_proto::tonic::trace::v1::Span;

use crate::collector::{Collector, CollectorError, NotTaken, Sender};
use crate::number::Number;
use crate::parent::Parent;
use crate::random;
use crate::span::{Kind, Recording};

/// Most spans that wait.
const QUEUE_MAX: usize = 8_192;
/// Most spans that are sent at once.
const AT_ONCE_MAX: usize = 512;
/// How long a span waits for others to be sent with.
const GATHER: Duration = Duration::from_secs(1);
/// How often it is looked whether all is over.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often spans are sent that are not taken, and how long it is waited in between.
const ATTEMPTS_MAX: u32 = 3;
const AGAIN_IN: Duration = Duration::from_secs(1);
/// From how many numbers it is drawn.
const TWO_TO_THE_63RD: f64 = 9_223_372_036_854_775_808.0;
/// How often it is said, at most, that nothing is taken.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// Traces, where they are followed; a copy is the same. Where they are not, nothing is recorded.
#[derive(Debug, Clone, Default)]
pub struct Tracing(Option<Arc<Exporter>>);

/// What became of spans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The collector has taken them.
    pub sent: u64,
    /// It has not.
    pub failed: u64,
    /// There was no room for them to wait.
    pub dropped: u64,
}

pub(crate) struct Exporter {
    queue: SyncSender<Span>,
    /// Below which what is drawn has to be for a trace to be recorded.
    below: u64,
    clock: Box<dyn Clock>,
    counted: Counted,
    is_over: AtomicBool,
    /// Where it is told that the thread has ended.
    ended: Mutex<Receiver<()>>,
}

#[derive(Debug, Default)]
struct Counted {
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

impl Tracing {
    /// Nothing is recorded.
    #[must_use]
    pub const fn off() -> Self {
        Self(None)
    }

    /// Records, and sends to a collector. Nothing is asked of it yet: a program starts also while it is away.
    ///
    /// # Errors
    /// It could never be asked.
    pub fn to(collector: Collector) -> Result<Self, CollectorError> {
        let sender = Sender::new(&collector)?;
        let (queue, waiting) = sync_channel(QUEUE_MAX);
        let (ends, ended) = sync_channel(1);
        let exporter = Arc::new(Exporter {
            queue,
            below: below(collector.ratio),
            clock: collector.clock,
            counted: Counted::default(),
            is_over: AtomicBool::new(false),
            ended: Mutex::new(ended),
        });
        let of_thread = Arc::clone(&exporter);
        std::thread::Builder::new().name("traces".to_owned()).spawn(move || {
            of_thread.run(&sender, &waiting);
            let _ = ends.send(());
        })?;
        Ok(Self(Some(exporter)))
    }

    /// What became of spans so far; nothing, where none are recorded.
    #[must_use]
    pub fn counts(&self) -> Option<Counts> {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        self.0.as_ref().map(|exporter| Counts {
            sent: read(&exporter.counted.sent),
            failed: read(&exporter.counted.failed),
            dropped: read(&exporter.counted.dropped),
        })
    }

    /// Sends what waits, and nothing more after that. It takes so long at most.
    pub fn end(&self, at_most: Duration) {
        let Some(exporter) = &self.0 else { return };
        exporter.is_over.store(true, Ordering::Relaxed);
        let ended = exporter.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(at_most);
    }

    /// The recording of a call, if it is one that is recorded: as its caller says, if that is heard, and otherwise as it falls.
    pub(crate) fn recording_of(
        &self,
        number: Number,
        parent: Option<Parent>,
        is_caller_heard: bool,
    ) -> Option<Recording> {
        let exporter = self.0.as_ref()?;
        let said = parent.filter(|_| is_caller_heard).map(|parent| parent.is_sampled);
        if !said.unwrap_or_else(|| exporter.draws()) {
            return None;
        }
        let of = parent.map(|parent| (parent.span, true));
        let mut recording = Recording::begin(exporter, number, of, Kind::Server, "HTTP".to_owned());
        if said.is_some() {
            recording.needs_caller();
        }
        Some(recording)
    }

    /// The recording of what no call has brought about, if it is one that is recorded.
    pub(crate) fn root(&self, kind: Kind, name: &str) -> Option<Recording> {
        let exporter = self.0.as_ref()?;
        exporter.draws().then(|| Recording::begin(exporter, Number::new(), None, kind, name.to_owned()))
    }
}

impl Exporter {
    /// The time in nanoseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.clock.now().as_nanosecond()).unwrap_or(0)
    }

    /// Whether one more is recorded of those about which nobody has decided. A call's number has no part in it: others may have chosen it.
    fn draws(&self) -> bool {
        random::next() >> 1 < self.below
    }

    /// Takes a span to be sent, if there is room.
    pub(crate) fn take(&self, span: Span) {
        if self.queue.try_send(span).is_err() {
            self.counted.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn run(&self, sender: &Sender, waiting: &Receiver<Span>) {
        let mut telling = Telling::default();
        while let Some(spans) = self.gather(waiting) {
            let count = u64::try_from(spans.len()).unwrap_or(u64::MAX);
            let sent = self.send(sender, &sender.request(spans));
            let failed = sent.as_ref().map_or(count, |refused| (*refused).min(count));
            self.counted.sent.fetch_add(count - failed, Ordering::Relaxed);
            self.counted.failed.fetch_add(failed, Ordering::Relaxed);
            telling.tell(sent.err(), &self.counted);
        }
    }

    /// The spans that are sent next; nothing, where all is over and none is left.
    fn gather(&self, waiting: &Receiver<Span>) -> Option<Vec<Span>> {
        let mut spans = Vec::new();
        let mut until = None;
        while spans.len() < AT_ONCE_MAX {
            match waiting.recv_timeout(LOOK_EVERY) {
                Ok(span) => {
                    spans.push(span);
                    until.get_or_insert_with(|| Instant::now() + GATHER);
                }
                Err(RecvTimeoutError::Timeout) if !self.is_over() => {}
                Err(_) => break,
            }
            if until.is_some_and(|until| Instant::now() >= until) && !self.is_over() {
                break;
            }
        }
        (!spans.is_empty()).then_some(spans)
    }

    fn send(&self, sender: &Sender, request: &[u8]) -> Result<u64, NotTaken> {
        let mut attempts = 1;
        loop {
            match sender.send(request) {
                Err(NotTaken::ForNow(_)) if attempts < ATTEMPTS_MAX && !self.is_over() => {
                    self.pause(AGAIN_IN * attempts);
                    attempts += 1;
                }
                done => return done,
            }
        }
    }

    fn pause(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time && !self.is_over() {
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("counted", &self.counted).finish_non_exhaustive()
    }
}

/// Below which a number of 63 bits has to be, so that this part of all numbers is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a ratio from 0 to 1 of what fits"
)]
fn below(ratio: f64) -> u64 {
    (ratio.clamp(0.0, 1.0) * TWO_TO_THE_63RD) as u64
}

/// Who is told that nothing is taken, and when it was said last.
#[derive(Debug, Default)]
struct Telling {
    told: Option<Instant>,
    dropped: u64,
}

impl Telling {
    fn tell(&mut self, error: Option<NotTaken>, counted: &Counted) {
        let dropped = counted.dropped.load(Ordering::Relaxed);
        if (error.is_none() && dropped == self.dropped)
            || self.told.is_some_and(|told| told.elapsed() < TELL_EVERY)
        {
            return;
        }
        let failed = counted.failed.load(Ordering::Relaxed);
        let error = error.map_or_else(|| "there is no room for more".to_owned(), |error| error.to_string());
        tracing::warn!(
            error,
            failed,
            dropped,
            "traces do not reach the collector of `tracing.endpoint`; calls go on"
        );
        (self.told, self.dropped) = (Some(Instant::now()), dropped);
    }
}

#[cfg(test)]
mod tests;
