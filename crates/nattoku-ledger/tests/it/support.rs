//! A log made for tests.

use std::convert::Infallible;

use nattoku_ledger::{Frontier, Hash, Kind, Node, SigningKey, Tree};

/// The leaves of a log, and every node by its definition.
pub(crate) struct Log {
    leaves: Vec<Hash>,
}

impl Log {
    pub(crate) fn new(n_leaves: u64) -> Self {
        Self { leaves: (0..n_leaves).map(|i| Hash::of_leaf(&entry(i))).collect() }
    }

    pub(crate) fn leaf(&self, index: u64) -> Hash {
        self.leaves[usize::try_from(index).unwrap()]
    }

    /// The tree of the first `size` leaves.
    pub(crate) fn tree(&self, size: u64) -> Tree {
        let mut tree = Frontier::new();
        self.leaves[..usize::try_from(size).unwrap()].iter().for_each(|leaf| tree.append(*leaf));
        Tree { size, root: tree.root() }
    }

    pub(crate) fn nodes(&self) -> impl FnMut(Node) -> Result<Hash, Infallible> {
        |node| {
            let range = usize::try_from(node.index << node.level).unwrap()
                ..usize::try_from((node.index + 1) << node.level).unwrap();
            let mut tree = Frontier::new();
            self.leaves[range].iter().for_each(|leaf| tree.append(*leaf));
            Ok(tree.root())
        }
    }
}

/// The bytes of a leaf.
pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// A key that everybody knows.
pub(crate) fn key(name: &str, kind: Kind) -> SigningKey {
    SigningKey::new(name, kind, [7; 32]).unwrap()
}
