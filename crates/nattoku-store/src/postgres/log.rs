//! What the ledger as a log is made of: the tree, its nodes, the leaves, and what opens a leaf.

use nattoku_ledger::{Hash, Tree};
use nattoku_model::Revision;

use super::PostgresStore;
use super::append::fixed;
use super::lease::read_head;
use super::read::{event, id_in, identifier_of, joined, open_payload};
use crate::decode::column;
use crate::error::StoreError;
use crate::nodes::place;
use crate::record::OpenedLeaf;

/// A commit of no more than a mark in the server's log. A standby, which cannot commit, shows only what is on its disk.
const FLUSH: &str = "
select case when pg_is_in_recovery() then null else pg_logical_emit_message(true, 'nattoku', ''::text) end";
const LEAF_HASHES: &str = "
select revision, leaf_hash from nattoku.events where revision >= $1 and revision < $2";
const NODES: &str = "select place, hash from nattoku.nodes where place >= $1 and place < $2";
const LEAVES: &str = "
select leaf from nattoku.events where revision > $1 and revision <= $2 order by revision";
const OPENED: &str =
    concat!("select ", event!(), ", p.identifier from ", joined!(), " where e.revision = $1");

impl PostgresStore {
    /// The server shows a commit before a synchronous standby has it where whoever committed was cut off while it waited, and
    /// another program may have set its session not to wait for the disk. A commit of our own, after what was read, ends only
    /// when everything before it is durable.
    pub(super) fn read_durable_tree(&self) -> Result<Tree, StoreError> {
        self.pool.read(|session| {
            let frontier = read_head(session)?.frontier;
            session.query_durably(FLUSH, &[])?;
            Ok(Tree { size: frontier.size(), root: frontier.root() })
        })
    }

    pub(super) fn read_kept_nodes(
        &self,
        step: u8,
        first: u64,
        count: u16,
    ) -> Result<Vec<Option<Hash>>, StoreError> {
        let mut kept = vec![None; count.into()];
        if step > 0 && !self.has_nodes {
            return Ok(kept);
        }
        let end = first.saturating_add(count.into());
        // Revisions begin at 1.
        let (sql, first, end) = if step == 0 {
            (LEAF_HASHES, column(first.saturating_add(1))?, column(end.saturating_add(1))?)
        } else {
            (NODES, place(step, first)?, place(step, end)?)
        };
        for row in self.pool.read(|session| session.query(sql, &[&first, &end]))? {
            let at: i64 = row.try_get(0)?;
            let at = usize::try_from(at.saturating_sub(first)).unwrap_or(usize::MAX);
            if let Some(kept) = kept.get_mut(at) {
                *kept = Some(Hash(fixed(row.try_get(1)?, "a column of hashes")?));
            }
        }
        Ok(kept)
    }

    pub(super) fn read_leaves(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, StoreError> {
        let (first, end) = (column(first)?, column(first.saturating_add(count.into()))?);
        let rows = self.pool.read(|session| session.query(LEAVES, &[&first, &end]))?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    pub(super) fn read_opened_leaf(&self, revision: Revision) -> Result<Option<OpenedLeaf>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        let rows = self.pool.read(|session| session.query(OPENED, &[&wanted]))?;
        let Some(row) = rows.first() else { return Ok(None) };
        let payload = open_payload(row, &self.keys)?;
        let principal = match (id_in(row)?, identifier_of(row, 7, &self.keys)?) {
            (Some(id), Some(identifier)) => self.keys.commitment_key(&id)?.map(|key| (identifier, key)),
            _ => None,
        };
        Ok(Some(OpenedLeaf { leaf: row.try_get(3)?, payload, principal }))
    }
}
