//! Our own vectors. They never change: a ledger written by any version must verify for ever.

use nattoku_ledger::{
    AddCheckpoint, Checkpoint, Frontier, Hash, Kind, LogProof, Note, consistency, inclusion,
};
use sha2::{Digest, Sha256};

use crate::support::{Log, key};

#[test]
fn roots_of_the_first_sizes() {
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701",
        "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0",
        "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19",
    ];
    let mut tree = Frontier::new();
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(tree.root().to_string(), *root, "size {size}");
        tree.append(Hash::of_leaf(format!("entry {size}").as_bytes()));
    }
}

#[test]
fn root_and_frontier_of_a_thousand_and_one_leaves() {
    let mut tree = Frontier::new();
    (0..1001).for_each(|i| tree.append(Hash::of_leaf(format!("entry {i}").as_bytes())));
    assert_eq!(tree.root().to_string(), "2db57b71438dea9a9a9d54fbdb87504ef71fed3bd63ede8208fc2f1363b6636b");
    assert_eq!(tree.to_bytes().len(), 7 * 32);
}

/// A log of 300 leaves: its checkpoint, a proof of a leaf and of consistency, by a key that everybody knows.
#[test]
fn a_checkpoint_and_proofs() {
    let log = Log::new(300);
    let signer = key("nattoku.example/golden", Kind::Ed25519);
    let witness = key("nattoku.example/witness", Kind::CosignatureEd25519);
    let private = "PRIVATE+KEY+nattoku.example/golden+9e9b20fe+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
    assert_eq!(signer.to_private_text(), private);
    let mut note = Note::new(Checkpoint::of("nattoku.example/golden", log.tree(300)).to_string()).unwrap();
    note.sign(&signer, 0).unwrap();
    note.sign(&witness, 1_790_000_000).unwrap();
    let hashes = inclusion::prove(297, 300, &mut log.nodes()).unwrap().unwrap();
    let proof = LogProof { extra: None, index: 297, hashes, checkpoint: note.to_string() };
    assert_eq!(proof.to_string(), include_str!("golden/297-of-300.tlog-proof"));
    let proof = consistency::prove(133, 300, &mut log.nodes()).unwrap().unwrap();
    let checkpoint = Checkpoint::of("nattoku.example/golden", log.tree(300));
    let request = AddCheckpoint { old: 133, proof, note, checkpoint };
    assert_eq!(request.to_string(), include_str!("golden/133-to-300.add-checkpoint"));
}

/// ML-DSA-44 signs deterministically here, so its bytes are frozen by their digest.
#[test]
fn a_cosignature_by_ml_dsa() {
    let witness = key("nattoku.example/witness", Kind::CosignatureMlDsa44);
    let mut note =
        Note::new(Checkpoint::of("nattoku.example/golden", Log::new(300).tree(300)).to_string()).unwrap();
    note.sign(&witness, 1_790_000_000).unwrap();
    let digest = Hash(Sha256::digest(note.to_string()).into());
    assert_eq!(digest.to_string(), "cdd91f2982316128fd148ca0295ffd1b0f256fee4b6dfcf6625984fc7b090b7a");
}
