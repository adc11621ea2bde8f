//! The ledger as a log that outsiders check: its tree, proofs and tiles, out of what any store gives of leaves and kept nodes.
//!
//! What a tree of some size has never changes again, so that reads one after another need not see the same revision.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_ledger::{Bundle, Hash, Node, Nodes, Row, Tile, consistency, inclusion, node};
use nattoku_model::Revision;

use crate::error::StoreError;
use crate::nodes::{GROUP, NodeRange, STEP};
use crate::store::Store;

impl dyn Store + '_ {
    /// The root of the tree over the first `size` events; none where there are fewer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn root_at(&self, size: u64) -> Result<Option<Hash>, StoreError> {
        self.of_log(size, |nodes| node::root(size, nodes))
    }

    /// The proof that the event at a revision is in the tree over the first `size` events; none where it is not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn inclusion_proof(&self, revision: Revision, size: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        let Some(index) = revision.0.checked_sub(1) else { return Ok(None) };
        Ok(self.of_log(size, |nodes| inclusion::prove(index, size, nodes))?.flatten())
    }

    /// The proof that the tree over the first `new` events continues that over the first `old`; none where there are fewer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        Ok(self.of_log(new, |nodes| consistency::prove(old, new, nodes))?.flatten())
    }

    /// The bytes of a tile or of a bundle of leaves; none where the ledger has not all of it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        if !tile.is_of(self.revision()?.0) {
            return Ok(None);
        }
        match tile.row {
            Row::Entries => bundle(tile, &self.leaves(tile.first(), tile.width)?).map(Some),
            // A tile has a level for every eight of the tree, of which every fourth is kept.
            Row::Hashes(level) => {
                let range =
                    NodeRange { step: level.saturating_mul(2), first: tile.first(), count: tile.width };
                let hashes = read(self, range)?;
                Ok(Some(hashes.into_iter().flat_map(|hash| hash.0).collect()))
            }
        }
    }

    /// What something computes from the nodes of the tree over the first `size` events, where the ledger is that long.
    ///
    /// It is done twice: first for nothing, to learn which nodes it asks for, so that all of them are read at once.
    fn of_log<T>(
        &self,
        size: u64,
        compute: impl Fn(&mut dyn Nodes<Error = StoreError>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        if size > self.revision()?.0 {
            return Ok(None);
        }
        let mut wanted = BTreeSet::new();
        compute(&mut |node: Node| {
            wanted.insert(group_of(node));
            Ok(Hash::of_empty_tree())
        })?;
        let groups = read_groups(self, size, wanted)?;
        compute(&mut StoredNodes { groups }).map(Some)
    }
}

fn bundle(tile: Tile, leaves: &[Vec<u8>]) -> Result<Vec<u8>, StoreError> {
    if leaves.len() != usize::from(tile.width) {
        let (first, end) = (tile.first() + 1, tile.first() + u64::from(tile.width));
        return Err(StoreError::Corrupt { what: format!("of revisions {first} to {end} some are missing") });
    }
    let mut bundle = Bundle::default();
    for leaf in leaves {
        bundle.push(leaf).map_err(|error| StoreError::Corrupt { what: error.to_string() })?;
    }
    Ok(bundle.into_bytes())
}

/// The nodes of a kept level that lie below one of the next: the step of their level, and which of such groups they are.
type Group = (u8, u64);

/// Of which group a node is, or the kept nodes below it.
fn group_of(node: Node) -> Group {
    let (step, above) = (node.level / STEP, node.level % STEP);
    (step, node.index >> (STEP - above))
}

/// Groups of the tree over the first `size` events, each as far as that tree has it.
fn read_groups(
    store: &dyn Store,
    size: u64,
    wanted: BTreeSet<Group>,
) -> Result<BTreeMap<Group, Vec<Hash>>, StoreError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let range = |(step, group): &Group| {
        let first = group.saturating_mul(GROUP.into());
        let n_level = size.unbounded_shr(u32::from(STEP) * u32::from(*step));
        let count = n_level.saturating_sub(first).min(GROUP.into());
        NodeRange { step: *step, first, count: u16::try_from(count).unwrap_or(GROUP) }
    };
    let ranges: Vec<NodeRange> = wanted.iter().map(range).collect();
    let kept = store.kept_nodes(&ranges)?;
    let whole = ranges.into_iter().zip(kept).map(|(range, kept)| complete(store, range, kept));
    wanted.into_iter().zip(whole).map(|(group, hashes)| Ok((group, hashes?))).collect()
}

/// The nodes of a tree out of the groups that were read of it.
struct StoredNodes {
    groups: BTreeMap<Group, Vec<Hash>>,
}

impl Nodes for StoredNodes {
    type Error = StoreError;

    fn node(&mut self, node: Node) -> Result<Hash, StoreError> {
        let above = node.level % STEP;
        let group = self.groups.get(&group_of(node)).map(Vec::as_slice).unwrap_or_default();
        let start = usize::try_from((node.index << above) % u64::from(GROUP)).unwrap_or_default();
        let below = group.get(start..start + (1 << above)).ok_or_else(|| StoreError::Corrupt {
            what: format!("the tree has no node {} of level {}", node.index, node.level),
        })?;
        Ok(root_of(below))
    }
}

/// The hashes of consecutive nodes of a kept level, all of which the tree must have.
fn read(store: &dyn Store, range: NodeRange) -> Result<Vec<Hash>, StoreError> {
    let kept = store.kept_nodes(&[range])?.pop().unwrap_or_default();
    complete(store, range, kept)
}

/// What is kept of a range, with what is not kept computed from what lies below.
fn complete(store: &dyn Store, range: NodeRange, kept: Vec<Option<Hash>>) -> Result<Vec<Hash>, StoreError> {
    let NodeRange { step, first, count } = range;
    let below = |index: u64, count: u16| -> Result<Vec<Hash>, StoreError> {
        let step = step.checked_sub(1).ok_or_else(|| StoreError::Corrupt {
            what: format!("of revisions {} to {} some are missing", index + 1, index + u64::from(count)),
        })?;
        read(store, NodeRange { step, first: index.saturating_mul(GROUP.into()), count: count * GROUP })
    };
    // Where nothing is kept, as in a ledger of an earlier version, what lies below is read at once.
    if (1..=GROUP).contains(&count) && kept.iter().all(Option::is_none) {
        return Ok(below(first, count)?.chunks(GROUP.into()).map(root_of).collect());
    }
    let numbered = kept.into_iter().zip(first..);
    numbered
        .map(|(hash, index)| hash.map_or_else(|| below(index, 1).map(|hashes| root_of(&hashes)), Ok))
        .collect()
}

/// The root over hashes of which there are 1, 2, 4, 8 or 16.
fn root_of(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.as_chunks::<2>().0.iter().map(|[left, right]| Hash::of_node(left, right)).collect();
    }
    level.first().copied().unwrap_or_else(Hash::of_empty_tree)
}
