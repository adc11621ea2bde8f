//! Tiles of a log (C2SP tlog-tiles): which there are, and under which paths.

use std::fmt;
use std::str::FromStr;

use crate::text;

mod bundle;
mod nodes;

pub use bundle::{Bundle, BundleError};
pub use nodes::{TileNodes, TileNodesError};

/// How many hashes or leaves a full tile holds.
pub const WIDTH: u16 = 256;
/// How many levels of the tree a tile stands for: 2^8 is its width.
pub(crate) const HEIGHT: u8 = 8;
/// The highest level whose tiles can be named.
const LEVEL_MAX: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// Hashes of a level: leaves at 0, then the roots of full tiles of the level below.
    Hashes(u8),
    /// The leaves themselves.
    Entries,
}

/// A tile by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// What it holds.
    pub row: Row,
    /// Which of its row it is, from 0.
    pub index: u64,
    /// How many hashes or leaves it holds: 1 to 256. With fewer than 256 it is partial.
    pub width: u16,
}

impl Row {
    /// How many hashes or leaves the row of a tree of `size` leaves has.
    #[must_use]
    pub const fn count(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes(level) => size.unbounded_shr(HEIGHT as u32 * level as u32),
        }
    }

    /// Every row that a tree of `size` leaves has something of: the leaves first, then level by level.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let rows = std::iter::once(Self::Entries).chain((0..=LEVEL_MAX).map(Self::Hashes));
        rows.take_while(move |row| row.count(size) > 0)
    }
}

impl Tile {
    /// Whether it will never change.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// The place of its first hash or leaf in its row.
    #[must_use]
    pub const fn first(&self) -> u64 {
        self.index.saturating_mul(WIDTH as u64)
    }

    /// Whether a tree of `size` leaves has it: whole, and no wider than told.
    #[must_use]
    pub fn is_of(&self, size: u64) -> bool {
        let end = u128::from(self.index) * u128::from(WIDTH) + u128::from(self.width);
        end <= u128::from(self.row.count(size))
    }

    /// The tile of a row in which a place is, as wide as a tree of `size` leaves has it; nothing where it has none.
    #[must_use]
    pub fn holding(row: Row, place: u64, size: u64) -> Option<Self> {
        let (index, width) = (place / u64::from(WIDTH), u64::from(WIDTH));
        let left = row.count(size).checked_sub(index * width).filter(|left| *left > 0)?;
        (place < row.count(size)).then_some(())?;
        Some(Self { row, index, width: u16::try_from(left.min(width)).ok()? })
    }

    /// The tiles that a tree of `new` leaves has and one of `old` had not, row by row: all of them where `old` is 0.
    pub fn since(old: u64, new: u64) -> impl Iterator<Item = Self> {
        Row::all(new).flat_map(move |row| {
            let (had, has) = (row.count(old), row.count(new));
            let first = had / u64::from(WIDTH);
            // Nothing came to the row: then its last tile is the one that was there.
            let end = if had == has { first } else { has.div_ceil(u64::from(WIDTH)) };
            (first..end).filter_map(move |index| Self::holding(row, index * u64::from(WIDTH), new))
        })
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Row::Entries => f.write_str("tile/entries/")?,
            Row::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (place, group) in groups.iter().enumerate().rev() {
            if place > 0 { write!(f, "x{group:03}/")? } else { write!(f, "{group:03}")? }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The path is not that of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATile;

impl fmt::Display for NotATile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected the path of a tile: tile/0/x001/234 or tile/entries/005.p/17")
    }
}

impl std::error::Error for NotATile {}

impl FromStr for Tile {
    type Err = NotATile;

    fn from_str(path: &str) -> Result<Self, NotATile> {
        let (row, rest) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(NotATile)?;
        let row = match row {
            "entries" => Row::Entries,
            level => {
                let level = text::number(level).and_then(|level| u8::try_from(level).ok());
                Row::Hashes(level.filter(|level| *level <= LEVEL_MAX).ok_or(NotATile)?)
            }
        };
        let (groups, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH),
            Some((groups, width)) => {
                let width = text::number(width).and_then(|width| u16::try_from(width).ok());
                (groups, width.filter(|width| (1..WIDTH).contains(width)).ok_or(NotATile)?)
            }
        };
        let index = groups.split('/').try_fold(0_u64, |index, group| {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let is_group = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
            let digits = digits.parse::<u64>().ok().filter(|_| is_group)?;
            index.checked_mul(1000)?.checked_add(digits)
        });
        let tile = Self { row, index: index.ok_or(NotATile)?, width };
        // One path for each tile: what is written otherwise is none.
        if tile.to_string() == path { Ok(tile) } else { Err(NotATile) }
    }
}
