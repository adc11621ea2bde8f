//! The inner nodes of the tree that are kept, so that a proof costs a few short reads: of every fourth level, the roots of
//! the perfect subtrees of 16, 256, 4,096 and so on leaves.
//!
//! They follow from the leaves' hashes. One that is missing is computed; one that is there must be right, which a check sees to.

use std::ops::Range;

use nattoku_ledger::{Frontier, Hash, Node};

use crate::decode::column;
use crate::error::StoreError;

/// Every how manieth level is kept.
pub(crate) const STEP: u8 = 4;
/// How many nodes of a kept level lie under one of the next.
pub(crate) const GROUP: u16 = 1 << STEP;
/// Where in `place` the step stands, above the node's number.
const STEP_SHIFT: u8 = 56;

/// Consecutive nodes of one kept level of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeRange {
    /// Which level: leaves at 0, the roots of the perfect subtrees of 16^`step` leaves above.
    pub step: u8,
    /// The number of the first, counted from 0.
    pub first: u64,
    /// How many they are.
    pub count: u16,
}

impl NodeRange {
    /// Where they stand in their table: leaves by revision, others by place.
    pub(crate) fn places(self) -> Result<Range<i64>, StoreError> {
        let end = self.first.saturating_add(self.count.into());
        if self.step == 0 {
            // Revisions begin at 1.
            return Ok(column(self.first.saturating_add(1))?..column(end.saturating_add(1))?);
        }
        Ok(place(self.step, self.first)?..place(self.step, end)?)
    }

    /// None of them, to be filled by [`put`].
    pub(crate) fn absent(self) -> Vec<Option<Hash>> {
        vec![None; self.count.into()]
    }
}

/// Puts a node in its place among those of its range.
pub(crate) fn put(nodes: &mut [Option<Hash>], place: i64, hash: [u8; 32]) {
    if let Some(node) = usize::try_from(place).ok().and_then(|place| nodes.get_mut(place)) {
        *node = Some(Hash(hash));
    }
}

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

/// Where the nodes stand that the events after `before` and up to `after` complete, level by level.
pub(crate) fn completed(before: u64, after: u64) -> impl Iterator<Item = Result<Range<i64>, StoreError>> {
    let in_step = |step: u8, n_events: u64| n_events.unbounded_shr(u32::from(step) * u32::from(STEP));
    let steps = (1..).take_while(move |step| in_step(*step, after) > 0);
    steps.map(move |step| Ok(place(step, in_step(step, before))?..place(step, in_step(step, after))?))
}

/// Where the newest node of the lowest kept level stands in a tree of `size` leaves: rows that reach it were kept with all
/// events.
pub(crate) fn newest(size: u64) -> Result<Option<i64>, StoreError> {
    (size / u64::from(GROUP)).checked_sub(1).map(|index| place(1, index)).transpose()
}
