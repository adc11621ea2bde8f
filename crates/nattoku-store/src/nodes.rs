//! The inner nodes of the tree that are kept, so that a proof costs a few short reads: of every fourth level, the roots of
//! the perfect subtrees of 16, 256, 4,096 and so on leaves.
//!
//! They follow from the leaves' hashes. One that is missing is computed; one that is there must be right, which a check sees to.

use nattoku_ledger::{Frontier, Hash, Node};

use crate::decode::column;
use crate::error::StoreError;

/// Every how manieth level is kept.
pub(crate) const STEP: u8 = 4;
/// How many nodes of a kept level lie under one of the next.
pub(crate) const GROUP: u16 = 1 << STEP;
/// Where in `place` the step stands, above the node's number.
const STEP_SHIFT: u8 = 56;

/// A row of nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptNode {
    pub(crate) node: Node,
    pub(crate) hash: Hash,
}

impl KeptNode {
    /// Where in the table it stands.
    pub(crate) fn place(&self) -> Result<i64, StoreError> {
        place(self.node.level / STEP, self.node.index)
    }
}

/// Where in the table a node stands: by its level in steps, and its number.
pub(crate) fn place(step: u8, index: u64) -> Result<i64, StoreError> {
    if index >> STEP_SHIFT != 0 {
        return Err(StoreError::Full);
    }
    column(u64::from(step) << STEP_SHIFT | index)
}

/// Appends a leaf to the tree, and adds the nodes to keep that it completes.
pub(crate) fn append(tree: &mut Frontier, leaf: Hash, kept: &mut Vec<KeptNode>) {
    tree.append_noting(leaf, |node, hash| {
        if node.level.is_multiple_of(STEP) {
            kept.push(KeptNode { node, hash });
        }
    });
}

/// Where the newest node of the lowest kept level stands in a tree of `size` leaves: rows that reach it were kept with all
/// events.
pub(crate) fn newest(size: u64) -> Result<Option<i64>, StoreError> {
    (size / u64::from(GROUP)).checked_sub(1).map(|index| place(1, index)).transpose()
}
