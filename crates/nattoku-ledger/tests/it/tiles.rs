//! Tiles: their paths, which a tree has, and proofs out of them.

use std::collections::BTreeMap;
use std::convert::Infallible;

use nattoku_ledger::{
    Bundle, BundleError, Node, Nodes, Row, Tile, TileNodes, TileNodesError, inclusion, node,
};

use crate::support::{Log, entry};
use crate::vectors::vectors;

#[test]
fn paths_by_the_published_cases() {
    let Some(v) = vectors("tlog-tiles/paths.json") else { return };
    for case in v["index_paths"].as_array().unwrap() {
        let tile = Tile { row: Row::Hashes(3), index: case["n"].as_u64().unwrap(), width: 256 };
        let path = format!("tile/3/{}", case["path"].as_str().unwrap());
        assert_eq!((tile.to_string(), path.parse()), (path.clone(), Ok(tile)));
        let entries = Tile { row: Row::Entries, width: 7, ..tile };
        let path = format!("tile/entries/{}.p/7", case["path"].as_str().unwrap());
        assert_eq!((entries.to_string(), path.parse()), (path.clone(), Ok(entries)));
    }
    for path in v["bad_paths"].as_array().unwrap() {
        assert!(path.as_str().unwrap().parse::<Tile>().is_err(), "{path}");
    }
}

#[test]
fn the_tiles_of_a_size_by_the_published_cases() {
    let Some(v) = vectors("tlog-tiles/paths.json") else { return };
    for case in v["sizes"].as_array().unwrap() {
        let size = case["size"].as_u64().unwrap();
        let wanted = case["tiles"].as_array().unwrap();
        let rows: Vec<Row> = Row::all(size).filter(|row| *row != Row::Entries).collect();
        assert_eq!(rows.len(), wanted.len(), "size {size}");
        for (row, wanted) in rows.into_iter().zip(wanted) {
            let (full, partial) = (row.count(size) / 256, row.count(size) % 256);
            assert_eq!(row, Row::Hashes(u8::try_from(wanted["level"].as_u64().unwrap()).unwrap()));
            assert_eq!((Some(full), Some(partial)), (wanted["full"].as_u64(), wanted["partial"].as_u64()));
        }
    }
}

#[test]
fn a_growing_log_has_its_new_tiles_written_and_no_full_one_twice() {
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    let sizes = [0, 1, 255, 256, 257, 300, 65_536, 65_537, 70_000];
    for pair in sizes.windows(2) {
        for tile in Tile::since(pair[0], pair[1]) {
            assert!(tile.is_of(pair[1]), "{tile}");
            *written.entry(tile.to_string()).or_default() += 1;
        }
    }
    assert!(written.values().all(|times| *times == 1), "{written:?}");
    for tile in Tile::since(0, 70_000) {
        assert!(written.contains_key(&tile.to_string()), "{tile} was never written");
    }
    assert!(written.contains_key("tile/0/000.p/255") && written.contains_key("tile/1/000.p/1"));
    assert_eq!(Tile::since(300, 300).count(), 0);
}

fn fetch(log: &Log) -> impl FnMut(Tile) -> Result<Vec<u8>, Infallible> {
    let mut nodes = log.nodes();
    move |tile| {
        let Row::Hashes(level) = tile.row else { panic!("{tile} holds no hashes") };
        let places = tile.first()..tile.first() + u64::from(tile.width);
        Ok(places.flat_map(|index| nodes(Node { level: 8 * level, index }).unwrap().0).collect())
    }
}

#[test]
fn proofs_are_made_from_tiles_alone() {
    let log = Log::new(70_000);
    let tree = log.tree(70_000);
    let mut tiles = TileNodes::new(70_000, fetch(&log));
    assert_eq!(node::root(70_000, &mut tiles).unwrap(), tree.root);
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let proof = inclusion::prove(index, 70_000, &mut tiles).unwrap().unwrap();
        assert_eq!(inclusion::verify(log.leaf(index), index, 70_000, &proof, tree.root), Ok(()));
    }
    let outside = Node { level: 8, index: 273 };
    assert!(matches!(tiles.node(outside), Err(TileNodesError::Outside(node)) if node == outside));
}

#[test]
fn a_tile_of_another_length_is_refused() {
    let mut short =
        TileNodes::new(300, |tile: Tile| Ok::<_, Infallible>(vec![0; 32 * usize::from(tile.width) - 1]));
    assert!(matches!(node::root(300, &mut short), Err(TileNodesError::Length(_))));
}

#[test]
fn a_bundle_is_read_as_it_was_written() {
    let mut bundle = Bundle::default();
    (0..3).for_each(|i| bundle.push(&entry(i)).unwrap());
    bundle.push(&[]).unwrap();
    bundle.push(&vec![1; 65_535]).unwrap();
    assert_eq!(bundle.push(&vec![0; 65_536]), Err(BundleError::LongLeaf { n_bytes: 65_536 }));
    let bytes = bundle.into_bytes();
    let leaves = Bundle::leaves(&bytes).unwrap();
    assert_eq!((leaves.len(), leaves[1], leaves[4].len()), (5, b"entry 1".as_slice(), 65_535));
    assert_eq!(Bundle::leaves(&bytes[..bytes.len() - 1]), Err(BundleError::CutOff));
    assert_eq!(Bundle::leaves(&[0]), Err(BundleError::CutOff));
}
