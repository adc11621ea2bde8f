//! What an event is found again by.

use jiff::Timestamp;

use crate::event_json::NewEvent;
use crate::leaf;

/// The id its sender gave an event, or one derived from its content; of the erased, one that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum StoredId {
    Given(String),
    Derived([u8; 16]),
    /// The event's revision.
    Erased(u64),
}

impl StoredId {
    /// The id of an event that happened at `at`, which is cut to what the ledger keeps.
    pub(crate) fn of(key: &[u8; 32], new: &NewEvent, at: Timestamp) -> Self {
        match &new.id {
            Some(id) => Self::Given(id.0.clone()),
            None => Self::Derived(derive_id(key, new, at)),
        }
    }
}

/// The id of an event whose sender gave none: the same content gives the same id, and without the ledger's key nobody
/// can tell an id from a guess of the content.
fn derive_id(key: &[u8; 32], new: &NewEvent, at: Timestamp) -> [u8; 16] {
    let content = leaf::content(&new.event, new.principal.as_deref(), at);
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        leaf::hmac_sha256(key, content.as_bytes());
    id
}
