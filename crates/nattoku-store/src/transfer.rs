//! A whole ledger as lines, out of one store and into another: the same leaves, the same root, the same identity.
//!
//! What [`Store::export`](crate::Store) gives is events alone, for whoever reads them: another ledger gives their principals ids
//! and keys of its own. Here everything goes along as it lies: leaves, sealed payloads, and keys that are sealed by the
//! key-encryption key, which does not go along. `docs/reference/ledger-format.md` describes the lines.

mod arrive;
mod export;
mod import;
mod line;

pub(crate) use arrive::{adopt, take_in, with_keys};
pub use export::export_whole;
pub use import::{Arrived, TransferError, import_whole};

use crate::error::StoreError;
use crate::keys::{Keyring, Tombstone, WrappedGroup};

/// What tells a ledger from every other, with the keys of the whole ledger, wrapped by the key-encryption key.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// 16 random bytes.
    pub ledger_id: [u8; 16],
    /// The id of the key-encryption key.
    pub kek: [u8; 16],
    /// The key of the blind index.
    pub index_key: Vec<u8>,
    /// The key of the ids of events.
    pub id_key: Vec<u8>,
}

/// The keys of groups, wrapped, and who was erased.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KeyParts {
    pub(crate) groups: Vec<WrappedGroup>,
    pub(crate) tombstones: Vec<Tombstone>,
}

impl KeyParts {
    pub(crate) fn of(keys: &Keyring) -> Result<Self, StoreError> {
        Ok(Self { groups: keys.wrapped_groups()?, tombstones: keys.tombstones()? })
    }
}

/// A principal as the ledger and its keys have one. Of somebody erased there is the id alone.
#[derive(Clone, PartialEq, Eq)]
pub struct PrincipalKeys {
    /// The random id that stands in leaves.
    pub id: [u8; 16],
    /// What the identifier is found by.
    pub lookup: Option<[u8; 16]>,
    /// The identifier, sealed.
    pub identifier: Option<Vec<u8>>,
    /// The principal's keys, sealed by those of the group.
    pub keys: Option<Vec<u8>>,
}

/// An event as it lies.
#[derive(Clone, PartialEq, Eq)]
pub struct WholeEvent {
    /// What it is found again by.
    pub id: WholeId,
    /// The leaf.
    pub leaf: Vec<u8>,
    /// What is personal, sealed.
    pub payload: Option<Vec<u8>>,
}

/// What an event is found again by.
#[derive(Clone, PartialEq, Eq)]
pub enum WholeId {
    /// The id that its sender gave.
    Given(String),
    /// One derived from its content.
    Derived([u8; 16]),
    /// None: the principal is erased.
    None,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for KeyParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyParts").field("n_groups", &self.groups.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PrincipalKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrincipalKeys").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WholeEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WholeEvent").finish_non_exhaustive()
    }
}
