//! An event as it is handed to the writer.

use jiff::Timestamp;

use super::StoredId;
use super::request::cut;
use crate::event_json::{EventError, NewEvent, write};
use crate::leaf::{self, Draft};

/// An event that was held against the rules that need no ledger, and is in bytes as far as that goes without one. Whoever appends
/// has done this, so that the writer need not.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) id: StoredId,
    /// The event's name.
    pub(crate) name: &'static str,
    /// The identifier of the principal it is about.
    pub(crate) principal: Option<String>,
    pub(crate) at: Timestamp,
    /// When another ledger came to know it, where that is to be kept.
    pub(crate) recorded_at: Option<Timestamp>,
    pub(crate) draft: Draft,
    /// What it says, where its sender gave it its id: another event of that id must say the same.
    pub(crate) content: Option<String>,
    /// How many bytes its texts have.
    pub(crate) n_bytes: usize,
}

impl Prepared {
    /// Holds an event against the rules, derives its id and writes it.
    pub(crate) fn new(id_key: &[u8; 32], new: &NewEvent, keep_recorded_at: bool) -> Result<Self, EventError> {
        let fields = write::object(&new.event);
        let n_bytes = new.check_fields(&fields)?;
        if new.recorded_at.is_some() && !keep_recorded_at {
            return Err(EventError::recorded_at_is_not_given());
        }
        let (name, at) = (new.event.name(), cut(new.at));
        let at_text = at.to_string();
        let content = leaf::content(name, &fields, new.principal.as_deref(), &at_text);
        let id = StoredId::of(id_key, new, at, &content);
        Ok(Self {
            content: matches!(id, StoredId::Given(_)).then_some(content),
            id,
            name,
            principal: new.principal.clone(),
            at,
            recorded_at: new.recorded_at.map(cut),
            draft: Draft::new(name, &fields, new.principal.is_some(), &at_text),
            n_bytes,
        })
    }
}
