//! Parts of long answers: from where on, and how much at once.

use std::collections::BTreeMap;

use nattoku_model::Recorded;
use nattoku_operations::FieldError;
use nattoku_store::ExportLine;
use serde_json::{Value, json};

use super::problem::Problem;

/// As much is answered at once unless somebody says otherwise.
const USUAL: usize = 100;
/// Most that is answered at once.
const MOST: usize = 1_000;

/// What an address says of the part it asks for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Page(BTreeMap<String, String>);

impl Page {
    /// The part after a revision.
    pub(crate) fn after(&self) -> Result<(u64, usize), Problem> {
        self.part("after", 0)
    }

    /// The part before a revision.
    pub(crate) fn before(&self) -> Result<(u64, usize), Problem> {
        self.part("before", u64::MAX)
    }

    fn part(&self, from: &'static str, usual: u64) -> Result<(u64, usize), Problem> {
        let known = [from, "limit"];
        if let Some(unknown) = self.0.keys().find(|key| !known.contains(&key.as_str())) {
            let shown: String = unknown.chars().take(80).collect();
            return Err(FieldError::new(
                &shown,
                format!("`{shown}` というパラメーターはありません（{from}、limit）"),
                format!("there is no parameter `{shown}`; there are {from} and limit"),
            )
            .into());
        }
        let number = |name: &str| {
            self.0.get(name).map(|text| {
                text.parse::<u64>()
                    .map_err(|_| FieldError::expected(name, " 0 以上の整数", "a whole number from 0"))
            })
        };
        let limit = number("limit").transpose()?.map(|n| usize::try_from(n).unwrap_or(MOST));
        if limit == Some(0) {
            return Err(FieldError::expected("limit", " 1 以上の整数", "a whole number from 1").into());
        }
        Ok((number(from).transpose()?.unwrap_or(usual), limit.unwrap_or(USUAL).min(MOST)))
    }
}

/// The first of some events about a principal, and the revision from which the next part goes on, if there is one.
pub(crate) fn part_json(principal: &str, events: &[Recorded], limit: usize, revision: u64) -> Value {
    let part = events.get(..limit).unwrap_or(events);
    let next = part.last().filter(|_| part.len() < events.len()).map(|last| last.revision.0);
    let part: Vec<Value> = part.iter().map(|event| event_json(principal, event)).collect();
    json!({ "events": part, "next": next, "revision": revision })
}

/// An event about a principal, in the fields of an import with its revision.
pub(crate) fn event_json(principal: &str, recorded: &Recorded) -> Value {
    let line =
        ExportLine { principal: Some(principal.to_owned()), id: None, recorded: recorded.clone() }.to_line();
    let mut event: Value = serde_json::from_str(&line).unwrap_or_default();
    if let Value::Object(fields) = &mut event {
        fields.insert("revision".to_owned(), json!(recorded.revision.0));
    }
    event
}
