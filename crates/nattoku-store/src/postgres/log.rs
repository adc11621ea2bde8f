//! What the ledger as a log is made of: the tree, its nodes, the leaves, and what opens a leaf.

use nattoku_ledger::{Hash, Tree};
use nattoku_model::Revision;

use super::PostgresStore;
use super::append::fixed;
use super::lease::read_head;
use super::read::{event, id_in, identifier_of, joined, open_payload};
use crate::decode::column;
use crate::error::StoreError;
use crate::nodes::{NodeRange, put};
use crate::record::OpenedLeaf;

/// A commit of no more than a mark in the server's log. A standby, which cannot commit, shows only what is on its disk.
const FLUSH: &str = "
select case when pg_is_in_recovery() then null else pg_logical_emit_message(true, 'nattoku', ''::text) end";
const LEAF_HASHES: &str = "
select wanted.n, revision - wanted.first, leaf_hash
from unnest($1::bigint[], $2::bigint[]) with ordinality as wanted (first, past, n)
join nattoku.events on revision >= wanted.first and revision < wanted.past";
const NODES: &str = "
select wanted.n, place - wanted.first, hash
from unnest($1::bigint[], $2::bigint[]) with ordinality as wanted (first, past, n)
join nattoku.nodes on place >= wanted.first and place < wanted.past";
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

    /// All ranges of leaves by one statement, and all others by another.
    pub(super) fn read_kept_nodes(&self, ranges: &[NodeRange]) -> Result<Vec<Vec<Option<Hash>>>, StoreError> {
        let leaves = |(_, range): &(usize, &NodeRange)| range.step == 0;
        let (leaves, above): (Vec<_>, Vec<_>) = ranges.iter().enumerate().partition(leaves);
        self.pool.read(|session| {
            let mut kept: Vec<_> = ranges.iter().copied().map(NodeRange::absent).collect();
            for (sql, wanted) in [(LEAF_HASHES, &leaves), (NODES, &above)] {
                if wanted.is_empty() || (sql == NODES && !self.has_nodes) {
                    continue;
                }
                let places = wanted.iter().map(|(_, range)| range.places()).collect::<Result<Vec<_>, _>>()?;
                let (first, end): (Vec<_>, Vec<_>) = places.into_iter().map(|p| (p.start, p.end)).unzip();
                for row in session.query(sql, &[&first, &end])? {
                    let n: i64 = row.try_get(0)?;
                    let range = usize::try_from(n - 1).ok().and_then(|n| wanted.get(n));
                    if let Some(kept) = range.and_then(|(range, _)| kept.get_mut(*range)) {
                        put(kept, row.try_get(1)?, fixed(row.try_get(2)?, "a column of hashes")?);
                    }
                }
            }
            Ok(kept)
        })
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
