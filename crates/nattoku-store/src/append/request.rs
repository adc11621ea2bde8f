//! What one caller wants appended.

use jiff::Timestamp;
use nattoku_model::Revision;

use super::Prepared;
use crate::error::StoreError;
use crate::event_json::NewEvent;

/// What an event holds in memory beside its texts.
pub(super) const EVENT_BYTES: usize = 1_024;
/// How often the texts of an event may be held: in its leaf, in its payload, and as what its sender's id stands for.
const TEXTS_TIMES: usize = 3;

/// Events that are appended together or not at all.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) events: Vec<Prepared>,
    /// About how much they hold in memory.
    pub(crate) n_bytes: usize,
    /// When the request was made, in microseconds since 1970.
    pub(crate) now: i64,
    /// The newest event about the first event's principal that its sender knew of, where nothing newer may have come.
    pub(crate) newest_known: Option<Revision>,
}

impl Request {
    /// Holds events against the rules that need no ledger, and prepares them: step 1 of an append. One that brings its
    /// `recorded_at` keeps it, with `keep_recorded_at`.
    pub(crate) fn new(
        id_key: &[u8; 32],
        events: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Self, StoreError> {
        let prepared = events.iter().enumerate().map(|(index, event)| {
            Prepared::new(id_key, event, keep_recorded_at)
                .map_err(|error| StoreError::Refused { index, error })
        });
        let events = prepared.collect::<Result<Vec<_>, _>>()?;
        let n_bytes = events.iter().map(|event| TEXTS_TIMES * event.n_bytes + EVENT_BYTES).sum();
        Ok(Self { events, n_bytes, now: cut(now).as_microsecond(), newest_known: None })
    }
}

/// An instant without what is finer than a microsecond.
pub(crate) fn cut(at: Timestamp) -> Timestamp {
    let finer = i64::from(at.subsec_nanosecond().rem_euclid(1_000));
    at.checked_sub(jiff::SignedDuration::from_nanos(finer)).unwrap_or(at)
}
