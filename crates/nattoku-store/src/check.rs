//! Recomputes a ledger from its rows, whichever database they lie in.

use std::collections::BTreeMap;

use nattoku_ledger::{Frontier, Hash};

use crate::append::Head;
use crate::decode::{decode, instant, number};
use crate::error::StoreError;
use crate::leaf::{self, ERASED_LIVE, Leaf, LedgerPrincipal};
use crate::nodes::{self, KeptNode};
use crate::record::Stats;

/// The columns of one event, with those of its principal.
pub(crate) struct StoredRow<'a> {
    pub(crate) revision: i64,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) leaf: &'a [u8],
    pub(crate) payload: Option<&'a [u8]>,
    pub(crate) leaf_hash: &'a [u8],
    pub(crate) principal: Option<LedgerPrincipal>,
}

/// A node that is to be kept, and the revision that completes it.
pub(crate) struct Completed {
    revision: u64,
    node: KeptNode,
}

impl Completed {
    /// Where in the table it stands.
    pub(crate) fn place(&self) -> Result<i64, StoreError> {
        self.node.place()
    }

    /// Holds it against what stands there.
    pub(crate) fn check(&self, kept: Option<&[u8]>) -> Result<(), StoreError> {
        let Self { revision, node: KeptNode { node, hash } } = self;
        if kept == Some(hash.0.as_slice()) {
            return Ok(());
        }
        let (level, index) = (node.level, node.index);
        let why = if kept.is_none() { "is not kept" } else { "is kept with another hash" };
        Err(StoreError::Corrupt {
            what: format!("revision {revision}: the node {index} of level {level} that it completes {why}"),
        })
    }
}

/// The tree over the rows seen so far, each one checked.
pub(crate) struct Recomputed {
    tree: Frontier,
    recorded_before: i64,
    /// The nodes to keep that were completed since somebody asked for them.
    completed: Vec<Completed>,
    n_nodes: u64,
    /// Who is erased, and whether an event says so.
    erased: BTreeMap<[u8; 16], bool>,
}

impl Recomputed {
    pub(crate) fn new() -> Self {
        Self {
            tree: Frontier::new(),
            recorded_before: i64::MIN,
            completed: Vec::new(),
            n_nodes: 0,
            erased: BTreeMap::new(),
        }
    }

    /// Checks the next row, by revision.
    pub(crate) fn add(&mut self, row: &StoredRow<'_>) -> Result<(), StoreError> {
        self.check_order(row)?;
        let again = encode_again(row)?;
        if (again.bytes.as_slice(), again.payload.as_deref()) != (row.leaf, row.payload) {
            return Err(wrong(row, "its bytes are not what its content gives"));
        }
        self.append(row)
    }

    /// Checks the next row where the principal with this id is erased: nothing but the leaf is left of it.
    pub(crate) fn add_erased(&mut self, row: &StoredRow<'_>, id: &[u8; 16]) -> Result<(), StoreError> {
        self.check_order(row)?;
        if row.payload.is_some() {
            return Err(wrong(row, "its principal is erased, and its personal part is not"));
        }
        let name = leaf::check_erased(row.leaf, id, instant(row.at)?, instant(row.recorded_at)?)
            .map_err(|why| wrong(row, &why))?;
        *self.erased.entry(*id).or_default() |= name == ERASED_LIVE;
        self.append(row)
    }

    fn check_order(&mut self, row: &StoredRow<'_>) -> Result<(), StoreError> {
        let revision = number(row.revision)?;
        if revision != self.tree.size() + 1 {
            return Err(StoreError::Corrupt {
                what: format!("revision {} is missing", self.tree.size() + 1),
            });
        }
        if row.recorded_at < self.recorded_before || row.at > row.recorded_at {
            return Err(wrong(row, "its times are out of order"));
        }
        self.recorded_before = row.recorded_at;
        Ok(())
    }

    fn append(&mut self, row: &StoredRow<'_>) -> Result<(), StoreError> {
        let hash = Hash::of_leaf(row.leaf);
        if row.leaf_hash != hash.0 {
            return Err(wrong(row, "its hash is not that of its bytes"));
        }
        let (revision, mut kept) = (number(row.revision)?, Vec::new());
        nodes::append(&mut self.tree, hash, &mut kept);
        self.completed.extend(kept.into_iter().map(|node| Completed { revision, node }));
        Ok(())
    }

    /// The nodes to keep that the rows since the last call have completed.
    pub(crate) fn completed(&mut self) -> Vec<Completed> {
        let completed = std::mem::take(&mut self.completed);
        self.n_nodes += completed.len() as u64;
        completed
    }

    /// Holds the number of kept nodes against that of the nodes that were completed.
    pub(crate) fn check_number_of_nodes(&self, kept: i64) -> Result<(), StoreError> {
        if number(kept)? == self.n_nodes {
            return Ok(());
        }
        let what = format!("{kept} nodes are kept, and the events have {} of them", self.n_nodes);
        Err(StoreError::Corrupt { what })
    }

    /// Holds the tree over all rows against what the head tells.
    pub(crate) fn matches(self, head: &Head) -> Result<Frontier, StoreError> {
        if let Some(id) = self.erased.iter().find(|(_, is_told)| !**is_told).map(|(id, _)| leaf::hex(id)) {
            let what = format!("the principal {id} is gone, and no event says that they were erased");
            return Err(StoreError::Corrupt { what });
        }
        if self.tree == head.frontier {
            return Ok(self.tree);
        }
        let what = format!(
            "the head tells {} events with root {}, the events give {} with root {}",
            head.frontier.size(),
            head.frontier.root(),
            self.tree.size(),
            self.tree.root(),
        );
        Err(StoreError::Corrupt { what })
    }
}

fn wrong(row: &StoredRow<'_>, what: &str) -> StoreError {
    StoreError::Corrupt { what: format!("revision {}: {what}", row.revision) }
}

/// Holds the counts against the number of events.
pub(crate) fn check_counts(stats: Stats, checked: u64) -> Result<Stats, StoreError> {
    let counted: u64 = stats.events_by_name.values().sum();
    // Where events came since, their counts came with them and were not held against anything.
    if stats.events == counted || stats.events > checked {
        return Ok(stats);
    }
    Err(StoreError::Corrupt { what: format!("{counted} events are counted by name, not {}", stats.events) })
}

/// Encodes what a row decodes to: only one sequence of bytes is right for a content, its principal and its key.
fn encode_again(row: &StoredRow<'_>) -> Result<Leaf, StoreError> {
    let recorded = decode(row.revision, row.at, row.recorded_at, row.leaf, row.payload)?;
    Ok(leaf::encode(&recorded.event, row.principal.as_ref(), recorded.at, instant(row.recorded_at)?))
}
