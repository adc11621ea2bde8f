//! A whole log as another implementation wrote it: our code reads its checkpoints, tiles and bundles, and makes its proofs.

use std::path::Path;

use nattoku_ledger::{
    Bundle, Checkpoint, Hash, LogProof, LogProofError, Row, Tile, TileNodes, VerifyingKey, consistency,
    inclusion, node,
};

use crate::vectors::{path, vectors};

fn checkpoint(folder: &Path, size: u64, key: &VerifyingKey) -> (Checkpoint, String) {
    let signed = std::fs::read_to_string(folder.join(format!("checkpoint.{size}"))).unwrap();
    (Checkpoint::open(signed.as_bytes(), key, &[]).unwrap().0, signed)
}

#[test]
fn checkpoints_tiles_and_proofs_of_a_log_of_tessera() {
    let Some(folder) = path("tessera-log") else { return };
    let about = vectors("tessera-log/log.json").unwrap();
    let key: VerifyingKey = about["vkey"].as_str().unwrap().parse().unwrap();
    let proofs = vectors("tlog-proof/tessera-proofs.json").unwrap();
    let proofs = proofs["proofs"].as_array().unwrap();
    let mut n_proofs = 0;
    for size in 0..=15 {
        let (signed, text) = checkpoint(&folder, size, &key);
        let fetch = |tile: Tile| std::fs::read(folder.join(tile.to_string()));
        let mut tiles = TileNodes::new(size, fetch);
        assert_eq!((signed.size, signed.root), (size, node::root(size, &mut tiles).unwrap()));
        let leaves =
            Tile::holding(Row::Entries, 0, size).map(|tile| fetch(tile).unwrap()).unwrap_or_default();
        let leaves = Bundle::leaves(&leaves).unwrap();
        assert_eq!(leaves.len() as u64, size);
        for (index, leaf) in (0..).zip(leaves) {
            assert_eq!(Some(leaf), about["entries_utf8"][index].as_str().map(str::as_bytes));
            // The proof that we make is the one that an independent program made, to the byte.
            let hashes = inclusion::prove(index as u64, size, &mut tiles).unwrap().unwrap();
            let made = LogProof { extra: None, index: index as u64, hashes, checkpoint: text.clone() };
            let published = proofs.iter().find(|p| p["size"] == size && p["index"] == index).unwrap();
            assert_eq!(made.to_string(), published["tlog_proof"].as_str().unwrap());
            let read = LogProof::parse(&made.to_string()).unwrap();
            assert_eq!(read.verify(Hash::of_leaf(leaf), &key, &[]).unwrap().0, signed);
            assert!(read.verify(Hash::of_leaf(b"forged"), &key, &[]).is_err());
            n_proofs += 1;
        }
        for old in 0..=size {
            let proof = consistency::prove(old, size, &mut tiles).unwrap().unwrap();
            let (older, _) = checkpoint(&folder, old, &key);
            assert_eq!(consistency::verify(older.tree(), signed.tree(), &proof), Ok(()), "{old} to {size}");
        }
    }
    assert_eq!(n_proofs, proofs.len());
}

#[test]
fn malformed_proofs_are_refused() {
    let Some(v) = vectors("tlog-proof/parse.json") else { return };
    for case in v["bad"].as_array().unwrap() {
        let parsed = LogProof::parse(case["proof"].as_str().unwrap());
        assert!(matches!(parsed, Err(LogProofError::Shape(_))), "{}", case["name"]);
    }
}
