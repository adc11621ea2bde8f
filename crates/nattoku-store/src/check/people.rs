//! Principals whose keys are open, shared by all who look through rows.

use std::sync::{Arc, PoisonError, RwLock};

use hashlink::LruCache;

use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::LedgerPrincipal;

/// Most principals remembered.
const REMEMBERED_MAX: usize = 100_000;

/// Somebody whose keys are there.
pub(crate) struct Person {
    pub(crate) principal: LedgerPrincipal,
    pub(crate) identifier: String,
}

/// Principals by their random ids.
pub(crate) struct People<'a> {
    pub(crate) keys: &'a Keyring,
    known: RwLock<LruCache<[u8; 16], Arc<Person>>>,
}

impl<'a> People<'a> {
    pub(crate) fn new(keys: &'a Keyring) -> Self {
        Self { keys, known: RwLock::new(LruCache::new(REMEMBERED_MAX)) }
    }

    /// Opens who has this random id and this sealed identifier; none where their keys are destroyed.
    pub(crate) fn open(
        &self,
        id: &[u8; 16],
        identifier: Option<&[u8]>,
    ) -> Result<Option<Arc<Person>>, StoreError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).peek(id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(keys) = self.keys.of(id)? else { return Ok(None) };
        let Some(sealed) = identifier else {
            let what = "its principal has no identifier and is not erased".to_owned();
            return Err(StoreError::Corrupt { what });
        };
        let Some(identifier) = self.keys.open_identifier(id, sealed)? else { return Ok(None) };
        let principal = LedgerPrincipal { id: *id, commitment_key: *keys.commitment_key().bytes() };
        let person = Arc::new(Person { principal, identifier });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(*id, Arc::clone(&person));
        Ok(Some(person))
    }
}
