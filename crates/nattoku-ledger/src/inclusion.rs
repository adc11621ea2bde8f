//! Proofs that a leaf is in a tree (RFC 6962, 2.1.1; RFC 9162, 2.1.3).

use crate::hash::Hash;
use crate::node::{Nodes, Range};
use crate::proof::ProofError;

/// Makes the proof that the leaf of `index`, from 0, is in the tree of the first `size` leaves: the hash nearest to the leaf
/// first. Nothing where the tree has no such leaf.
///
/// # Errors
/// What the source of hashes answers.
pub fn prove<N: Nodes + ?Sized>(index: u64, size: u64, nodes: &mut N) -> Result<Option<Vec<Hash>>, N::Error> {
    if index >= size {
        return Ok(None);
    }
    let mut siblings = Vec::with_capacity(64);
    let mut range = Range { start: 0, end: size };
    while let Some((left, right)) = range.split() {
        let sibling;
        (range, sibling) = if index < left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
    }
    siblings.into_iter().rev().map(|sibling| sibling.root(nodes)).collect::<Result<_, _>>().map(Some)
}

/// The root that a proof leads to, from the hash of the leaf of `index` in a tree of `size` leaves.
///
/// # Errors
/// There is no such leaf, or the proof has another length than one of it has.
pub fn root(leaf: Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTheTree { index, size });
    }
    let wrong_length = ProofError::WrongLength { found: proof.len() };
    let (mut node, mut last) = (index, size - 1);
    let mut root = leaf;
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if node % 2 == 1 || node == last {
            root = Hash::of_node(sibling, &root);
            // The last node of a level that has no sibling goes up unchanged until it has one.
            let ups = if node % 2 == 0 { node.trailing_zeros() } else { 0 };
            (node, last) = (node.unbounded_shr(ups), last.unbounded_shr(ups));
        } else {
            root = Hash::of_node(&root, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 { Ok(root) } else { Err(wrong_length) }
}

/// Whether a proof shows that the leaf is in the tree with this root.
///
/// # Errors
/// It does not, and why.
pub fn verify(leaf: Hash, index: u64, size: u64, proof: &[Hash], tree_root: Hash) -> Result<(), ProofError> {
    if root(leaf, index, size, proof)? == tree_root { Ok(()) } else { Err(ProofError::WrongRoot) }
}
