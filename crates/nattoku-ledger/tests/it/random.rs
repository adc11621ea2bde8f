//! Proofs of trees drawn at random verify, and nothing that differs from them in one bit does.

use nattoku_ledger::{Hash, Tree, consistency, inclusion};
use proptest::prelude::*;

use crate::support::Log;

/// The proof with one bit turned; `bit` counts through all of its bits.
fn turned(proof: &[Hash], bit: usize) -> Vec<Hash> {
    let mut proof = proof.to_vec();
    let place = bit / 8;
    proof[place / 32].0[place % 32] ^= 1 << (bit % 8);
    proof
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn inclusion_in_a_tree_of_any_size((size, index) in (1..700_u64).prop_flat_map(|n| (Just(n), 0..n)), bit: u16) {
        let log = Log::new(size);
        let (leaf, root) = (log.leaf(index), log.tree(size).root);
        let proof = inclusion::prove(index, size, &mut log.nodes()).unwrap().unwrap();
        prop_assert_eq!(inclusion::verify(leaf, index, size, &proof, root), Ok(()));
        if !proof.is_empty() {
            let turned = turned(&proof, usize::from(bit) % (proof.len() * 256));
            prop_assert!(inclusion::verify(leaf, index, size, &turned, root).is_err());
            prop_assert!(inclusion::verify(leaf, index, size, &proof[1..], root).is_err());
        }
        let longer = [proof.as_slice(), &[root]].concat();
        prop_assert!(inclusion::verify(leaf, index, size, &longer, root).is_err());
        // One leaf further, or in a tree of another height, the same way leads elsewhere.
        prop_assert!(inclusion::verify(leaf, index ^ 1, size, &proof, root).is_err() || size == 1);
        prop_assert!(inclusion::verify(leaf, index, size * 2 + 1, &proof, root).is_err());
        prop_assert_eq!(inclusion::prove(size, size, &mut log.nodes()), Ok(None));
    }

    #[test]
    fn consistency_of_trees_of_any_sizes((new, old) in (1..700_u64).prop_flat_map(|n| (Just(n), 0..=n)), bit: u16) {
        let log = Log::new(new);
        let (older, newer) = (log.tree(old), log.tree(new));
        let proof = consistency::prove(old, new, &mut log.nodes()).unwrap().unwrap();
        prop_assert_eq!(consistency::verify(older, newer, &proof), Ok(()));
        if !proof.is_empty() {
            let turned = turned(&proof, usize::from(bit) % (proof.len() * 256));
            prop_assert!(consistency::verify(older, newer, &turned).is_err());
            prop_assert!(consistency::verify(older, newer, &proof[1..]).is_err());
        }
        let other = |tree: Tree| Tree { root: turned(&[tree.root], usize::from(bit) % 256)[0], ..tree };
        prop_assert!(consistency::verify(other(older), newer, &proof).is_err());
        // Whoever starts from nothing learns nothing of the newer tree: every root continues the empty one.
        prop_assert!(old == 0 || consistency::verify(older, other(newer), &proof).is_err());
        prop_assert!(consistency::verify(newer, older, &proof).is_err() || old == new);
        prop_assert_eq!(consistency::prove(new + 1, new, &mut log.nodes()), Ok(None));
    }
}
