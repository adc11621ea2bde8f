//! What the server counts and times, for Prometheus.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use nattoku_operations::Freshness;
use nattoku_trace::Counts;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Bounds of what is answered at once, in seconds.
const BOUNDS: [f64; 12] = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0];

/// The figures of one server.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    calls: Family<Call, Histogram>,
    enforced: Histogram,
    taken_in: Histogram,
    deliveries: Family<Delivery, Counter>,
    behind: Family<Receiver, Gauge>,
    dead: Family<Receiver, Gauge>,
    spans: Family<Spans, Counter>,
    revision: Gauge,
    staleness: Gauge<f64, std::sync::atomic::AtomicU64>,
    lease: Gauge<f64, std::sync::atomic::AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    path: String,
    status: Status,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Delivery {
    subscription: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Receiver {
    subscription: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Spans {
    outcome: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Status(u16);

impl EncodeLabelValue for Status {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.encode(encoder)
    }
}

impl Default for Figures {
    fn default() -> Self {
        Self::new()
    }
}

impl Figures {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("nattoku");
        let calls = Family::<Call, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register_with_unit(
            "call",
            "How long calls took, by address and status",
            Unit::Seconds,
            calls.clone(),
        );
        let enforced = Histogram::new(BOUNDS);
        registry.register_with_unit(
            "enforcement",
            "How long it took from a write being durable until no node permitted any more by a state before it",
            Unit::Seconds,
            enforced.clone(),
        );
        let taken_in = Histogram::new(BOUNDS);
        registry.register_with_unit(
            "taking_in",
            "How long the oldest of the events taken in at one look had been in the ledger, by the clocks of both machines",
            Unit::Seconds,
            taken_in.clone(),
        );
        let (deliveries, behind, dead) = (Family::default(), Family::default(), Family::default());
        registry.register(
            "deliveries",
            "Attempts to send an event, by what came of them",
            deliveries.clone(),
        );
        registry.register(
            "delivery_behind",
            "How many events a subscription has not looked at yet, told by the node that sends",
            behind.clone(),
        );
        registry.register(
            "dead_letters",
            "How many events a subscription has given up, told by the node that sends",
            dead.clone(),
        );
        let spans = Family::default();
        registry.register("spans", "Spans that were recorded, by what became of them", spans.clone());
        let (revision, staleness, lease) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("revision", "How much of the ledger this node has taken in", revision.clone());
        registry.register_with_unit(
            "staleness",
            "How long ago this node asked for the newest state that it has taken in",
            Unit::Seconds,
            staleness.clone(),
        );
        registry.register_with_unit(
            "lease",
            "For how long this node may go on to permit if it hears nothing more",
            Unit::Seconds,
            lease.clone(),
        );
        Self {
            registry,
            calls,
            enforced,
            taken_in,
            deliveries,
            behind,
            dead,
            spans,
            revision,
            staleness,
            lease,
        }
    }

    /// A call was answered.
    pub(crate) fn answered(&self, path: &str, status: StatusCode, took: Duration) {
        let call = Call { path: path.to_owned(), status: Status(status.as_u16()) };
        self.calls.get_or_create(&call).observe(took.as_secs_f64());
    }

    /// A write is respected by every node, so long after it was durable.
    pub(crate) fn enforced(&self, took: Duration) {
        self.enforced.observe(took.as_secs_f64());
    }

    /// Events were taken in, the first of them so long after it was appended.
    pub fn taken_in(&self, waited: Duration) {
        self.taken_in.observe(waited.as_secs_f64());
    }

    /// It was attempted to send an event to a receiver, and this came of it.
    pub fn delivered(&self, subscription: &str, outcome: &'static str) {
        let subscription = subscription.to_owned();
        self.deliveries.get_or_create(&Delivery { subscription, outcome }).inc();
    }

    /// A receiver has so many events before it.
    pub fn delivery_behind(&self, subscription: &str, events: u64) {
        let receiver = Receiver { subscription: subscription.to_owned() };
        self.behind.get_or_create(&receiver).set(i64::try_from(events).unwrap_or(i64::MAX));
    }

    /// So many events were given up for a receiver.
    pub fn dead_letters(&self, subscription: &str, letters: u64) {
        let receiver = Receiver { subscription: subscription.to_owned() };
        self.dead.get_or_create(&receiver).set(i64::try_from(letters).unwrap_or(i64::MAX));
    }

    /// All of it, in the text of `OpenMetrics`.
    pub(crate) fn text(&self, fresh: &Freshness, spans: Option<Counts>) -> Result<String, fmt::Error> {
        if let Some(Counts { sent, failed, dropped }) = spans {
            for (outcome, count) in [("sent", sent), ("failed", failed), ("dropped", dropped)] {
                self.spans.get_or_create(&Spans { outcome }).inner().store(count, Ordering::Relaxed);
            }
        }
        self.revision.set(i64::try_from(fresh.revision.0).unwrap_or(i64::MAX));
        self.staleness.set(fresh.staleness.map_or(f64::INFINITY, |staleness| staleness.as_secs_f64()));
        self.lease.set(fresh.remaining.as_secs_f64());
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
