//! The published vectors of the RFC 6962 tree, where they are at hand.

use nattoku_ledger::{Frontier, Hash};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::vectors::{bytes, vectors};

fn hash(hex: &Value) -> Hash {
    hex.as_str().unwrap().parse().unwrap()
}

#[test]
fn leaves_nodes_and_roots() {
    let Some(v) = vectors("rfc6962-tree/tree.json") else { return };
    let leaves: Vec<Hash> =
        v["leaf_inputs_hex"].as_array().unwrap().iter().map(|leaf| Hash::of_leaf(&bytes(leaf))).collect();
    let mut level = leaves.clone();
    for wanted in v["node_hashes_hex_by_level"].as_array().unwrap() {
        let wanted: Vec<Hash> = wanted.as_array().unwrap().iter().map(hash).collect();
        assert_eq!(level, wanted);
        level = level.as_chunks::<2>().0.iter().map(|[left, right]| Hash::of_node(left, right)).collect();
    }
    let mut tree = Frontier::new();
    for (size, root) in v["root_hash_hex_by_size"].as_array().unwrap().iter().enumerate() {
        assert_eq!(tree.root(), hash(root), "size {size}");
        if let Some(leaf) = leaves.get(size) {
            tree.append(*leaf);
        }
    }
}

#[test]
fn hasher_cases() {
    let Some(v) = vectors("rfc6962-tree/tree.json") else { return };
    for case in v["hasher"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str().unwrap_or_default().as_bytes().to_vec();
        let data = if case["data_hex"].is_string() { bytes(&case["data_hex"]) } else { text("data_utf8") };
        let got = match case["op"].as_str().unwrap() {
            "empty_root" => Hash::of_empty_tree(),
            "leaf" => Hash::of_leaf(&data),
            // Its two children are words and not hashes, which our type does not admit; the nodes above cover the rule.
            "node" => continue,
            other => panic!("unknown case `{other}`"),
        };
        assert_eq!(got, hash(&case["want"]), "{case}");
    }
}

/// Every valid subtree of a tree of 130 leaves, digested into one hash.
#[test]
fn every_subtree_of_130_leaves() {
    let Some(v) = vectors("rfc6962-tree/tree.json") else { return };
    let wanted = v["accumulated"].as_array().unwrap().iter().find(|a| a["name"] == "subtree_hash").unwrap();
    let mut digest = Sha256::new();
    for end in 0..=130_u64 {
        for start in 0..=end {
            // Valid: the start is a multiple of the smallest power of two that holds the subtree.
            let width = (end - start).max(1).next_power_of_two();
            if start % width != 0 {
                continue;
            }
            let mut tree = Frontier::new();
            (start..end).for_each(|i| tree.append(Hash::of_leaf(&[u8::try_from(i).unwrap()])));
            digest.update(format!("[{start}, {end}) {}\n", tree.root()));
        }
    }
    assert_eq!(Hash(digest.finalize().into()), hash(&wanted["want_sha256"]));
}
