//! Recomputes the whole ledger and compares it with what is kept beside it.

use nattoku_ledger::Frontier;
use rusqlite::{Connection, Row};

use super::head::read_head;
use super::read::{EVENT, JOINED};
use super::{SqliteStore, nodes};
use crate::check::{Recomputed, StoredRow, check_counts};
use crate::decode::number;
use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::LedgerPrincipal;
use crate::record::Stats;

impl SqliteStore {
    /// Reads every event, and checks that it is whole.
    pub(super) fn recompute_all(&self) -> Result<Stats, StoreError> {
        let tree = self.readers.read(|tx| {
            let head = read_head(tx)?;
            recompute(tx, &self.keys)?.matches(&head)
        })?;
        check_counts(self.read_stats()?, Frontier::size(&tree))
    }
}

/// The tree over all events, each one checked.
fn recompute(connection: &Connection, keys: &Keyring) -> Result<Recomputed, StoreError> {
    let mut select =
        connection.prepare(&format!("select {EVENT}, e.leaf_hash from {JOINED} order by e.revision"))?;
    let mut rows = select.query([])?;
    let mut recomputed = Recomputed::new();
    let has_nodes = nodes::are_there(connection)?;
    while let Some(row) = rows.next()? {
        add(&mut recomputed, row, keys)?;
        if has_nodes {
            nodes::check(connection, &mut recomputed)?;
        }
    }
    if has_nodes {
        nodes::check_number(connection, &recomputed)?;
    }
    Ok(recomputed)
}

fn add(recomputed: &mut Recomputed, row: &Row<'_>, keys: &Keyring) -> Result<(), StoreError> {
    let (leaf, leaf_hash): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(7)?);
    let (sealed, id): (Option<Vec<u8>>, Option<[u8; 16]>) = (row.get(4)?, row.get(5)?);
    let revision: i64 = row.get(0)?;
    let stored = |payload, principal| {
        let (at, recorded_at) = (row.get(1)?, row.get(2)?);
        Ok::<_, StoreError>(StoredRow {
            revision,
            at,
            recorded_at,
            leaf: &leaf,
            payload,
            leaf_hash: &leaf_hash,
            principal,
        })
    };
    let Some(id) = id else { return recomputed.add(&stored(sealed.as_deref(), None)?) };
    // What is erased while this reads is as if it had been before.
    let known = if row.get(6)? { None } else { keys.of(&id)? };
    let Some(known) = known else { return recomputed.add_erased(&stored(sealed.as_deref(), None)?, &id) };
    let payload = match &sealed {
        Some(sealed) => keys.open_payload(&id, number(revision)?, sealed)?,
        None => None,
    };
    let principal = LedgerPrincipal { id, commitment_key: *known.commitment_key().bytes() };
    recomputed.add(&stored(payload.as_deref(), Some(principal))?)
}
