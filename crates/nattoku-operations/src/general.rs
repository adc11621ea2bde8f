//! What concerns everybody: how recipients stand, and what has been made public (R62 to R68).

use jiff::Timestamp;
use nattoku_model::Revision;
use nattoku_model::history::{History, RecipientStanding};
use nattoku_model::name::{PublicationName, RecipientName};
use nattoku_model::policy::RecipientKind;

use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// When something was made public, and by which event.
type Published = (Timestamp, Revision);

impl Nattoku {
    /// Every recipient of the policy with its class, and how it stands by the ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn recipients(
        &self,
    ) -> Result<Vec<(RecipientName, RecipientKind, RecipientStanding)>, OperationError> {
        self.with_general(|history| {
            let recipients = self.policy().recipients.iter();
            recipients.map(|(name, declared)| (name.clone(), declared.kind, history.standing(name))).collect()
        })
    }

    /// Every publication of the policy, with when it was made public, if it was.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn publications(&self) -> Result<Vec<(PublicationName, Option<Published>)>, OperationError> {
        let policy = self.policy();
        self.with_general(|history| {
            let names = policy.joint_uses.keys().chain(policy.anonymized_sets.keys());
            names.map(|name| (name.clone(), history.published(name))).collect()
        })
    }

    fn with_general<T>(&self, read: impl FnOnce(&History<'_>) -> T) -> Result<T, OperationError> {
        let events = self.store.general_events(self.store.revision()?)?;
        Ok(read(&History::new(&events, self.present(&events), None)))
    }
}
