//! A whole ledger as lines, out of one store and into another: the same leaves, the same root, the same identity.
//!
//! What [`Store::export`](crate::Store) gives is events alone, for whoever reads them: another ledger gives their principals ids
//! and keys of its own. Here those go along, and so does what tells the ledger from every other. The lines are the ledger's
//! secrets; `docs/reference/ledger-format.md` describes them.

mod export;
mod import;
mod line;

pub use export::export_whole;
pub use import::{Arrived, TransferError, import_whole};

/// What tells a ledger from every other, and the key from which it derives the ids of events.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// 16 random bytes.
    pub ledger_id: [u8; 16],
    /// 32 random bytes, which nobody is to know.
    pub id_key: [u8; 32],
}

/// A principal with what makes the leaves about them.
#[derive(Clone, PartialEq, Eq)]
pub struct PrincipalKeys {
    /// The identifier that the organization uses.
    pub identifier: String,
    /// The random id that stands in leaves.
    pub id: [u8; 16],
    /// The key of the commitments to payloads, which nobody is to know.
    pub commitment_key: [u8; 32],
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PrincipalKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrincipalKeys").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}
