//! One event as one line of JSON, in and out.
//!
//! ```json
//! {"event": "consent_granted", "principal": "p1", "at": "2020-01-05T12:00:00+09:00", …}
//! ```
//!
//! Reading is strict: a name that is not known, a field that does not belong, a key written twice, a time without an
//! offset are refused with the field, what was expected and how to mend it, in Japanese and English. The fields of
//! every event stand in `docs/reference/events.md`. Whether a category or a consent item is *declared* is for the
//! policy to say, not for this reader.

use std::fmt;

use jiff::Timestamp;
use nattoku_model::{Event, Recorded};
use value::Object;

pub(crate) mod canonical;
pub(crate) mod catalogue;
mod error;
mod read;
pub(crate) mod reader;
pub(crate) mod value;
pub(crate) mod write;

pub use error::EventError;
pub(crate) use error::both;
pub(crate) use read::event_from;

/// Longest line read, in bytes, without its line break.
pub const LINE_BYTES_MAX: usize = 65_536;
/// Longest text of a field, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_000;
/// Longest evidence, in bytes.
pub const EVIDENCE_BYTES_MAX: usize = 4_000;
/// Longest identifier of a principal, a guardian or an agent, in bytes.
pub const IDENTIFIER_BYTES_MAX: usize = 128;
/// Longest event id, in characters.
pub const EVENT_ID_CHARS_MAX: usize = 128;
/// Most names in one list.
pub const LIST_NAMES_MAX: usize = 200;

/// What its sender calls an event, so that sending it twice stores it once: 1 to 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event that is to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The sender's id for it. Without one, an event with the same content counts as the same event.
    pub id: Option<EventId>,
    /// The identifier of the principal it is about; none for events that concern everybody.
    pub principal: Option<String>,
    /// When it happened. The ledger keeps microseconds; finer digits are cut.
    pub at: Timestamp,
    /// When another ledger came to know it; taken only in a migration.
    pub recorded_at: Option<Timestamp>,
    /// What happened.
    pub event: Event,
}

impl NewEvent {
    /// Something that happened to one principal, with no id of the sender's.
    pub fn about(principal: impl Into<String>, at: Timestamp, event: Event) -> Self {
        Self { id: None, principal: Some(principal.into()), at, recorded_at: None, event }
    }

    /// Something that concerns everybody, with no id of the sender's.
    #[must_use]
    pub const fn general(at: Timestamp, event: Event) -> Self {
        Self { id: None, principal: None, at, recorded_at: None, event }
    }

    /// Reads one line, without its line break.
    ///
    /// # Errors
    /// The first thing that is wrong with the line.
    pub fn from_line(line: &[u8]) -> Result<Self, EventError> {
        read::line(line)
    }

    /// Whether the event could be read back from its own line: the check that every append makes.
    ///
    /// # Errors
    /// The first thing that is wrong with the event.
    pub fn check(&self) -> Result<(), EventError> {
        self.check_fields(&write::object(&self.event)).map(drop)
    }

    /// The same check where the event's own fields are at hand, and how many bytes its texts have.
    pub(crate) fn check_fields(&self, fields: &Object<'_>) -> Result<usize, EventError> {
        read::check(self, fields)
    }

    /// The event as a line of JSON, without a line break: `event`, `principal`, `id`, `at`, `recorded_at`, then the
    /// event's own fields in the order of the reference; times in UTC.
    #[must_use]
    pub fn to_line(&self) -> String {
        let id = self.id.as_ref().map(|id| id.0.as_str());
        write::line(&self.event, self.principal.as_deref(), id, self.at, self.recorded_at)
    }
}

/// An event as `ledger export` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportLine {
    /// The identifier of the principal it is about; none for events that concern everybody.
    pub principal: Option<String>,
    /// The id its sender gave it, if one was given.
    pub id: Option<EventId>,
    /// The event with its position and times.
    pub recorded: Recorded,
}

impl ExportLine {
    /// The event as a line of JSON, without a line break, readable by [`NewEvent::from_line`].
    #[must_use]
    pub fn to_line(&self) -> String {
        let id = self.id.as_ref().map(|id| id.0.as_str());
        let Recorded { at, recorded_at, event, .. } = &self.recorded;
        write::line(event, self.principal.as_deref(), id, *at, Some(*recorded_at))
    }
}

impl From<ExportLine> for NewEvent {
    fn from(line: ExportLine) -> Self {
        let Recorded { at, recorded_at, event, .. } = line.recorded;
        Self { id: line.id, principal: line.principal, at, recorded_at: Some(recorded_at), event }
    }
}
