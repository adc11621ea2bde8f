//! Recomputes the whole ledger and compares it with what is kept beside it.

use nattoku_ledger::{Frontier, Hash};
use rusqlite::{Connection, Row};

use super::SqliteStore;
use super::head::{Head, number};
use super::read::{decode_row, instant};
use crate::error::StoreError;
use crate::leaf::{self, Leaf, LedgerPrincipal};
use crate::record::Stats;

impl SqliteStore {
    /// Reads every event, and checks that it is whole: numbers without gaps, times that never go back, bytes that are
    /// what their own content gives, commitments that fit the personal parts, hashes, and the tree that the head tells.
    pub(super) fn recompute_all(&self) -> Result<Stats, StoreError> {
        let tree = self.readers.read(|tx| {
            let head = Head::read(tx)?;
            let tree = recompute(tx)?;
            if tree == head.frontier {
                return Ok(tree);
            }
            let what = format!(
                "the head tells {} events with root {}, the events give {} with root {}",
                head.frontier.size(),
                head.frontier.root(),
                tree.size(),
                tree.root(),
            );
            Err(StoreError::Corrupt { what })
        })?;
        let stats = self.read_stats()?;
        let counted: u64 = stats.events_by_name.values().sum();
        if stats.events == counted || stats.events > tree.size() {
            return Ok(stats);
        }
        Err(StoreError::Corrupt {
            what: format!("{counted} events are counted by name, not {}", stats.events),
        })
    }
}

/// The tree over all events, each one checked.
fn recompute(connection: &Connection) -> Result<Frontier, StoreError> {
    let mut select = connection.prepare(
        "select e.revision, e.at, e.recorded_at, e.leaf, y.payload, e.leaf_hash, p.id, p.commitment_key
         from events e left join payloads y using (revision) left join principals p on p.ordinal = e.principal
         order by e.revision",
    )?;
    let mut rows = select.query([])?;
    let mut tree = Frontier::new();
    let mut recorded_before = i64::MIN;
    while let Some(row) = rows.next()? {
        let revision = number(row.get(0)?)?;
        let wrong = |what: &str| StoreError::Corrupt { what: format!("revision {revision}: {what}") };
        if revision != tree.size() + 1 {
            return Err(StoreError::Corrupt { what: format!("revision {} is missing", tree.size() + 1) });
        }
        let recorded_at: i64 = row.get(2)?;
        if recorded_at < recorded_before || row.get::<_, i64>(1)? > recorded_at {
            return Err(wrong("its times are out of order"));
        }
        recorded_before = recorded_at;
        let leaf: Vec<u8> = row.get(3)?;
        if encode_again(row)? != (Leaf { bytes: leaf.clone(), payload: row.get(4)? }) {
            return Err(wrong("its bytes are not what its content gives"));
        }
        let hash = Hash::of_leaf(&leaf);
        if row.get::<_, [u8; 32]>(5)? != hash.0 {
            return Err(wrong("its hash is not that of its bytes"));
        }
        tree.append(hash);
    }
    Ok(tree)
}

/// Encodes what a row decodes to: only one sequence of bytes is right for a content, its principal and its key.
fn encode_again(row: &Row<'_>) -> Result<Leaf, StoreError> {
    let recorded = decode_row(row)?;
    let principal = match (row.get(6)?, row.get(7)?) {
        (Some(id), Some(commitment_key)) => Some(LedgerPrincipal { id, commitment_key }),
        _ => None,
    };
    Ok(leaf::encode(&recorded.event, principal.as_ref(), recorded.at, instant(row.get(2)?)?))
}
