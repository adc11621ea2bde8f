//! The Merkle tree's right edge: what is needed to append a leaf and to know the root, and no more.

use std::fmt;

use crate::hash::{HASH_BYTES, Hash};
use crate::node::Node;

/// The roots of the perfect subtrees that a tree of some size is made of, largest (leftmost) first.
///
/// A tree of 13 = 8 + 4 + 1 leaves has three of them. There are never more than 64, so appending and finding the root
/// cost a few hashes whatever the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash ([`Hash::of_leaf`]).
    pub fn append(&mut self, leaf: Hash) {
        self.append_noting(leaf, |_, _| ());
    }

    /// Appends a leaf by its hash, and tells every perfect subtree of two leaves or more that it completes, smallest first.
    pub fn append_noting(&mut self, leaf: Hash, mut completed: impl FnMut(Node, Hash)) {
        let mut node = leaf;
        // Each trailing one bit of the size is a perfect subtree that the new leaf completes into a larger one.
        for level in (1..=64_u8).take(self.size.trailing_ones() as usize) {
            if let Some(left) = self.peaks.pop() {
                node = Hash::of_node(&left, &node);
                completed(Node { level, index: self.size.unbounded_shr(level.into()) }, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root of the tree over every leaf appended (RFC 6962, 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        let from_the_right = self.peaks.iter().rev().copied();
        from_the_right.reduce(|right, left| Hash::of_node(&left, &right)).unwrap_or_else(Hash::of_empty_tree)
    }

    /// The peaks, one after the other, 32 bytes each, largest subtree first; the size is kept beside them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| peak.0).collect()
    }

    /// Reads what [`Frontier::to_bytes`] wrote for a tree of `size` leaves.
    ///
    /// # Errors
    /// The number of bytes is not what a tree of that size has.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, FrontierError> {
        let (peaks, rest) = bytes.as_chunks::<HASH_BYTES>();
        if !rest.is_empty() || u32::try_from(peaks.len()) != Ok(size.count_ones()) {
            return Err(FrontierError { size, n_bytes: bytes.len() });
        }
        Ok(Self { size, peaks: peaks.iter().copied().map(Hash).collect() })
    }
}

/// The bytes cannot be the frontier of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontierError {
    /// The number of leaves that was told.
    pub size: u64,
    /// The number of bytes that came with it.
    pub n_bytes: usize,
}

impl fmt::Display for FrontierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.size.count_ones() as usize * HASH_BYTES;
        write!(f, "the frontier of a tree of {} leaves has {expected} bytes, not {}", self.size, self.n_bytes)
    }
}

impl std::error::Error for FrontierError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962's own definition, word for word: split at the largest power of two below the size.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of_empty_tree(),
            [leaf] => *leaf,
            _ => {
                let split = 1 << (leaves.len() - 1).ilog2();
                let (left, right) = leaves.split_at(split);
                Hash::of_node(&root_by_definition(left), &root_by_definition(right))
            }
        }
    }

    #[test]
    fn the_root_is_what_the_definition_gives_at_every_size() {
        let leaves: Vec<Hash> = (0..=255_u8).map(|i| Hash::of_leaf(&[i])).collect();
        let mut tree = Frontier::new();
        for (i, leaf) in leaves.iter().enumerate() {
            assert_eq!(tree.root(), root_by_definition(&leaves[..i]), "size {i}");
            tree.append(*leaf);
            assert_eq!(Frontier::from_bytes(tree.size(), &tree.to_bytes()).as_ref(), Ok(&tree));
        }
    }

    #[test]
    fn every_subtree_is_told_once_with_what_it_hashes_to() {
        let leaves: Vec<Hash> = (0..200_u8).map(|i| Hash::of_leaf(&[i])).collect();
        let mut tree = Frontier::new();
        let mut told = Vec::new();
        for leaf in &leaves {
            tree.append_noting(*leaf, |node, hash| told.push((node, hash)));
        }
        assert_eq!(told.len(), 100 + 50 + 25 + 12 + 6 + 3 + 1);
        for (node, hash) in told {
            let width = 1 << node.level;
            let first = usize::try_from(node.index).unwrap() * width;
            assert_eq!(hash, root_by_definition(&leaves[first..first + width]), "{node:?}");
        }
    }

    #[test]
    fn a_frontier_of_the_wrong_length_is_refused() {
        assert!(Frontier::from_bytes(3, &[0; 64]).is_ok());
        for (size, n_bytes) in [(0, 32), (1, 0), (1, 31), (3, 32), (4, 64)] {
            assert_eq!(Frontier::from_bytes(size, &vec![0; n_bytes]), Err(FrontierError { size, n_bytes }));
        }
    }
}
