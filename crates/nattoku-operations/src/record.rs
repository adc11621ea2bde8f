//! Recording events that a program sends: all of them, or none.

use jiff::Timestamp;
use nattoku_policy::diagnostic::Words;
use nattoku_store::{Appended, EventError, EventId, NewEvent, StoreError};
use serde_json::{Map, Value};

use crate::append::{check_event, problem_of};
use crate::error::OperationError;
use crate::fields::FieldError;
use crate::nattoku::Nattoku;

/// Events that were not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// One of them is refused, and nothing was recorded.
    #[error("event {index} is refused: {}", error.problem.en)]
    Event {
        /// Which, from 0.
        index: usize,
        /// What is wrong with it.
        error: FieldError,
        /// The revision of the event that has its id with other content, where that is it.
        conflicts_with: Option<u64>,
    },
    /// The ledger could not be written.
    #[error(transparent)]
    Store(StoreError),
}

impl Nattoku {
    /// Reads an event as a program sends it: the fields of a line of an import. One that says nothing of whom it is about is about
    /// `principal`, where there is one; one that says nothing of when happens now, or has happened already when it was sent before under
    /// the same id. `id` is what its sender calls it where it says nothing of that itself.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its field.
    pub fn read_event(
        &self,
        sent: &Map<String, Value>,
        principal: Option<&str>,
        id: Option<EventId>,
    ) -> Result<NewEvent, FieldError> {
        let mut sent = sent.clone();
        if let Some(principal) = principal {
            let said = sent.entry("principal").or_insert_with(|| principal.into());
            if said.as_str() != Some(principal) {
                return Err(FieldError::expected(
                    "principal",
                    "アドレスにある本人の識別子",
                    "the principal of the address",
                ));
            }
        }
        if let Some(EventId(id)) = id {
            sent.entry("id").or_insert_with(|| id.into());
        }
        let now = self.now();
        let id = sent.get("id").and_then(Value::as_str).map(|id| EventId(id.to_owned()));
        sent.entry("at").or_insert_with(|| self.happened(id).unwrap_or(now).to_string().into());
        let event =
            NewEvent::from_line(Value::Object(sent).to_string().as_bytes()).map_err(|e| of_event(&e))?;
        self.may_be_recorded(&event, now)?;
        Ok(event)
    }

    /// When the event of an id happened, where the ledger has it.
    fn happened(&self, id: Option<EventId>) -> Option<Timestamp> {
        let revision = self.store.revision_of(&id?).ok()??;
        Some(self.store.event_at(revision).ok()??.recorded.at)
    }

    fn may_be_recorded(&self, event: &NewEvent, now: Timestamp) -> Result<(), FieldError> {
        if event.recorded_at.is_some() {
            return Err(FieldError::new(
                "recorded_at",
                "`recorded_at` は台帳が付けます",
                "`recorded_at` is given by the ledger",
            ));
        }
        if event.at > now {
            return Err(FieldError::new(
                "at",
                format!("`at` が未来です: {}", event.at),
                format!("`at` is in the future: {}", event.at),
            ));
        }
        check_event(self.versions(), &event.event)
            .map_err(|refused| FieldError { field: Some(refused.field.to_owned()), problem: refused.words })
    }

    /// Records events that a program sends, which `read` [reads](Self::read_event): once more, where an id turns out to be taken. What
    /// has it may be this very event, sent twice at once, and by then it is known when that happened. Gives them as they were recorded.
    ///
    /// # Errors
    /// As [`Self::record`], and what `read` answers.
    pub fn record_sent<E: From<RecordError>>(
        &self,
        read: impl Fn() -> Result<Vec<NewEvent>, E>,
    ) -> Result<(Vec<NewEvent>, Vec<Appended>), E> {
        let mut events = read()?;
        let mut recorded = self.record(&events);
        if let Err(RecordError::Event { conflicts_with: Some(_), .. }) = &recorded {
            events = read()?;
            recorded = self.record(&events);
        }
        Ok((events, recorded?))
    }

    /// Records events that were [read](Self::read_event), all or none, and answers once they are durable.
    ///
    /// # Errors
    /// One of them is refused by the ledger, or it cannot be written.
    pub fn record(&self, events: &[NewEvent]) -> Result<Vec<Appended>, RecordError> {
        self.append(events, false).map_err(|error| match error {
            StoreError::Refused { index, error } => {
                RecordError::Event { index, error: of_event(&error), conflicts_with: None }
            }
            StoreError::Conflict { index, id, revision } => RecordError::Event {
                index,
                error: FieldError { field: Some("id".to_owned()), problem: of_another(&id, revision) },
                conflicts_with: Some(revision),
            },
            error => RecordError::Store(error),
        })
    }
}

fn of_event(error: &EventError) -> FieldError {
    FieldError { field: Some(error.field.clone()), problem: problem_of(error) }
}

/// The id belongs to an event with other content.
pub(crate) fn of_another(id: &str, revision: u64) -> Words {
    Words::new(
        format!(
            "ID `{id}` は、内容の異なる版番号 {revision} のできごとが使っています。別のIDを付けてください"
        ),
        format!("the id `{id}` belongs to revision {revision} with other content; give it an id of its own"),
    )
}

impl From<RecordError> for OperationError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Event { error, .. } => Self::Refused(error.problem),
            RecordError::Store(error) => error.into(),
        }
    }
}
