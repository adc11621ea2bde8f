//! A whole log out of its files (C2SP tlog-tiles): leaves against tiles, tiles against each other, all against the checkpoint.

use std::path::Path;

use nattoku_ledger::{Bundle, Frontier, Row, Tile, TileNodes, TileNodesError, node};

use crate::cli::Keys;
use crate::files::{self, Opened};
use crate::told::{Answer, Told};

/// Recomputes a log from its leaves.
pub(crate) fn verify(folder: &Path, since: Option<&Path>, keys: &Keys) -> Answer {
    let keys = Opened::of(keys)?;
    let path = folder.join("checkpoint");
    let checkpoint = keys.checkpoint(&path, &files::text(&path)?)?;
    let older = match since {
        Some(path) => Some((path, keys.checkpoint(path, &files::text(path)?)?)),
        None => None,
    };
    let mut tree = Frontier::new();
    let mut root_then = older.as_ref().filter(|(_, older)| older.size == 0).map(|_| tree.root());
    for index in 0..checkpoint.size.div_ceil(u64::from(nattoku_ledger::tile::WIDTH)) {
        let first = index * u64::from(nattoku_ledger::tile::WIDTH);
        for leaf in leaves(folder, first, checkpoint.size)? {
            tree.append(leaf);
            if older.as_ref().is_some_and(|(_, older)| older.size == tree.size()) {
                root_then = Some(tree.root());
            }
        }
    }
    if tree.root() != checkpoint.root {
        return Err(Told::no(
            &path,
            format!("葉から求めた根 {} が、確認点の根ではありません", tree.root()),
            format!("the leaves hash to the root {}, which is not the checkpoint's", tree.root()),
        ));
    }
    let mut tiles = TileNodes::new(checkpoint.size, |tile| read(folder, tile));
    let of_tiles = node::root(checkpoint.size, &mut tiles).map_err(|error| match error {
        TileNodesError::Fetch(told) => told,
        TileNodesError::Length(tile) => {
            let width = tile.width;
            let (ja, en) = (format!("ハッシュが {width} 個ありません"), format!("it has not {width} hashes"));
            Told::no(&folder.join(tile.to_string()), ja, en)
        }
        TileNodesError::Outside(_) => Told::no(folder, "タイルが足りません", "it lacks tiles"),
    })?;
    if of_tiles != checkpoint.root {
        return Err(Told::no(
            folder,
            "タイルのハッシュが葉と合いません",
            "the hashes of its tiles are not those of its leaves",
        ));
    }
    let (size, root) = (checkpoint.size, checkpoint.root);
    let Some((path, older)) = older else {
        return Ok((
            format!("確かめました: {size} 件、根 {root}"),
            format!("verified: {size} events, root {root}"),
        ));
    };
    if root_then != Some(older.root) {
        let (ja, en) = (
            format!("この {} 件の続きではありません", older.size),
            format!("the log does not continue its {} events", older.size),
        );
        return Err(Told::no(path, ja, en));
    }
    Ok((
        format!("確かめました: {size} 件、{} 件の確認点の続き、根 {root}", older.size),
        format!("verified: {size} events, continuing the checkpoint of {}, root {root}", older.size),
    ))
}

/// The hashes of the leaves of one bundle, held against its tile.
fn leaves(folder: &Path, first: u64, size: u64) -> Result<Vec<nattoku_ledger::Hash>, Told> {
    let Some(entries) = Tile::holding(Row::Entries, first, size) else { return Ok(Vec::new()) };
    let path = folder.join(entries.to_string());
    let bytes = read(folder, entries)?;
    let hashes =
        Bundle::hashes(&bytes).map_err(|error| Told::no(&path, format!("束を読めません: {error}"), error))?;
    if hashes.len() != usize::from(entries.width) {
        let (found, wanted) = (hashes.len(), entries.width);
        return Err(Told::no(
            &path,
            format!("葉が {wanted} 枚ではなく {found} 枚あります"),
            format!("it has {found} leaves, not {wanted}"),
        ));
    }
    let tile = Tile { row: Row::Hashes(0), ..entries };
    let bytes = read(folder, tile)?;
    let of_tile = bytes.as_chunks::<32>().0;
    let differs = hashes.iter().zip(of_tile).position(|(hash, there)| hash.0 != *there);
    let differs = differs.or_else(|| (of_tile.len() < hashes.len()).then_some(of_tile.len()));
    match differs {
        None => Ok(hashes),
        Some(place) => {
            let index = first + place as u64;
            let path = folder.join(tile.to_string());
            Err(Told::no(
                &path,
                format!("番号 {index} の葉のハッシュが、葉と違います"),
                format!("the hash of the leaf of index {index} is not that of the leaf"),
            ))
        }
    }
}

/// A tile's file; the full one where the partial one is gone, cut to its width.
fn read(folder: &Path, tile: Tile) -> Result<Vec<u8>, Told> {
    let path = folder.join(tile.to_string());
    let full = Tile { width: nattoku_ledger::tile::WIDTH, ..tile };
    if path.is_file() || tile.is_full() || tile.row == Row::Entries {
        return files::bytes(&path);
    }
    let mut bytes = files::bytes(&folder.join(full.to_string()))?;
    bytes.truncate(32 * usize::from(tile.width));
    Ok(bytes)
}
