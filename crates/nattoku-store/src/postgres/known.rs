//! What a program has seen of a ledger, held against what the server has now.
//!
//! A server may go back: a standby that lacks the last commits takes over, or an older state is restored while programs run.
//! What these remember is then of a ledger that is no longer there.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::address::Address;
use super::session::Session;
use crate::decode::{column, number};
use crate::error::StoreError;

const LOOK: &str = "
select (select value from nattoku.meta where name = 'ledger_id'),
    (select leaf_hash from nattoku.events where revision = $1),
    h.size, (select leaf_hash from nattoku.events where revision = h.size)
from nattoku.head h where h.only_row";

/// None while there is no event.
type LeafHash = Option<Vec<u8>>;

/// The newest event that was seen, by its place and the hash of its leaf, and of which ledger.
#[derive(Debug, Clone, Default)]
struct Seen {
    ledger_id: Vec<u8>,
    size: u64,
    leaf_hash: LeafHash,
}

#[derive(Debug)]
pub(super) struct Known {
    place: PathBuf,
    seen: Mutex<Seen>,
}

impl Known {
    /// What there is to be seen at first.
    pub(super) fn of(session: &mut Session, address: &Address) -> Result<Self, StoreError> {
        let place = PathBuf::from(address.to_string());
        let seen = look(session, 0)?.map(|(_, now)| now).unwrap_or_default();
        Ok(Self { place, seen: Mutex::new(seen) })
    }

    /// Makes sure that the server has the ledger that was seen, with all that was seen of it, and tells how long it is now.
    pub(super) fn check(&self, session: &mut Session) -> Result<u64, StoreError> {
        let before = self.seen().clone();
        let Some((there, now)) = look(session, before.size)? else { return Err(self.moved()) };
        if now.ledger_id != before.ledger_id || now.size < before.size || there != before.leaf_hash {
            return Err(self.moved());
        }
        self.advance(now.size, now.leaf_hash);
        Ok(now.size)
    }

    /// The ledger has become so long, by this event.
    pub(super) fn advance(&self, size: u64, leaf_hash: LeafHash) {
        let mut seen = self.seen();
        if size > seen.size {
            (seen.size, seen.leaf_hash) = (size, leaf_hash);
        }
    }

    fn moved(&self) -> StoreError {
        StoreError::Moved { path: self.place.clone() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hash of the leaf at a revision, and what there is to be seen now.
fn look(session: &mut Session, size: u64) -> Result<Option<(LeafHash, Seen)>, StoreError> {
    let rows = session.query(LOOK, &[&column(size)?])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let ledger_id: Option<Vec<u8>> = row.try_get(0)?;
    let now = Seen {
        ledger_id: ledger_id.unwrap_or_default(),
        size: number(row.try_get(2)?)?,
        leaf_hash: row.try_get(3)?,
    };
    Ok(Some((row.try_get(1)?, now)))
}
