//! Nodes of the tree by their place, and what larger ranges hash to when the hashes of nodes are at hand.

use crate::hash::Hash;

/// A perfect subtree: the `index`-th of those that have 2^`level` leaves. Level 0 is the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// How many times it was doubled: it has 2^`level` leaves.
    pub level: u8,
    /// Which of its level it is, from 0 at the left.
    pub index: u64,
}

/// Where the hashes of perfect subtrees come from: a table, tiles, a tree in memory.
///
/// A closure from [`Node`] to a hash is one. Only nodes that lie whole within the tree are ever asked for.
pub trait Nodes {
    /// Why a hash could not be had.
    type Error;

    /// The root of the subtree.
    ///
    /// # Errors
    /// What the source answers.
    fn node(&mut self, node: Node) -> Result<Hash, Self::Error>;
}

impl<E, F: FnMut(Node) -> Result<Hash, E>> Nodes for F {
    type Error = E;

    fn node(&mut self, node: Node) -> Result<Hash, E> {
        self(node)
    }
}

/// Leaves `start` to `end`, without the last, where `start` is a multiple of a power of two that holds them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Range {
    /// Splits a range of two leaves or more as RFC 6962 does: at the largest power of two below its length.
    pub(crate) fn split(self) -> Option<(Self, Self)> {
        let length = self.end.checked_sub(self.start).filter(|length| *length > 1)?;
        let middle = self.start + (1 << (length - 1).ilog2());
        Some((Self { end: middle, ..self }, Self { start: middle, ..self }))
    }

    /// The perfect subtrees that make it up, largest first.
    fn nodes(self) -> impl DoubleEndedIterator<Item = Node> {
        let length = self.end.saturating_sub(self.start);
        let levels = (0..64_u8).rev().filter(move |level| length >> level & 1 == 1);
        levels.map(move |level| {
            // What is larger than this one stands before it.
            let before = if level == 63 { 0 } else { length >> (level + 1) << (level + 1) };
            Node { level, index: (self.start + before) >> level }
        })
    }

    /// What it hashes to.
    pub(crate) fn root<N: Nodes + ?Sized>(self, nodes: &mut N) -> Result<Hash, N::Error> {
        let mut root = None;
        for node in self.nodes().rev() {
            let left = nodes.node(node)?;
            root = Some(root.map_or(left, |right| Hash::of_node(&left, &right)));
        }
        Ok(root.unwrap_or_else(Hash::of_empty_tree))
    }
}

/// The root of the tree over the first `size` leaves.
///
/// # Errors
/// What the source of hashes answers.
pub fn root<N: Nodes + ?Sized>(size: u64, nodes: &mut N) -> Result<Hash, N::Error> {
    Range { start: 0, end: size }.root(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Frontier;

    #[test]
    fn the_root_of_a_range_is_that_of_a_tree_over_its_leaves_alone() {
        let leaf = |i: u64| Hash::of_leaf(&i.to_be_bytes());
        let mut nodes = |node: Node| {
            let mut tree = Frontier::new();
            (node.index << node.level..(node.index + 1) << node.level).for_each(|i| tree.append(leaf(i)));
            Ok::<_, ()>(tree.root())
        };
        for (start, end) in [(0, 0), (0, 1), (0, 13), (16, 23), (8, 16), (32, 63)] {
            let mut tree = Frontier::new();
            (start..end).for_each(|i| tree.append(leaf(i)));
            assert_eq!(Range { start, end }.root(&mut nodes), Ok(tree.root()), "[{start}, {end})");
        }
    }

    #[test]
    fn a_range_over_all_numbers_is_split_and_made_up() {
        let all = Range { start: 0, end: u64::MAX };
        assert_eq!(all.nodes().count(), 64);
        assert_eq!(all.split().map(|(left, _)| left.end), Some(1 << 63));
        assert_eq!(Range { start: 4, end: 5 }.split(), None);
    }
}
