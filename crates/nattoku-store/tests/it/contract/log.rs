//! The ledger as a log: its tree, proofs, tiles, and what opens a leaf.

use nattoku_ledger::{Bundle, Hash, Row, Tile, TileNodes, Tree, consistency, inclusion, node};
use nattoku_model::Revision;
use nattoku_store::{NodeRange, OpenMode, Store};

use super::World;
use super::transfer::erased;
use crate::support::{every_event, now};

/// Appends events about as many principals, in two batches, so that a subtree is completed by another append than it was begun
/// by.
pub(crate) fn fill(store: &dyn Store, n_events: u32) {
    let batch: Vec<_> = (0..n_events).map(|n| erased(&format!("p{n}"))).collect();
    let (first, second) = batch.split_at(batch.len() / 3);
    store.append(first, now(), false).unwrap();
    store.append(second, now(), false).unwrap();
}

fn leaf(store: &dyn Store, revision: u64) -> Hash {
    Hash::of_leaf(&store.opened_leaf(Revision(revision)).unwrap().unwrap().leaf)
}

/// Sizes at which a subtree ends, and those beside them.
const SIZES: [u64; 10] = [1, 15, 16, 17, 255, 256, 257, 512, 699, 700];

/// Everything that can be asked of a log of 700 events.
pub(crate) fn is_a_log(store: &dyn Store) {
    let tree = store.durable_tree().unwrap();
    assert_eq!((tree.size, tree.root), (700, store.stats().unwrap().root));
    for size in SIZES {
        let root = store.root_at(size).unwrap().unwrap();
        for revision in [1, size.min(2), size.div_ceil(2), size] {
            let proof = store.inclusion_proof(Revision(revision), size).unwrap().unwrap();
            let verified = inclusion::verify(leaf(store, revision), revision - 1, size, &proof, root);
            assert_eq!(verified, Ok(()), "{revision} of {size}");
        }
        let proof = store.consistency_proof(size, 700).unwrap().unwrap();
        assert_eq!(consistency::verify(Tree { size, root }, tree, &proof), Ok(()), "from {size}");
        assert_eq!(store.inclusion_proof(Revision(size + 1), size).unwrap(), None);
    }
    assert_eq!(store.root_at(701).unwrap(), None);
    assert_eq!(store.consistency_proof(1, 701).unwrap(), None);
    assert_eq!(store.inclusion_proof(Revision(0), 700).unwrap(), None);

    let mut tiles = TileNodes::new(700, |tile| store.tile(tile).map(Option::unwrap));
    assert_eq!(node::root(700, &mut tiles).unwrap(), tree.root);
    let bundle = store.tile("tile/entries/002.p/188".parse().unwrap()).unwrap().unwrap();
    let hashes: Vec<u8> = Bundle::hashes(&bundle).unwrap().iter().flat_map(|hash| hash.0).collect();
    assert_eq!(store.tile("tile/0/002.p/188".parse().unwrap()).unwrap(), Some(hashes));
    // What is not whole is not given.
    for absent in ["tile/0/002", "tile/entries/002.p/189", "tile/1/000.p/3", "tile/2/000.p/1", "tile/63/000"]
    {
        assert_eq!(store.tile(absent.parse().unwrap()).unwrap(), None, "{absent}");
    }
}

/// Every tile of a log of 700 events and many proofs, each with what it is of.
pub(crate) fn bytes(store: &dyn Store) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut add = |what: String, hashes: Vec<Hash>| {
        all.push((what, hashes.into_iter().flat_map(|hash| hash.0).collect()));
    };
    for size in SIZES {
        add(format!("root of {size}"), vec![store.root_at(size).unwrap().unwrap()]);
        add(format!("since {size}"), store.consistency_proof(size, 700).unwrap().unwrap());
        for revision in (1..=size).step_by(23) {
            let proof = store.inclusion_proof(Revision(revision), size).unwrap().unwrap();
            add(format!("{revision} of {size}"), proof);
        }
    }
    for tile in Tile::since(0, 700) {
        all.push((tile.to_string(), store.tile(tile).unwrap().unwrap()));
    }
    all
}

pub(crate) fn proofs_and_tiles_of_every_size_verify(world: &dyn World) {
    let store = world.store();
    fill(store.as_ref(), 700);
    is_a_log(store.as_ref());
    store.verify().unwrap();
    is_a_log(world.again(OpenMode::ReadOnly).as_ref());
}

pub(crate) fn a_tree_grows_by_whichever_handle_appends(world: &dyn World) {
    let stores = [world.store(), world.open("ledger", OpenMode::Existing, 2).unwrap()];
    for n in 0..70 {
        let principal = format!("p{n}");
        stores[n % 2].append(&[erased(&principal)], now(), false).unwrap();
    }
    let [first, second] = &stores;
    let tree = first.durable_tree().unwrap();
    assert_eq!((tree.size, second.durable_tree().unwrap()), (70, tree));
    // The nodes are there: every fourth level's, without which each would be computed.
    let kept = second.kept_nodes(&[NodeRange { step: 1, first: 0, count: 5 }]).unwrap();
    assert_eq!(kept[0].iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, true, false]);
    second.verify().unwrap();
}

pub(crate) fn an_empty_ledger_has_a_tree_and_no_tiles(world: &dyn World) {
    let store = world.store();
    let tree = store.durable_tree().unwrap();
    assert_eq!(tree, Tree { size: 0, root: Hash::of_empty_tree() });
    assert_eq!(store.tile(Tile { row: Row::Hashes(0), index: 0, width: 1 }).unwrap(), None);
    assert_eq!(store.consistency_proof(0, 0).unwrap(), Some(Vec::new()));
    assert!(store.opened_leaf(Revision(1)).unwrap().is_none());
}

pub(crate) fn a_leaf_is_opened_with_its_payload_and_its_principals_key(world: &dyn World) {
    let store = world.store();
    store.append(&every_event(), now(), false).unwrap();
    let opened = store.opened_leaf(Revision(1)).unwrap().unwrap();
    assert!(opened.payload.is_some_and(|payload| payload.starts_with(b"{\"born\":\"1985-04-01\"")));
    assert_eq!(opened.principal.map(|(identifier, _)| identifier), Some("p1".to_owned()));
    let general = store.opened_leaf(Revision(17)).unwrap().unwrap();
    assert!(general.payload.is_none() && general.principal.is_none());
}
