//! A population as a file, so that it need not be folded again: what each byte means stands in
//! `docs/reference/population-snapshot.md`.
//!
//! Rows, ids and dates stand in the file as they do in memory, so that opening one maps them; only what many principals
//! share is read. A checksum covers all of it. Whatever a file claims is checked before it is relied on.

pub(crate) mod code;
pub(crate) mod digest;
mod general;
mod layout;
mod open;
mod patterns;
mod write;

use std::hash::Hasher as _;

use twox_hash::XxHash3_64;

pub use crate::storage::Region;

/// Whether bytes are the first of a snapshot, of whatever format.
#[must_use]
pub fn is_snapshot(first: &[u8]) -> bool {
    first.starts_with(&layout::MAGIC)
}

/// Of which ledger a population is, up to its revision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    /// The ledger's own id.
    pub ledger: [u8; 16],
    /// The hash of the leaf at the revision, by which a ledger that was restored and went on otherwise is told apart;
    /// zeros at revision 0.
    pub leaf: [u8; 32],
}

/// Where a snapshot is read from.
pub trait Source {
    /// How many bytes it has.
    fn length(&self) -> u64;

    /// So many bytes from `offset` on, which begin where a page does. They are written to, the source is not.
    ///
    /// # Errors
    /// The source cannot be read, or has no such bytes.
    fn region(&self, offset: u64, length: usize) -> std::io::Result<Region>;
}

/// There is no population to be had from a source.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be read.
    #[error("the snapshot cannot be read: {0}")]
    Source(#[from] std::io::Error),
    /// It is something else.
    #[error("this is no snapshot of a population")]
    NotASnapshot,
    /// It was written by another version.
    #[error("the snapshot has format {format}, and this version knows format {known}")]
    OtherFormat {
        /// The snapshot's format.
        format: u32,
        /// The format of this version.
        known: u32,
    },
    /// It ends before it should.
    #[error("the snapshot is cut off")]
    Truncated,
    /// It does not hold what was written.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
    /// It was made for a policy that asks about other things.
    #[error("the snapshot was made for a policy that asks about other things")]
    OtherVocabulary,
    /// The machine counts its bytes the other way round.
    #[error("a snapshot cannot be used on a machine whose numbers are not little-endian")]
    ByteOrder,
}

/// Bytes in memory of our own, beginning where a word does: a part of a snapshot that was copied rather than mapped.
#[derive(Debug, Clone)]
pub struct Copied(Vec<u32>);

impl Copied {
    /// A copy, followed by zeros up to a whole word.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut words = vec![0_u32; bytes.len().div_ceil(size_of::<u32>())];
        let room: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Self(words)
    }
}

impl AsMut<[u8]> for Copied {
    fn as_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

/// Bytes that are in memory already; its parts are copied.
impl Source for [u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn region(&self, offset: u64, length: usize) -> std::io::Result<Region> {
        let from = usize::try_from(offset).ok();
        let bytes = from.and_then(|from| self.get(from..from.checked_add(length)?));
        let bytes = bytes.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        Ok(Box::new(Copied::new(bytes)))
    }
}

/// XXH3 of bytes. Damage is what it is for: who can write the file could write a sum that fits as well.
fn sum(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// XXH3 of pieces one after another.
fn sum_of(pieces: &[&[u8]]) -> u64 {
    if let [piece] = pieces {
        return sum(piece);
    }
    let mut hasher = XxHash3_64::new();
    for piece in pieces {
        hasher.write(piece);
    }
    hasher.finish()
}
