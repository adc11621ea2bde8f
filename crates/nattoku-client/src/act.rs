//! What a principal wants: granting and withdrawing consent, declining and restoring a choice.

use std::fmt;

use serde_json::{Map, Value, json};

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The principal.
    Principal,
    /// A guardian, by an id.
    Guardian(String),
    /// Somebody the principal has asked to, by an id.
    Agent(String),
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal => f.write_str("principal"),
            Self::Guardian(id) => write!(f, "guardian:{id}"),
            Self::Agent(id) => write!(f, "agent:{id}"),
        }
    }
}

/// How far a write has gone when it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is in the ledger: every node respects it within the bound of its lease.
    Durable,
    /// Every node respects it.
    Enforced,
}

impl Level {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Enforced => "enforced",
        }
    }

    /// Reads a level. An unknown one is no more than durable.
    pub(crate) fn read(json: &Value) -> Self {
        match json.get("acknowledged").and_then(Value::as_str) {
            Some("enforced") => Self::Enforced,
            _ => Self::Durable,
        }
    }
}

/// An act of a principal's will. What sends it takes it, since each is done once: the client itself sends it again under one name, and
/// whoever means to do so when no answer came gives it a [name of their own](Act::key).
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    pub(crate) principal: String,
    pub(crate) about: String,
    pub(crate) key: Option<String>,
    pub(crate) fields: Map<String, Value>,
}

impl Act {
    /// An act of a principal on a consent item or a choice, through a channel, by the principal's own word.
    #[must_use]
    pub fn on(principal: impl Into<String>, about: impl Into<String>, channel: impl Into<String>) -> Self {
        let fields = Map::from_iter([("channel".to_owned(), json!(channel.into()))]);
        Self { principal: principal.into(), about: about.into(), key: None, fields }
    }

    /// Who said it.
    #[must_use]
    pub fn by(self, by: &By) -> Self {
        self.with("by", by.to_string())
    }

    /// In which language what was agreed to was read: `ja` or `en`.
    #[must_use]
    pub fn language(self, language: impl Into<String>) -> Self {
        self.with("language", language.into())
    }

    /// Where the evidence of a grant lies.
    #[must_use]
    pub fn evidence(self, evidence: impl Into<String>) -> Self {
        self.with("evidence", evidence.into())
    }

    /// At which revision the principal saw the state: refused as a conflict when there is a newer one.
    #[must_use]
    pub fn seen(self, revision: u64) -> Self {
        self.with("seen", revision)
    }

    /// Answered when it has gone so far.
    #[must_use]
    pub fn acknowledge(self, level: Level) -> Self {
        self.with("acknowledge", level.name())
    }

    /// By what name the server knows it again, of 1 to 64 characters of ASCII; otherwise one is drawn. The same act under the same name
    /// is done once, however often it is sent.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }
}

/// That an act is in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// Its number, for the principal.
    pub number: String,
    /// At which revision.
    pub revision: u64,
    /// When it was recorded.
    pub recorded_at: String,
    /// How far it has gone.
    pub acknowledged: Level,
    /// The whole answer.
    pub json: Value,
}

impl Receipt {
    pub(crate) fn read(json: Value) -> Result<Self, String> {
        let text = |field: &str| {
            let text = json.get(field).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| format!("`{field}` is no text"))
        };
        Ok(Self {
            number: text("receipt")?,
            revision: json.get("revision").and_then(Value::as_u64).ok_or("`revision` is no number")?,
            recorded_at: text("recorded_at")?,
            acknowledged: Level::read(&json),
            json,
        })
    }
}
