//! The published proofs, most of them forged.

use nattoku_ledger::{Hash, Tree, consistency, inclusion};
use serde_json::Value;

use crate::vectors::{base64_hash, base64_hashes, vectors};

fn cases(file: &str) -> Option<Vec<Value>> {
    let cases = vectors(file)?;
    Some(cases.as_array().unwrap().clone())
}

/// What is not even a hash or a list of hashes is refused before it comes to a proof.
fn holds(case: &Value, verify: impl FnOnce() -> Option<bool>) {
    let wanted = !case["wantErr"].as_bool().unwrap();
    assert_eq!(verify().unwrap_or(false), wanted, "{} ({})", case["file"], case["desc"]);
}

#[test]
fn inclusion_proofs() {
    let Some(cases) = cases("rfc6962-proofs/inclusion.json") else { return };
    assert_eq!(cases.len(), 98);
    for case in cases {
        holds(&case, || {
            let (leaf, root) = (base64_hash(&case["leafHash"])?, base64_hash(&case["root"])?);
            let (index, size) = (case["leafIdx"].as_u64()?, case["treeSize"].as_u64()?);
            Some(inclusion::verify(leaf, index, size, &base64_hashes(&case["proof"])?, root).is_ok())
        });
    }
}

/// A leaf in a subtree is a leaf in a tree of the subtree's leaves. Which ranges are subtrees is the rule of the draft on
/// Merkle tree certificates, and not ours.
#[test]
fn inclusion_proofs_of_subtrees() {
    let Some(cases) = cases("rfc6962-proofs/subtreeinclusion.json") else { return };
    assert_eq!(cases.len(), 204);
    for case in cases {
        holds(&case, || {
            let (leaf, root) = (base64_hash(&case["leafHash"])?, base64_hash(&case["root"])?);
            let number = |name: &str| case[name].as_u64();
            let (index, start, end) = (number("leafIdx")?, number("start")?, number("end")?);
            let length = end.checked_sub(start).filter(|length| *length > 0)?;
            (start % length.checked_next_power_of_two()? == 0).then_some(())?;
            let proof = base64_hashes(&case["proof"])?;
            Some(inclusion::verify(leaf, index.checked_sub(start)?, length, &proof, root).is_ok())
        });
    }
}

#[test]
fn consistency_proofs() {
    let Some(cases) = cases("rfc6962-proofs/consistency.json") else { return };
    assert_eq!(cases.len(), 98);
    let mut differing = Vec::new();
    for case in cases {
        let verified = || {
            let tree = |size: &str, root: &str| {
                Some(Tree { size: case[size].as_u64()?, root: any_root(&case[root]) })
            };
            let (old, new) = (tree("size1", "root1")?, tree("size2", "root2")?);
            Some(consistency::verify(old, new, &base64_hashes(&case["proof"])?).is_ok())
        };
        if verified().unwrap_or(false) == case["wantErr"].as_bool().unwrap() {
            differing.push(case["file"].as_str().unwrap().to_owned());
        }
    }
    // From the empty tree the reference proves nothing; C2SP's witnesses take an empty proof, and so do we.
    assert_eq!(differing, ["consistency/additional/size1-is-zero-and-size2-is-not-zero.json"]);
}

/// A root; where the vector has one that matters to nobody and is no hash, a hash that is no root.
fn any_root(text: &Value) -> Hash {
    base64_hash(text).unwrap_or_else(|| Hash::of_leaf(text.as_str().unwrap_or_default().as_bytes()))
}
