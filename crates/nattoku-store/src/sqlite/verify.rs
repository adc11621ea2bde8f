//! Recomputes the whole ledger and compares it with what is kept beside it.

use nattoku_ledger::Frontier;
use rusqlite::Connection;

use super::head::read_head;
use super::{SqliteStore, nodes};
use crate::check::{Recomputed, StoredRow, check_counts};
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;
use crate::record::Stats;

impl SqliteStore {
    /// Reads every event, and checks that it is whole.
    pub(super) fn recompute_all(&self) -> Result<Stats, StoreError> {
        let tree = self.readers.read(|tx| {
            let head = read_head(tx)?;
            recompute(tx)?.matches(&head)
        })?;
        check_counts(self.read_stats()?, Frontier::size(&tree))
    }
}

/// The tree over all events, each one checked.
fn recompute(connection: &Connection) -> Result<Recomputed, StoreError> {
    let mut select = connection.prepare(
        "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, e.leaf_hash, p.id, p.commitment_key
         from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
         order by e.revision",
    )?;
    let mut rows = select.query([])?;
    let mut recomputed = Recomputed::new();
    let has_nodes = nodes::are_there(connection)?;
    while let Some(row) = rows.next()? {
        let principal = match (row.get(6)?, row.get(7)?) {
            (Some(id), Some(commitment_key)) => Some(LedgerPrincipal { id, commitment_key }),
            _ => None,
        };
        let (leaf, leaf_hash): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(5)?);
        let payload: Option<Vec<u8>> = row.get(4)?;
        recomputed.add(&StoredRow {
            revision: row.get(0)?,
            at: row.get(1)?,
            recorded_at: row.get(2)?,
            leaf: &leaf,
            payload: payload.as_deref(),
            leaf_hash: &leaf_hash,
            principal,
        })?;
        if has_nodes {
            nodes::check(connection, &mut recomputed)?;
        }
    }
    if has_nodes {
        nodes::check_number(connection, &recomputed)?;
    }
    Ok(recomputed)
}
