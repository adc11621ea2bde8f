//! One thing that took time, while it is recorded.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::{Span, Status, span, status};

use crate::exporter::Exporter;
use crate::number::Number;
use crate::parent::{Parent, SpanId};

/// Flags by which a collector knows that it is told whether a parent was somewhere else, and that it was.
const PARENT_IS_KNOWN_TO_BE: u32 = 0x100;
const PARENT_IS_REMOTE: u32 = 0x200;
/// The flag of W3C: it is sampled.
const SAMPLED: u32 = 1;

/// Under which it is noted who called.
pub(crate) const CALLER: &str = "nattoku.caller";

/// What kind of span it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A call that is answered here.
    Server,
    /// What a call waits for within this program.
    Internal,
    /// A call that is made of somebody else.
    Client,
    /// A message that is handed on.
    Producer,
}

/// What is noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    /// A text: a name that the policy or the settings declare, or a code of ours. Never what a caller may choose.
    Text(String),
    /// A number.
    Number(u64),
    /// Whether it is so.
    Is(bool),
}

/// A span that is recorded. It is sent when nobody has it any more.
#[derive(Debug)]
pub struct Recording {
    exporter: Arc<Exporter>,
    number: Number,
    id: SpanId,
    parent: Option<(SpanId, bool)>,
    /// Whether it is sent only where it came to be known who called.
    needs_caller: bool,
    kind: Kind,
    name: Mutex<String>,
    notes: Mutex<Vec<(&'static str, Noted)>>,
    began: Instant,
    began_at: u64,
    /// When it ended, and whether it went well; until that is known it counts as broken off.
    ended: OnceLock<(Instant, bool)>,
}

impl Recording {
    pub(crate) fn begin(
        exporter: &Arc<Exporter>,
        number: Number,
        parent: Option<(SpanId, bool)>,
        kind: Kind,
        name: String,
    ) -> Self {
        let (exporter, began_at) = (Arc::clone(exporter), exporter.now());
        Self {
            exporter,
            number,
            id: SpanId::new(),
            parent,
            needs_caller: false,
            kind,
            name: Mutex::new(name),
            notes: Mutex::default(),
            began: Instant::now(),
            began_at,
            ended: OnceLock::new(),
        }
    }

    /// It is sent only where it comes to be known who called.
    pub(crate) const fn needs_caller(&mut self) {
        self.needs_caller = true;
    }

    /// One of what it waits for.
    pub(crate) fn below(&self, name: &'static str) -> Self {
        let parent = Some((self.id, false));
        Self::begin(&self.exporter, self.number, parent, Kind::Internal, name.to_owned())
    }

    /// Notes something of it.
    pub fn note(&self, key: &'static str, noted: Noted) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push((key, noted));
    }

    /// It is called otherwise than when it began.
    pub(crate) fn rename(&self, name: String) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// It has ended.
    pub fn end(&self, is_well: bool) {
        let _ = self.ended.set((Instant::now(), is_well));
    }

    /// What is said to whoever is asked in turn: W3C's `traceparent`.
    #[must_use]
    pub fn traceparent(&self) -> String {
        Parent { number: self.number, span: self.id, is_sampled: true }.text()
    }

    fn span(&mut self) -> Span {
        let (ended, is_well) = self.ended.get().copied().unwrap_or((Instant::now(), false));
        let took = ended.saturating_duration_since(self.began).as_nanos();
        let notes = std::mem::take(self.notes.get_mut().unwrap_or_else(PoisonError::into_inner));
        let is_remote = matches!(self.parent, Some((_, true)));
        let code = if is_well { status::StatusCode::Unset } else { status::StatusCode::Error };
        Span {
            trace_id: self.number.bytes().to_vec(),
            span_id: self.id.0.to_vec(),
            parent_span_id: self.parent.map(|(parent, _)| parent.0.to_vec()).unwrap_or_default(),
            flags: SAMPLED | PARENT_IS_KNOWN_TO_BE | if is_remote { PARENT_IS_REMOTE } else { 0 },
            name: std::mem::take(self.name.get_mut().unwrap_or_else(PoisonError::into_inner)),
            kind: self.kind.number(),
            start_time_unix_nano: self.began_at,
            end_time_unix_nano: self.began_at.saturating_add(u64::try_from(took).unwrap_or(u64::MAX)),
            attributes: notes.into_iter().map(|(key, noted)| attribute(key, noted)).collect(),
            status: Some(Status { code: code.into(), message: String::new() }),
            ..Span::default()
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let notes = self.notes.get_mut().unwrap_or_else(PoisonError::into_inner);
        if self.needs_caller && !notes.iter().any(|(key, _)| *key == CALLER) {
            return;
        }
        let span = self.span();
        self.exporter.take(span);
    }
}

impl Kind {
    fn number(self) -> i32 {
        let kind = match self {
            Self::Server => span::SpanKind::Server,
            Self::Internal => span::SpanKind::Internal,
            Self::Client => span::SpanKind::Client,
            Self::Producer => span::SpanKind::Producer,
        };
        kind.into()
    }
}

/// Something noted as OpenTelemetry has it.
pub(crate) fn attribute(key: &str, noted: Noted) -> KeyValue {
    let value = match noted {
        Noted::Text(text) => any_value::Value::StringValue(text),
        Noted::Number(number) => any_value::Value::IntValue(i64::try_from(number).unwrap_or(i64::MAX)),
        Noted::Is(is) => any_value::Value::BoolValue(is),
    };
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

impl From<&str> for Noted {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Noted {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Noted {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Noted {
    fn from(is: bool) -> Self {
        Self::Is(is)
    }
}
