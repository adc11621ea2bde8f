//! The tree over the rows, in their order, and what is kept of it.

use std::collections::HashMap;

use nattoku_ledger::{Frontier, Hash};

use super::one::{Checked, CheckedRow, Found};
use super::wrong;
use crate::append::Head;
use crate::decode::{instant, number};
use crate::error::StoreError;
use crate::leaf::{self, Beside, LedgerPrincipal};
use crate::nodes::{self, KeptNode};

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

/// The tree over the rows seen so far, each one checked.
pub(crate) struct Recomputed {
    tree: Frontier,
    recorded_before: Option<i64>,
    /// The nodes to keep that the newest row has completed.
    completed: Vec<KeptNode>,
    n_nodes: u64,
    pub(crate) found: Found,
}

impl Recomputed {
    pub(crate) fn new() -> Self {
        Self {
            tree: Frontier::new(),
            recorded_before: None,
            completed: Vec::new(),
            n_nodes: 0,
            found: Found::default(),
        }
    }

    /// Checks the next row, by revision, where everything of it lies in the clear.
    pub(crate) fn add(&mut self, row: &StoredRow<'_>) -> Result<(), StoreError> {
        let (at, recorded_at) = (instant(row.at)?.to_string(), instant(row.recorded_at)?.to_string());
        let beside = Beside { principal: row.principal.as_ref(), at: &at, recorded_at: &recorded_at };
        let hash = match leaf::decode_exactly(row.leaf, row.payload, &beside) {
            Err(why) => Err(wrong(row.revision, &why)),
            Ok(_) if row.leaf_hash != Hash::of_leaf(row.leaf).0 => {
                Err(wrong(row.revision, "its hash is not that of its bytes"))
            }
            Ok(_) => Ok(Hash::of_leaf(row.leaf)),
        };
        let StoredRow { revision, at, recorded_at, .. } = *row;
        self.append(CheckedRow { revision, at, recorded_at, hash }, None)
    }

    /// Goes on with rows that were looked through.
    pub(super) fn take(&mut self, checked: Checked) -> Result<(), StoreError> {
        for row in checked.rows {
            self.append(row, checked.nodes.as_ref())?;
        }
        self.found.join(checked.found);
        Ok(())
    }

    fn append(&mut self, row: CheckedRow, kept: Option<&HashMap<i64, Vec<u8>>>) -> Result<(), StoreError> {
        let revision = number(row.revision)?;
        if revision != self.tree.size() + 1 {
            return Err(StoreError::Corrupt {
                what: format!("revision {} is missing", self.tree.size() + 1),
            });
        }
        if self.recorded_before.is_some_and(|before| row.recorded_at < before) || row.at > row.recorded_at {
            return Err(wrong(row.revision, "its times are out of order"));
        }
        self.recorded_before = Some(row.recorded_at);
        nodes::append(&mut self.tree, row.hash?, &mut self.completed);
        for node in self.completed.drain(..) {
            self.n_nodes += 1;
            if let Some(kept) = kept {
                check_node(revision, &node, kept.get(&node.place()?).map(Vec::as_slice))?;
            }
        }
        Ok(())
    }

    /// Holds the number of kept nodes against that of the nodes that were completed.
    pub(crate) fn check_number_of_nodes(&self, kept: i64) -> Result<(), StoreError> {
        if number(kept)? == self.n_nodes {
            return Ok(());
        }
        let what = format!("{kept} nodes are kept, and the events have {} of them", self.n_nodes);
        Err(StoreError::Corrupt { what })
    }

    /// Holds the number of payloads against that of the events that have one.
    pub(crate) fn check_number_of_payloads(&self, kept: i64) -> Result<(), StoreError> {
        if number(kept)? == self.found.payloads {
            return Ok(());
        }
        let what = format!("the table payloads has {kept} rows, and {} events have one", self.found.payloads);
        Err(StoreError::Corrupt { what })
    }

    /// When the newest row was recorded.
    pub(crate) const fn recorded_at(&self) -> Option<i64> {
        self.recorded_before
    }

    /// Holds the tree over all rows against what the head tells.
    pub(crate) fn matches(&self, head: &Head) -> Result<Frontier, StoreError> {
        let untold = self.found.erased.iter().find(|(_, is_told)| !**is_told);
        if let Some(id) = untold.map(|(id, _)| leaf::hex(id)) {
            let what = format!("the principal {id} is gone, and no event says that they were erased");
            return Err(StoreError::Corrupt { what });
        }
        if self.tree == head.frontier {
            return Ok(self.tree.clone());
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

/// Holds a node that a revision completes against what is kept of it.
fn check_node(revision: u64, node: &KeptNode, kept: Option<&[u8]>) -> Result<(), StoreError> {
    let KeptNode { node, hash } = node;
    if kept == Some(hash.0.as_slice()) {
        return Ok(());
    }
    let (level, index) = (node.level, node.index);
    let why = if kept.is_none() { "is not kept" } else { "is kept with another hash" };
    Err(StoreError::Corrupt {
        what: format!("revision {revision}: the node {index} of level {level} that it completes {why}"),
    })
}
