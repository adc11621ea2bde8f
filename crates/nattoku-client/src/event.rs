//! What happened to a principal's data, to be recorded.

use serde_json::{Map, Value, json};

use crate::Level;

/// An event, with the fields of `docs/reference/events.md`.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    fields: Map<String, Value>,
}

impl Event {
    /// An event of this kind (`data_provided`) that happened at an instant (RFC 3339).
    #[must_use]
    pub fn new(event: impl Into<String>, at: impl Into<String>) -> Self {
        let fields = [("event".to_owned(), json!(event.into())), ("at".to_owned(), json!(at.into()))];
        Self { fields: Map::from_iter(fields) }
    }

    /// One of its fields.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    pub(crate) fn json(&self) -> Value {
        Value::Object(self.fields.clone())
    }
}

/// That events are in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Each of them, in their order.
    pub events: Vec<RecordedEvent>,
    /// The newest of their revisions.
    pub revision: u64,
    /// How far they have gone.
    pub acknowledged: Level,
    /// The whole answer.
    pub json: Value,
}

/// That one event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// At which revision.
    pub revision: u64,
    /// When it was recorded.
    pub recorded_at: String,
    /// Whether it was there before.
    pub already_there: bool,
}

impl Recorded {
    pub(crate) fn read(json: Value) -> Result<Self, String> {
        let number =
            |value: &Value| value.get("revision").and_then(Value::as_u64).ok_or("`revision` is no number");
        let events = json.get("events").and_then(Value::as_array).ok_or("`events` is no list")?;
        let events = events.iter().map(|event| {
            let recorded_at = event.get("recorded_at").and_then(Value::as_str).unwrap_or_default();
            Ok(RecordedEvent {
                revision: number(event)?,
                recorded_at: recorded_at.to_owned(),
                already_there: event.get("already_there").and_then(Value::as_bool).unwrap_or_default(),
            })
        });
        Ok(Self {
            events: events.collect::<Result<_, String>>()?,
            revision: number(&json)?,
            acknowledged: Level::read(&json),
            json,
        })
    }
}
