//! The hashes of nodes out of tiles: how proofs are made of a log that is files alone.

use std::collections::HashMap;
use std::fmt;

use super::{HEIGHT, Row, Tile};
use crate::hash::{HASH_BYTES, Hash};
use crate::node::{Node, Nodes};

/// The nodes of a tree of a known size, by its tiles, each of which is asked for once.
pub struct TileNodes<F> {
    size: u64,
    fetch: F,
    tiles: HashMap<Tile, Vec<Hash>>,
}

/// Why a node could not be had from tiles.
#[derive(Debug)]
pub enum TileNodesError<E> {
    /// The tile could not be fetched.
    Fetch(E),
    /// It has another length than one of its width has.
    Length(Tile),
    /// The tree has no such node.
    Outside(Node),
}

impl<E: fmt::Display> fmt::Display for TileNodesError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(error) => error.fmt(f),
            Self::Length(tile) => {
                write!(
                    f,
                    "{tile} has not the {} bytes of its {} hashes",
                    usize::from(tile.width) * HASH_BYTES,
                    tile.width
                )
            }
            Self::Outside(node) => write!(f, "the tree has no node {} of level {}", node.index, node.level),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for TileNodesError<E> {}

impl<E, F: FnMut(Tile) -> Result<Vec<u8>, E>> TileNodes<F> {
    /// The nodes of the tree of `size` leaves whose tiles `fetch` gives.
    pub fn new(size: u64, fetch: F) -> Self {
        Self { size, fetch, tiles: HashMap::new() }
    }

    fn tile(&mut self, tile: Tile) -> Result<&[Hash], TileNodesError<E>> {
        if !self.tiles.contains_key(&tile) {
            let bytes = (self.fetch)(tile).map_err(TileNodesError::Fetch)?;
            let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
            if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
                return Err(TileNodesError::Length(tile));
            }
            self.tiles.insert(tile, hashes.iter().copied().map(Hash).collect());
        }
        Ok(self.tiles.get(&tile).map(Vec::as_slice).unwrap_or_default())
    }
}

impl<E, F: FnMut(Tile) -> Result<Vec<u8>, E>> Nodes for TileNodes<F> {
    type Error = TileNodesError<E>;

    fn node(&mut self, node: Node) -> Result<Hash, TileNodesError<E>> {
        let outside = TileNodesError::Outside(node);
        let (level, above) = (node.level / HEIGHT, node.level % HEIGHT);
        let Some(first) = node.index.checked_shl(above.into()).filter(|first| first >> above == node.index)
        else {
            return Err(outside);
        };
        let Some(tile) = Tile::holding(Row::Hashes(level), first, self.size) else { return Err(outside) };
        let start = usize::try_from(first - tile.first()).unwrap_or(usize::MAX);
        let below = self.tile(tile)?.get(start..).and_then(|hashes| hashes.get(..1 << above));
        let Some(below) = below else { return Err(outside) };
        let mut level = below.to_vec();
        while level.len() > 1 {
            level = level.as_chunks::<2>().0.iter().map(|[left, right]| Hash::of_node(left, right)).collect();
        }
        level.first().copied().ok_or(outside)
    }
}
