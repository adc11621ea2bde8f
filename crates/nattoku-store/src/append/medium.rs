//! What an append needs of a database, and no more.

use std::collections::HashMap;

use jiff::Timestamp;
use nattoku_ledger::Frontier;
use nattoku_model::{Event, Revision};

use super::{Asking, Plan, Sight, StoredId};
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;

/// Where a ledger stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Raised when another writer takes the ledger over.
    pub(crate) epoch: i64,
    /// The tree's right edge; its size is the number of events and so the newest revision.
    pub(crate) frontier: Frontier,
    /// When the newest event was recorded, in microseconds since 1970; none while there is none.
    pub(crate) recorded_at: Option<i64>,
}

/// A principal as a database has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownPrincipal {
    /// The number that stands for the principal inside the database.
    pub(crate) ordinal: i64,
    pub(crate) principal: LedgerPrincipal,
}

/// An event that is there already.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) revision: u64,
    pub(crate) recorded_at: i64,
    /// What it says, where its sender gave it its id; a derived id is the content.
    pub(crate) content: Option<FoundContent>,
}

/// What an event that is there already says.
#[derive(Debug)]
pub(crate) struct FoundContent {
    pub(crate) at: Timestamp,
    pub(crate) event: Event,
    pub(crate) principal: Option<String>,
}

/// The connection of a ledger's writer. Its calls come in this order: `begin`, any number of look-ups, then `commit` or
/// `abandon`.
pub(crate) trait Medium: Send {
    /// Sees to it that nobody else can append until `commit` or `abandon`, and gives the head as it is.
    fn begin(&mut self) -> Result<Head, StoreError>;

    /// What the ledger knows about each of those whom somebody is to decide about, in their order. Nothing of a medium whose store has
    /// them decide elsewhere.
    fn views(&mut self, asking: &[&Asking]) -> Result<Vec<Sight>, StoreError> {
        let _ = asking;
        Ok(Vec::new())
    }

    /// Those of `ids` that are there, and the newest event about each of the principals with these ordinals, in their order.
    fn find(
        &mut self,
        ids: &[&StoredId],
        ordinals: &[i64],
    ) -> Result<(HashMap<StoredId, Found>, Vec<Revision>), StoreError>;

    /// Those of `identifiers` that are known.
    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError>;

    /// The largest ordinal of a principal; 0 where there is none.
    fn newest_ordinal(&mut self) -> Result<i64, StoreError>;

    /// The hashes of the leaves from one revision to another, in their order.
    fn leaf_hashes(&mut self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Writes what the plan has, moves the head from where `begin` found it to the plan's, and returns when all of it is
    /// durable. On an error all of it may be there or nothing.
    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError>;

    /// Ends what `begin` began, with nothing written; also after a `commit` that failed.
    fn abandon(&mut self);

    /// Ends whatever has been begun, of the keys as well, where nothing is known of it because a call panicked.
    fn break_off(&mut self);

    /// Whether principals that were known at the last call may be gone: somebody was erased. To be called after `begin`.
    fn has_forgotten(&mut self) -> Result<bool, StoreError>;

    /// Those of the principals with these ids who are there: id, ordinal, and whether they are erased. May be asked without `begin`.
    fn by_id(&mut self, ids: &[[u8; 16]]) -> Result<Vec<([u8; 16], i64, bool)>, StoreError>;

    /// Every principal who is erased, with when the newest event about them was recorded. May be asked without `begin`.
    fn erased(&mut self) -> Result<Vec<([u8; 16], i64)>, StoreError>;

    /// Sees to it that what was deleted is in no log, where this can be done at all; tells whether it is so.
    fn empty_log(&mut self) -> Result<bool, StoreError>;

    /// Whether there is anything to do in a [`rest`](Self::rest).
    fn rests(&self) -> bool {
        false
    }

    /// Nothing has been appended for a while.
    fn rest(&mut self) {}
}
