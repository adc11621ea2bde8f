//! What the ledger as a log is made of: the tree, its nodes, the leaves, and what opens a leaf.

use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::PathBuf;

use nattoku_ledger::{Hash, Tree};
use nattoku_model::Revision;

use super::SqliteStore;
use super::head::read_head;
use super::read::{EVENT, JOINED, identifier_of, open_payload};
use crate::decode::column;
use crate::error::StoreError;
use crate::nodes::{NodeRange, put};
use crate::record::OpenedLeaf;

const LEAF_HASHES: &str = "select revision, leaf_hash from events where revision >= ?1 and revision < ?2";
const NODES: &str = "select place, hash from nodes where place >= ?1 and place < ?2";

impl SqliteStore {
    /// Readers see a commit whose writer was killed before it had flushed it, once the log is opened anew. What was read here
    /// is therefore flushed before it is given.
    pub(super) fn read_durable_tree(&self) -> Result<Tree, StoreError> {
        let tree = self.readers.read(|tx| {
            let frontier = read_head(tx)?.frontier;
            Ok(Tree { size: frontier.size(), root: frontier.root() })
        })?;
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        for path in [PathBuf::from(log), self.path.clone()] {
            match File::open(&path).and_then(|file| file.sync_all()) {
                Ok(()) => {}
                // Without a log everything is in the file.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::Unavailable { source: error.into() }),
            }
        }
        Ok(tree)
    }

    pub(super) fn read_kept_nodes(&self, ranges: &[NodeRange]) -> Result<Vec<Vec<Option<Hash>>>, StoreError> {
        self.readers.read(|tx| {
            let kept = ranges.iter().map(|range| {
                let mut kept = range.absent();
                if range.step > 0 && !self.has_nodes {
                    return Ok(kept);
                }
                let Range { start, end } = range.places()?;
                let mut select = tx.prepare_cached(if range.step == 0 { LEAF_HASHES } else { NODES })?;
                let mut rows = select.query((start, end))?;
                while let Some(row) = rows.next()? {
                    put(&mut kept, row.get::<_, i64>(0)?.saturating_sub(start), row.get(1)?);
                }
                Ok(kept)
            });
            kept.collect()
        })
    }

    pub(super) fn read_leaves(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, StoreError> {
        let end = column(first.saturating_add(count.into()))?;
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(
                "select leaf from events where revision > ?1 and revision <= ?2 order by revision",
            )?;
            let leaves = select.query_map((column(first)?, end), |row| row.get(0))?;
            Ok(leaves.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn read_opened_leaf(&self, revision: Revision) -> Result<Option<OpenedLeaf>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT}, p.identifier from {JOINED} where e.revision = ?1"
            ))?;
            let mut rows = select.query([wanted])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let payload = open_payload(row, &self.keys)?;
            let principal = match (row.get::<_, Option<[u8; 16]>>(5)?, identifier_of(row, 7, &self.keys)?) {
                (Some(id), Some(identifier)) => self.keys.commitment_key(&id)?.map(|key| (identifier, key)),
                _ => None,
            };
            Ok(Some(OpenedLeaf { leaf: row.get(3)?, payload, principal }))
        })
    }
}
