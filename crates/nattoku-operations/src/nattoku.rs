//! A running Nattoku: a checked policy, a store and a clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_engine::PrincipalId;
use nattoku_ledger::SigningKey;
use nattoku_model::clock::Clock;
use nattoku_model::event::{By, Recorded, Revision};
use nattoku_model::history::History;
use nattoku_model::policy::Versions;
use nattoku_model::{Language, Policy};
use nattoku_policy::notice::Notice;
use nattoku_store::{EventId, Store, StoreError};

use crate::error::OperationError;
use crate::log::PublishedLog;
use crate::publication::Publication;

/// A checked policy, a store and a clock: what every operation works on. A copy shares all three.
#[derive(Clone)]
pub struct Nattoku {
    publication: Arc<Publication>,
    pub(crate) store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pub(crate) log: Option<PublishedLog>,
    /// What signs receipts, where the ledger is signed here.
    pub(crate) log_key: Option<Arc<SigningKey>>,
    /// What its ledger is called, where it was given a name.
    pub(crate) origin: Option<Arc<str>>,
}

/// How a principal's will reached us.
#[derive(Debug, Clone)]
pub struct WillRequest {
    /// By which channel: `web`, `shop`, `phone`.
    pub channel: String,
    /// Who expressed it.
    pub by: By,
    /// In which language the text was shown.
    pub language: Language,
    /// The newest act on the item that whoever decides has seen, 0 where there was none: if another came since, nothing is done.
    pub seen: Option<Revision>,
    /// What its sender calls this act: sent once more under the same name, it is not done once more.
    pub id: Option<EventId>,
}

impl WillRequest {
    /// Whether an act reached us just so: one that is sent again did.
    pub(crate) fn is(&self, channel: &str, by: &By) -> bool {
        self.channel == channel && self.by == *by
    }
}

/// What an act of will is answered with: where it stands in the ledger, durably.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The position of its event.
    pub revision: Revision,
    /// When the ledger took it in.
    pub recorded_at: Timestamp,
}

impl Receipt {
    /// The number a person quotes: `R-0000200123`.
    #[must_use]
    pub fn number(&self) -> String {
        format!("R-{:010}", self.revision.0)
    }
}

impl Nattoku {
    /// A Nattoku over a checked policy and an open store.
    #[must_use]
    pub fn new(
        versions: Versions,
        notices: BTreeMap<Language, Notice>,
        store: Box<dyn Store>,
        clock: Box<dyn Clock>,
    ) -> Self {
        Self::of(Publication::new(versions, notices), store, clock)
    }

    /// A Nattoku over all that is published of a policy and an open store.
    #[must_use]
    pub fn of(publication: Publication, store: Box<dyn Store>, clock: Box<dyn Clock>) -> Self {
        let (publication, store, clock) = (Arc::new(publication), store.into(), clock.into());
        Self { publication, store, clock, log: None, log_key: None, origin: None }
    }

    /// The same ledger and clock under another policy.
    #[must_use]
    pub fn under(&self, publication: Publication) -> Self {
        Self { publication: Arc::new(publication), ..self.clone() }
    }

    /// What is published of the policy.
    #[must_use]
    pub fn publication(&self) -> &Publication {
        &self.publication
    }

    /// The policy with the versions before it.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        self.publication.versions()
    }

    /// The policy whose names requests use.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.publication.current()
    }

    /// The 16 random bytes that tell its ledger from every other.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn ledger_id(&self) -> Result<[u8; 16], StoreError> {
        self.store.ledger_id()
    }

    /// The id that the ledger has for a principal; none, where it knows nobody by this identifier. Whoever is registered again after an
    /// erasure has another.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn principal_id(&self, principal: &str) -> Result<Option<PrincipalId>, StoreError> {
        self.store.principal_id(principal)
    }

    /// By what the sessions of whoever has an id are found in the state. Nothing is read.
    #[must_use]
    pub fn session_owner(&self, id: &PrincipalId) -> [u8; 16] {
        self.store.session_owner(id)
    }

    /// The newest revision of the ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn revision(&self) -> Result<Revision, StoreError> {
        self.store.revision()
    }

    /// The present instant, as the ledger keeps it: to the microsecond.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The present instant over these events: should the clock have gone back, it is still after all that is recorded.
    pub(crate) fn present(&self, events: &[Recorded]) -> Timestamp {
        let newest = events.iter().map(|e| e.recorded_at).max();
        self.now().max(newest.unwrap_or(Timestamp::MIN))
    }

    /// Every event of a principal, with those that concern everybody, by revision.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn events_of(&self, principal: &str) -> Result<Vec<Recorded>, OperationError> {
        self.store.events_of(principal)?.ok_or_else(|| OperationError::unknown_principal(principal))
    }

    /// A principal's own events, oldest first.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn history(&self, principal: &str) -> Result<Vec<Recorded>, OperationError> {
        let mut events = self.events_of(principal)?;
        events.retain(|e| e.event.is_about_a_principal());
        events.sort_by_key(|e| (e.at, e.revision));
        Ok(events)
    }

    /// A principal's history as it stands now.
    pub(crate) fn with_history<T>(
        &self,
        principal: &str,
        read: impl FnOnce(&History<'_>) -> T,
    ) -> Result<T, OperationError> {
        let events = self.events_of(principal)?;
        Ok(read(&History::new(&events, self.present(&events), None)))
    }
}
