//! The least that could be done: memory of the same size, touched in the same order.

use std::hint::black_box;

use nattoku_map::Pages;

/// As many rows of 48 bytes as there are principals, with something in each.
pub(super) struct Rows<M>(M);

impl Rows<Vec<u8>> {
    /// In pages as small as a system gives them to whoever asks for nothing else.
    pub(super) fn new(n: usize) -> Self {
        Self((0_u64..).take(n).flat_map(|n| [n; 6]).flat_map(u64::to_ne_bytes).collect())
    }
}

impl Rows<Pages> {
    /// The same in large pages.
    pub(super) fn in_large_pages(small: &Rows<Vec<u8>>) -> Self {
        let mut pages = Pages::zeroed(small.0.len()).expect("there is memory for it");
        pages.as_mut().copy_from_slice(&small.0);
        Self(pages)
    }
}

impl<M: AsRef<[u8]>> Rows<M> {
    fn rows(&self) -> &[[u64; 6]] {
        bytemuck::cast_slice(self.0.as_ref())
    }

    /// Reads the whole row of each of the ordinals. The loads do not depend on one another, so the processor has several under
    /// way at once.
    pub(super) fn read(&self, ordinals: &[u32]) -> u64 {
        let rows = self.rows();
        let sum = ordinals.iter().fold(0, |sum: u64, ordinal| {
            let row = usize::try_from(*ordinal).ok().and_then(|n| rows.get(n));
            let row = row.copied().unwrap_or_default();
            row.iter().fold(sum, |sum, word| sum ^ word)
        });
        black_box(sum)
    }

    /// Reads the same rows, each only when the one before has come: what memory takes to find one row.
    pub(super) fn read_in_turn(&self, ordinals: &[u32]) -> u64 {
        let rows = self.rows();
        let last = ordinals.iter().fold(0, |last: u64, ordinal| {
            // The words of a row are equal, so that this adds nothing; but only the row can tell.
            let ordinal = u64::from(*ordinal) + last;
            let row = usize::try_from(ordinal).ok().and_then(|n| rows.get(n));
            row.map_or(0, |row| row.iter().fold(0, |sum, word| sum ^ word))
        });
        black_box(last)
    }
}
