//! What one caller wants appended.

use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::Revision;

use super::decided::Shown;
use super::{Asking, Prepared};
use crate::error::StoreError;
use crate::event_json::NewEvent;

/// What an event holds in memory beside its texts.
pub(super) const EVENT_BYTES: usize = 1_024;
/// How often the texts of an event may be held: in its leaf, in its payload, and as what its sender's id stands for.
const TEXTS_TIMES: usize = 3;
/// What is counted of an event that is not decided yet.
const ASKING_BYTES: usize = 4 * EVENT_BYTES;

/// Events that are appended together or not at all.
pub(crate) struct Request {
    events: Vec<Prepared>,
    /// About how much they hold in memory.
    pub(crate) n_bytes: usize,
    /// When the request was made, in microseconds since 1970.
    now: i64,
    /// The newest event about the first event's principal that its sender knew of, where nothing newer may have come.
    pub(super) newest_known: Option<Revision>,
    /// Who is to decide what is appended, in the place of all that.
    asking: Option<Shown>,
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
        Ok(Self { events, n_bytes, now: cut(now).as_microsecond(), newest_known: None, asking: None })
    }

    /// One event at most, which is decided when the state is shown.
    pub(super) fn decided_by(asking: Arc<Asking>) -> Self {
        let (events, n_bytes) = (Vec::new(), ASKING_BYTES);
        Self { events, n_bytes, now: 0, newest_known: None, asking: Some(Shown(asking)) }
    }

    /// Who is to decide.
    pub(super) fn asking(&self) -> Option<&Asking> {
        self.asking.as_ref().map(|shown| &*shown.0)
    }

    /// What is to be appended; none where nothing was decided.
    pub(super) fn events(&self) -> &[Prepared] {
        match self.asking() {
            None => &self.events,
            Some(asking) => asking.decided().map_or(&[], |decided| std::slice::from_ref(&decided.event)),
        }
    }

    /// How many events there may be.
    pub(super) fn n_events(&self) -> usize {
        self.events.len() + usize::from(self.asking.is_some())
    }

    /// When the request was made, in microseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.asking().and_then(Asking::decided).map_or(self.now, |decided| decided.now)
    }

    /// The newest event about the first event's principal that its sender knew of, where nothing newer may have come.
    pub(super) fn newest_known(&self) -> Option<Revision> {
        self.asking()
            .and_then(Asking::decided)
            .map_or(self.newest_known, |decided| Some(decided.newest_known))
    }
}

/// An instant without what is finer than a microsecond.
pub(crate) fn cut(at: Timestamp) -> Timestamp {
    let finer = i64::from(at.subsec_nanosecond().rem_euclid(1_000));
    at.checked_sub(jiff::SignedDuration::from_nanos(finer)).unwrap_or(at)
}
