//! Recomputes a ledger from its rows, whichever database they lie in.
//!
//! One thread reads the rows in their order and hands them out in batches, of which few are under way at any time. Several look
//! through batches, each by itself: everything that can be said of a row alone ([`one`]). One takes their answers in the order of
//! the rows, and goes on with the tree. What is told first is what is wrong first, however many there are.

mod beside;
mod buried;
mod entries;
mod many;
mod one;
mod people;
mod rows;
mod tree;

pub(crate) use beside::{Meta, PrincipalRow, check_counts, check_erased, check_head, check_meta};
pub(crate) use buried::check_buried;
pub(crate) use entries::{Entries, Hashing};
pub(crate) use many::{Feed, recompute};
pub(crate) use one::Found;
pub(crate) use people::People;
pub(crate) use rows::{Columns, Rows, Subject, id_kind};
pub(crate) use tree::{Recomputed, StoredRow};

use crate::error::StoreError;

/// Rows handed out at once.
pub(crate) const BATCH: usize = 1_024;

/// Bytes after which no more rows are handed out at once.
pub(crate) const BATCH_BYTES: usize = 4 << 20;

/// What is wrong with the row at a revision.
fn wrong(revision: i64, what: &str) -> StoreError {
    StoreError::Corrupt { what: format!("revision {revision}: {what}") }
}

/// What is wrong where keys are destroyed and the ledger does not have it so.
pub(crate) fn gone(revision: i64) -> StoreError {
    wrong(revision, "the keys of its principal are destroyed, and what is personal of it is not")
}

/// Says where something is that does not hold.
pub(crate) fn within(place: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Corrupt { what } => StoreError::Corrupt { what: format!("{place}: {what}") },
        other => other,
    }
}
