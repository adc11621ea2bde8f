//! Proofs that a tree continues an earlier one (RFC 6962, 2.1.2; RFC 9162, 2.1.4).

use crate::hash::Hash;
use crate::node::{Nodes, Range};
use crate::proof::ProofError;

/// A tree by its size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tree {
    /// How many leaves it has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Makes the proof that the tree of the first `new` leaves continues that of the first `old`: the hash nearest to the leaves
/// first. Nothing where the older one is larger. From the empty tree, and between equal trees, the proof is empty.
///
/// # Errors
/// What the source of hashes answers.
pub fn prove<N: Nodes + ?Sized>(old: u64, new: u64, nodes: &mut N) -> Result<Option<Vec<Hash>>, N::Error> {
    if old > new {
        return Ok(None);
    }
    if old == 0 || old == new {
        return Ok(Some(Vec::new()));
    }
    let mut siblings = Vec::with_capacity(64);
    let mut range = Range { start: 0, end: new };
    while range.end != old {
        let Some((left, right)) = range.split() else { break };
        let sibling;
        (range, sibling) = if old <= left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
    }
    // Where the older tree is itself a subtree of the newer, whoever checks has its root.
    if range.start != 0 {
        siblings.push(range);
    }
    siblings.into_iter().rev().map(|sibling| sibling.root(nodes)).collect::<Result<_, _>>().map(Some)
}

/// Whether a proof shows that `new` continues `old`.
///
/// # Errors
/// It does not, and why.
pub fn verify(old: Tree, new: Tree, proof: &[Hash]) -> Result<(), ProofError> {
    if old.size > new.size {
        return Err(ProofError::Shrunk { old: old.size, new: new.size });
    }
    let wrong_length = ProofError::WrongLength { found: proof.len() };
    let is_empty = |tree: &Tree| tree.size == 0 && tree.root == Hash::of_empty_tree();
    if old.size == 0 || old.size == new.size {
        let continues = if old.size == new.size { old.root == new.root } else { is_empty(&old) };
        return match (continues && (new.size > 0 || is_empty(&new)), proof.is_empty()) {
            (false, _) => Err(ProofError::WrongRoot),
            (true, false) => Err(wrong_length),
            (true, true) => Ok(()),
        };
    }
    let (mut node, mut last) = (old.size - 1, new.size - 1);
    let ups = node.trailing_ones();
    (node, last) = (node.unbounded_shr(ups), last.unbounded_shr(ups));
    // A perfect older tree is itself where the proof begins.
    let (first, rest) = if node == 0 {
        (old.root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(wrong_length)?;
        (*first, rest)
    };
    let (mut old_root, mut new_root) = (first, first);
    for sibling in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if node % 2 == 1 || node == last {
            old_root = Hash::of_node(sibling, &old_root);
            new_root = Hash::of_node(sibling, &new_root);
            let ups = if node % 2 == 0 { node.trailing_zeros() } else { 0 };
            (node, last) = (node.unbounded_shr(ups), last.unbounded_shr(ups));
        } else {
            new_root = Hash::of_node(&new_root, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_root == old.root && new_root == new.root { Ok(()) } else { Err(ProofError::WrongRoot) }
}
