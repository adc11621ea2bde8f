//! The ledger as a log that outsiders check: its tree, proofs and tiles, out of what any store gives of leaves and kept nodes.
//!
//! What a tree of some size has never changes again, so that reads one after another need not see the same revision.

use std::collections::HashMap;

use nattoku_ledger::{Bundle, Hash, Node, Nodes, Row, Tile, consistency, inclusion, node};
use nattoku_model::Revision;

use crate::error::StoreError;
use crate::nodes::{GROUP, STEP};
use crate::store::Store;

impl dyn Store + '_ {
    /// The root of the tree over the first `size` events; none where there are fewer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn root_at(&self, size: u64) -> Result<Option<Hash>, StoreError> {
        self.log(size)?.map(|mut nodes| node::root(size, &mut nodes)).transpose()
    }

    /// The proof that the event at a revision is in the tree over the first `size` events; none where it is not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn inclusion_proof(&self, revision: Revision, size: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        let Some(index) = revision.0.checked_sub(1) else { return Ok(None) };
        let proof = self.log(size)?.map(|mut nodes| inclusion::prove(index, size, &mut nodes));
        Ok(proof.transpose()?.flatten())
    }

    /// The proof that the tree over the first `new` events continues that over the first `old`; none where there are fewer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, StoreError> {
        let proof = self.log(new)?.map(|mut nodes| consistency::prove(old, new, &mut nodes));
        Ok(proof.transpose()?.flatten())
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
                let hashes = read(self, level.saturating_mul(2), tile.first(), tile.width)?;
                Ok(Some(hashes.into_iter().flat_map(|hash| hash.0).collect()))
            }
        }
    }

    /// The nodes of a tree of `size` events, where the ledger is that long.
    fn log(&self, size: u64) -> Result<Option<StoredNodes<'_>>, StoreError> {
        let has = self.revision()?.0;
        Ok((size <= has).then(|| StoredNodes { store: self, size, groups: HashMap::new() }))
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

/// The nodes of the tree over the first `size` events, read where they are kept and computed where they are not.
struct StoredNodes<'s> {
    store: &'s dyn Store,
    size: u64,
    /// What was read: the nodes below one kept node, by the step of their level and the number of the group.
    groups: HashMap<(u8, u64), Vec<Hash>>,
}

impl StoredNodes<'_> {
    /// The nodes of a kept level that lie below one of the next, as far as the tree has them.
    fn group(&mut self, step: u8, group: u64) -> Result<&[Hash], StoreError> {
        if !self.groups.contains_key(&(step, group)) {
            let first = group.saturating_mul(GROUP.into());
            let n_level = self.size.unbounded_shr(u32::from(STEP) * u32::from(step));
            let wanted = n_level.saturating_sub(first).min(GROUP.into());
            let hashes = read(self.store, step, first, u16::try_from(wanted).unwrap_or(GROUP))?;
            self.groups.insert((step, group), hashes);
        }
        Ok(self.groups.get(&(step, group)).map(Vec::as_slice).unwrap_or_default())
    }
}

impl Nodes for StoredNodes<'_> {
    type Error = StoreError;

    fn node(&mut self, node: Node) -> Result<Hash, StoreError> {
        let outside = || StoreError::Corrupt {
            what: format!("the tree has no node {} of level {}", node.index, node.level),
        };
        let (step, above) = (node.level / STEP, node.level % STEP);
        let first = node.index.checked_mul(1 << above).ok_or_else(outside)?;
        let start = usize::try_from(first % u64::from(GROUP)).unwrap_or_default();
        let group = self.group(step, first / u64::from(GROUP))?;
        let below = group.get(start..start + (1 << above)).ok_or_else(outside)?;
        Ok(root_of(below))
    }
}

/// The hashes of consecutive nodes of a kept level, all of which the tree must have.
fn read(store: &dyn Store, step: u8, first: u64, count: u16) -> Result<Vec<Hash>, StoreError> {
    let kept = store.kept_nodes(step, first, count)?;
    let below = |index: u64, count: u16| -> Result<Vec<Hash>, StoreError> {
        let step = step.checked_sub(1).ok_or_else(|| StoreError::Corrupt {
            what: format!("of revisions {} to {} some are missing", index + 1, index + u64::from(count)),
        })?;
        read(store, step, index.saturating_mul(GROUP.into()), count * GROUP)
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
