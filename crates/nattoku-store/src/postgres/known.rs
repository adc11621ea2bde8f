//! What a program has seen of a ledger, held against what the server has now.
//!
//! A server may go back: a standby that lacks the last commits takes over, or an older state is restored while programs run.
//! What these remember is then of a ledger that is no longer there.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use postgres::Row;

use super::address::Address;
use super::session::Session;
use crate::decode::{column, number};
use crate::error::StoreError;

/// What [`looked`] reads, of the row of the head: the id of the ledger, the hash of the leaf at the revision `$1`, and the newest event.
macro_rules! look_columns {
    () => {
        "(select value from nattoku.meta where name = 'ledger_id'),
    (select leaf_hash from nattoku.events where revision = $1),
    h.size, (select leaf_hash from nattoku.events where revision = h.size)"
    };
}
pub(super) use look_columns;

const LOOK: &str = concat!("select ", look_columns!(), " from nattoku.head h where h.only_row");

/// None while there is no event.
type LeafHash = Option<Vec<u8>>;

/// The newest event that was seen, by its place and the hash of its leaf, and of which ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    ledger_id: Vec<u8>,
    pub(super) size: u64,
    leaf_hash: LeafHash,
}

/// The hash of the leaf at the revision that was asked about, and what there is to be seen now.
pub(super) type Looked = (LeafHash, Seen);

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
        let before = self.before();
        let looked = look(session, before.size)?;
        self.hold_against(&before, looked)
    }

    /// What was seen by now, for whoever looks.
    pub(super) fn before(&self) -> Seen {
        self.seen().clone()
    }

    /// Makes sure that what a look has found is the ledger that was seen before it, and tells how long it is.
    pub(super) fn hold_against(&self, before: &Seen, looked: Option<Looked>) -> Result<u64, StoreError> {
        let Some((there, now)) = looked else { return Err(self.moved()) };
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

/// The hash of the leaf at a revision, and what there is to be seen now. Nothing where there is no head.
fn look(session: &mut Session, size: u64) -> Result<Option<Looked>, StoreError> {
    let rows = session.query(LOOK, &[&column(size)?])?;
    rows.first().map(|row| looked(row, 0)).transpose()
}

/// What the columns of [`look_columns!`] tell, which begin at a place in the row.
pub(super) fn looked(row: &Row, place: usize) -> Result<Looked, StoreError> {
    let ledger_id: Option<Vec<u8>> = row.try_get(place)?;
    let now = Seen {
        ledger_id: ledger_id.unwrap_or_default(),
        size: number(row.try_get(place + 2)?)?,
        leaf_hash: row.try_get(place + 3)?,
    };
    Ok((row.try_get(place + 1)?, now))
}
