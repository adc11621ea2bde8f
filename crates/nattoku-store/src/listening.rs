//! Hearing that a ledger has become longer, for whoever follows it.
//!
//! What is heard says only that it is time to look, for whoever has not taken that much in. Whoever looks reads by revision from where they
//! stand, so that what was not heard is found when they look the next time, and what is heard twice is found once.

use std::time::Duration;

use nattoku_model::Revision;

use crate::error::StoreError;

/// A connection of its own over which a store tells that its ledger has become longer, as soon as that is durable.
pub trait Listening: Send {
    /// Waits until something is heard, at most so long: how long the ledger is by that, at least. What was heard in between counts once.
    ///
    /// # Errors
    /// The connection is gone, and nothing is heard over it any more: listen anew.
    fn hear(&mut self, at_most: Duration) -> Result<Option<Revision>, StoreError>;
}
