//! What one caller wants appended.

use jiff::Timestamp;
use nattoku_model::Revision;

use super::StoredId;
use crate::error::StoreError;
use crate::event_json::{EventError, NewEvent};

/// What an event holds in memory beside its texts.
pub(super) const EVENT_BYTES: usize = 512;

/// Events that are appended together or not at all.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) events: Vec<NewEvent>,
    /// The id of each event, in their order.
    pub(crate) ids: Vec<StoredId>,
    /// About how much they hold in memory.
    pub(crate) n_bytes: usize,
    /// When the request was made, in microseconds since 1970.
    pub(crate) now: i64,
    /// Whether an event that brings its `recorded_at` keeps it.
    pub(crate) keep_recorded_at: bool,
    /// The newest event about the first event's principal that its sender knew of, where nothing newer may have come.
    pub(crate) newest_known: Option<Revision>,
}

impl Request {
    /// Holds events against the rules that need no ledger: step 1 of an append.
    pub(crate) fn new(
        id_key: &[u8; 32],
        events: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Self, StoreError> {
        let (mut ids, mut n_bytes) = (Vec::with_capacity(events.len()), 0_usize);
        for (index, event) in events.iter().enumerate() {
            let checked = event.check_size().map_err(|error| StoreError::Refused { index, error })?;
            n_bytes = n_bytes.saturating_add(checked + EVENT_BYTES);
            if event.recorded_at.is_some() && !keep_recorded_at {
                return Err(StoreError::Refused { index, error: EventError::recorded_at_is_not_given() });
            }
            ids.push(StoredId::of(id_key, event, cut(event.at)));
        }
        let now = cut(now).as_microsecond();
        Ok(Self { events: events.to_vec(), ids, n_bytes, now, keep_recorded_at, newest_known: None })
    }
}

/// An instant without what is finer than a microsecond.
pub(crate) fn cut(at: Timestamp) -> Timestamp {
    let finer = i64::from(at.subsec_nanosecond().rem_euclid(1_000));
    at.checked_sub(jiff::SignedDuration::from_nanos(finer)).unwrap_or(at)
}
