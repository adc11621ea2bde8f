//! The events of the ledger as others take them in, each as a `CloudEvent` 1.0: `docs/reference/feed.md`.
//!
//! What is told of an event is what an export tells. Of those who are erased nothing is.

use std::sync::Arc;

use nattoku_model::Revision;
use nattoku_store::{ExportLine, StoreError};
use serde_json::{Value, json};

use crate::nattoku::Nattoku;

/// Events read at once where more are wanted, or those of the erased are passed over.
const PAGE: u64 = 1_000;

/// An event as others take it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// Its place in the ledger, by which whoever reads goes on.
    pub revision: Revision,
    /// Its name, as in [`Event::NAMES`](nattoku_model::Event::NAMES).
    pub name: &'static str,
    /// The same wherever and however often it is told, and of no other event of any ledger.
    pub id: String,
    /// The event as a `CloudEvent`.
    pub cloud_event: Value,
}

/// A part of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// The events, by revision.
    pub events: Vec<FeedEvent>,
    /// From where to go on: all up to here was looked at.
    pub until: Revision,
}

impl Nattoku {
    /// The events after a revision and up to another, by revision, at most so many of them.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn feed(&self, after: Revision, until: Revision, most: usize) -> Result<FeedPage, StoreError> {
        let (source, ledger) = (self.ledger_name()?, u128::from_be_bytes(self.store.ledger_id()?));
        let mut page = FeedPage { events: Vec::new(), until: after };
        while page.events.len() < most && page.until < until {
            let last = Revision(page.until.0.saturating_add(PAGE).min(until.0));
            let lines = self.store.lines_between(page.until, last)?;
            page.until = last;
            for line in lines {
                if page.events.len() == most {
                    page.until = page.events.last().map_or(page.until, |last| last.revision);
                    break;
                }
                page.events.push(FeedEvent::of(&line, &source, ledger));
            }
        }
        Ok(page)
    }

    /// What its ledger is called, where its events are told: the origin that it was given, or one that leads nowhere and is nobody else's.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn ledger_name(&self) -> Result<Arc<str>, StoreError> {
        if let Some(origin) = &self.origin {
            return Ok(Arc::clone(origin));
        }
        let id = u128::from_be_bytes(self.store.ledger_id()?);
        Ok(format!("nattoku.invalid/{id:032x}").into())
    }

    /// The same ledger, by the name that it has as a log.
    #[must_use]
    pub fn with_ledger_name(mut self, name: &str) -> Self {
        self.origin = Some(name.into());
        self
    }
}

impl FeedEvent {
    fn of(line: &ExportLine, source: &str, ledger: u128) -> Self {
        let (revision, name) = (line.recorded.revision, line.recorded.event.name());
        // A line is an object by how it is written.
        let data: Value = serde_json::from_str(&line.to_line()).unwrap_or_default();
        let mut cloud_event = json!({
            "specversion": "1.0",
            "id": revision.0.to_string(),
            "source": source,
            "type": format!("nattoku.{name}.v1"),
            "time": line.recorded.at.to_string(),
            "sequence": format!("{:020}", revision.0),
            "datacontenttype": "application/json",
            "data": data,
        });
        if let (Some(principal), Value::Object(fields)) = (&line.principal, &mut cloud_event) {
            fields.insert("subject".to_owned(), json!(principal));
        }
        Self { revision, name, id: format!("{ledger:032x}-{revision}"), cloud_event }
    }
}
