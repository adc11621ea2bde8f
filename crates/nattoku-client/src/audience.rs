//! Questions about everybody, and who has changed since a list was taken.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::Verdict;

/// A question about everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct AudienceQuestion {
    fields: Map<String, Value>,
}

impl AudienceQuestion {
    /// Asks for whom an action may be done with a category for an activity.
    #[must_use]
    pub fn new(action: impl Into<String>, activity: impl Into<String>, category: impl Into<String>) -> Self {
        let fields = [
            ("action".to_owned(), json!(action.into())),
            ("activity".to_owned(), json!(activity.into())),
            ("categories".to_owned(), json!([category.into()])),
        ];
        Self { fields: Map::from_iter(fields) }
    }

    /// Another field: `application`, `purpose`, `recipient`, `categories`, `min_revision`.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    pub(crate) fn json(&self, page: Option<Page>) -> Value {
        let mut fields = self.fields.clone();
        if let Some(Page { after, limit }) = page {
            fields.insert("list".to_owned(), json!({ "after": after, "limit": limit }));
        }
        Value::Object(fields)
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// After what the part before gave as `next`; 0 for the first.
    pub after: u64,
    /// At most so many.
    pub limit: u64,
}

/// For how many something is permitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// All principals.
    pub all: u64,
    /// Those for whom it is permitted, with conditions or without.
    pub permitted: u64,
    /// By verdict.
    pub by_verdict: BTreeMap<String, u64>,
    /// At which revision.
    pub revision: u64,
    /// The whole answer, with the reasons.
    pub json: Value,
}

impl Figures {
    pub(crate) fn read(json: Value) -> Result<Self, String> {
        let principals = json.get("principals").ok_or("`principals` is missing")?;
        let by_verdict = principals.get("by_verdict").and_then(Value::as_object).into_iter().flatten();
        Ok(Self {
            all: number(principals, "all")?,
            permitted: number(principals, "permitted")?,
            by_verdict: by_verdict.filter_map(|(name, n)| Some((name.clone(), n.as_u64()?))).collect(),
            revision: number(&json, "revision")?,
            json,
        })
    }
}

/// A part of the list of those for whom something is permitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Each with the verdict, which may be `permit_with_conditions`.
    pub principals: Vec<(String, Verdict)>,
    /// After what the next part begins; none at the end.
    pub next: Option<u64>,
    /// At which revision: ask [`changed_since`](crate::Client::changed_since) it right before the list is used.
    pub revision: u64,
}

impl Listed {
    pub(crate) fn read(json: &Value) -> Result<Self, String> {
        let principals = json.get("principals").and_then(Value::as_array).ok_or("`principals` is no list")?;
        let principals = principals.iter().map(|one| {
            let principal = one.get("principal").and_then(Value::as_str).ok_or("a principal has no name")?;
            let verdict = one.get("verdict").and_then(Value::as_str).unwrap_or_default();
            Ok((principal.to_owned(), Verdict::read(verdict)))
        });
        Ok(Self {
            principals: principals.collect::<Result<_, String>>()?,
            next: json.get("next").and_then(Value::as_u64),
            revision: number(json, "revision")?,
        })
    }
}

/// To whom something has happened since a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Those of whom were asked about.
    pub principals: Vec<String>,
    /// Something has happened that concerns everybody: the whole list is to be made anew.
    pub everybody: bool,
    /// At which revision.
    pub revision: u64,
}

impl Changed {
    /// Whether a principal has to be asked about again.
    #[must_use]
    pub fn concerns(&self, principal: &str) -> bool {
        self.everybody || self.principals.iter().any(|changed| changed == principal)
    }

    pub(crate) fn read(json: &Value) -> Result<Self, String> {
        let changed = json.get("changed").and_then(Value::as_array).ok_or("`changed` is no list")?;
        let changed =
            changed.iter().map(|one| one.as_str().map(str::to_owned).ok_or("a principal is no text"));
        Ok(Self {
            principals: changed.collect::<Result<_, _>>()?,
            everybody: json
                .get("everybody")
                .and_then(Value::as_bool)
                .ok_or("`everybody` is not true or false")?,
            revision: number(json, "revision")?,
        })
    }
}

fn number(json: &Value, field: &str) -> Result<u64, String> {
    json.get(field).and_then(Value::as_u64).ok_or_else(|| format!("`{field}` is no number"))
}
