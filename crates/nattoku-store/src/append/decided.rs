//! What is decided on the ledger as it stands, and appended while nobody else can append: the writer shows the state to whoever asked, and
//! waits for what they decide.
//!
//! All who wait at one time are shown theirs at once, read together. Each decides on a thread of their own.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use nattoku_model::Revision;

use super::request::cut;
use super::{Prepared, StoredId};
use crate::error::StoreError;
use crate::event_json::EventId;
use crate::record::PrincipalView;

/// What the ledger knows about a principal, and where the event stands to which a sender gave an id.
pub(crate) type Seen = (PrincipalView, Option<Revision>);

/// What was read of one principal, to be opened by whoever decides: what cannot be opened concerns nobody else.
pub(crate) struct Sight {
    /// The newest event about the principal.
    pub(crate) newest: Revision,
    pub(crate) open: Box<dyn FnOnce() -> Result<Seen, StoreError> + Send>,
}

/// Somebody who is to decide.
pub(crate) struct Asking {
    /// Whom it is about.
    pub(crate) identifier: String,
    /// The id that the sender gives the event.
    pub(crate) id: Option<StoredId>,
    /// Nothing where there is nothing to be seen. Whoever decides takes it.
    seen: OnceLock<Mutex<Option<Sight>>>,
    /// Nothing where nothing is to be appended.
    decided: OnceLock<Option<Decided>>,
}

/// What was decided.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) event: Prepared,
    /// When it was, in microseconds since 1970.
    pub(crate) now: i64,
    /// The newest event about the principal that it was decided on.
    pub(crate) newest_known: Revision,
}

impl Asking {
    pub(crate) fn new(identifier: &str, id: Option<&EventId>) -> Arc<Self> {
        let id = id.map(|id| StoredId::Given(id.0.clone()));
        let (seen, decided) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { identifier: identifier.to_owned(), id, seen, decided })
    }

    /// Shows the state, or that there is nothing to be seen. What was shown first counts.
    pub(super) fn show(&self, seen: Option<Sight>) {
        let _ = self.seen.set(Mutex::new(seen));
    }

    /// Waits for what is shown.
    pub(super) fn see(&self) -> Option<Sight> {
        self.seen.wait().lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits for what is decided on what was shown.
    pub(super) fn wait(&self) {
        self.decided.wait();
    }

    /// What was decided by now.
    pub(super) fn decided(&self) -> Option<&Decided> {
        self.decided.get().and_then(Option::as_ref)
    }
}

impl Decided {
    pub(super) fn new(event: Prepared, now: Timestamp, newest_known: Revision) -> Self {
        Self { event, now: cut(now).as_microsecond(), newest_known }
    }
}

/// The writer's side: whoever is to decide is not left waiting for something to see.
pub(super) struct Shown(pub(super) Arc<Asking>);

impl Drop for Shown {
    fn drop(&mut self) {
        self.0.show(None);
    }
}

/// The side of whoever decides: the writer is not left waiting.
pub(super) struct Deciding<'a>(pub(super) &'a Asking);

impl Deciding<'_> {
    pub(super) fn decide(&self, decided: Decided) {
        let _ = self.0.decided.set(Some(decided));
    }
}

impl Drop for Deciding<'_> {
    fn drop(&mut self) {
        let _ = self.0.decided.set(None);
    }
}
