//! Other people's implementations: they verify ours, and ours verifies theirs.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use nattoku_ledger::{Checkpoint, Hash, Kind, Note, Tile, Tree, consistency, inclusion};
use sha2::Sha256;
use signed_note::{Note as TheirNote, StandardVerifier, VerifierList};

use crate::support::{Log, entry, key};

#[test]
fn ct_merkle_and_we_take_each_others_proofs() {
    let log = Log::new(120);
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots: Vec<RootHash<Sha256>> = vec![theirs.root()];
    for size in 1..=120_u64 {
        theirs.push(entry(size - 1));
        roots.push(theirs.root());
        let tree = log.tree(size);
        assert_eq!(theirs.root().as_bytes().as_slice(), tree.root.0);
        for index in (0..size).step_by(7) {
            let ours = inclusion::prove(index, size, &mut log.nodes()).unwrap().unwrap();
            let theirs_made = theirs.prove_inclusion(usize::try_from(index).unwrap());
            let bytes: Vec<u8> = ours.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(theirs_made.as_bytes(), bytes);
            let read = InclusionProof::<Sha256>::try_from_bytes(bytes).unwrap();
            theirs.root().verify_inclusion(&entry(index), index, &read).unwrap();
            let read: Vec<Hash> =
                theirs_made.as_bytes().as_chunks::<32>().0.iter().copied().map(Hash).collect();
            assert_eq!(inclusion::verify(log.leaf(index), index, size, &read, tree.root), Ok(()));
        }
        for old in (1..size).step_by(5) {
            let ours = consistency::prove(old, size, &mut log.nodes()).unwrap().unwrap();
            let bytes: Vec<u8> = ours.iter().flat_map(|hash| hash.0).collect();
            let theirs_made = theirs.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(theirs_made.as_bytes(), bytes);
            let read = ConsistencyProof::<Sha256>::try_from_bytes(bytes).unwrap();
            theirs.root().verify_consistency(&roots[usize::try_from(old).unwrap()], &read).unwrap();
            assert_eq!(consistency::verify(log.tree(old), tree, &ours), Ok(()));
        }
    }
}

#[test]
fn azul_checks_our_proofs() {
    use tlog_tiles::{Hash as Theirs, check_record, check_tree};
    let log = Log::new(300);
    let tree = log.tree(300);
    for index in (0..300).step_by(11) {
        let ours = inclusion::prove(index, 300, &mut log.nodes()).unwrap().unwrap();
        let proof: Vec<Theirs> = ours.iter().map(|hash| Theirs(hash.0)).collect();
        check_record(&proof, 300, Theirs(tree.root.0), index, Theirs(log.leaf(index).0)).unwrap();
        assert!(
            check_record(&proof, 300, Theirs(tree.root.0), index, Theirs(log.leaf(index ^ 1).0)).is_err()
        );
    }
    for old in (1..=300).step_by(13) {
        let ours = consistency::prove(old, 300, &mut log.nodes()).unwrap().unwrap();
        let proof: Vec<Theirs> = ours.iter().map(|hash| Theirs(hash.0)).collect();
        check_tree(&proof, 300, Theirs(tree.root.0), old, Theirs(log.tree(old).root.0)).unwrap();
    }
}

#[test]
fn azul_names_the_same_tiles() {
    for (old, new) in [(0, 1), (0, 70_000), (255, 256), (300, 66_000)] {
        // They write the height of tiles as well, which C2SP fixed at 8.
        let path = |tile: &tlog_tiles::Tile| tile.path().replacen("tile/8/", "tile/", 1);
        let mut theirs: Vec<String> = tlog_tiles::Tile::new_tiles(8, old, new).iter().map(path).collect();
        let mut ours: Vec<String> = Tile::since(old, new)
            .filter(|tile| tile.row != nattoku_ledger::Row::Entries)
            .map(|tile| tile.to_string())
            .collect();
        theirs.sort();
        ours.sort();
        assert_eq!(ours, theirs, "{old} to {new}");
    }
}

#[test]
fn azul_opens_our_checkpoints_and_we_open_theirs() {
    let log = key("example.jp/log", Kind::Ed25519);
    let tree = Tree { size: 13, root: Log::new(13).tree(13).root };
    let mut note = Note::new(Checkpoint::of("example.jp/log", tree).to_string()).unwrap();
    note.sign(&log, 0).unwrap();
    let theirs = TheirNote::from_bytes(note.to_string().as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&log.verifying_key().to_string()).unwrap();
    let (verified, unverified) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    let read = tlog_tiles::Checkpoint::from_bytes(theirs.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), ("example.jp/log", 13, tree.root.0));

    let text = tlog_tiles::Checkpoint::new("example.jp/log", 13, tlog_tiles::Hash(tree.root.0), "").unwrap();
    let mut signed = TheirNote::new(&text.to_bytes(), &[]).unwrap();
    let signer = signed_note::StandardSigner::new(&log.to_private_text()).unwrap();
    signed.add_sigs(&[&signer]).unwrap();
    let (opened, _) = Checkpoint::open(&signed.to_bytes(), log.verifying_key(), &[]).unwrap();
    assert_eq!(opened.tree(), tree);
    assert_eq!(signed.to_bytes(), note.to_string().into_bytes(), "both sign to the same bytes");
}
