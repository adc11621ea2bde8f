//! Memory of our own in large pages.

use std::io;

use memmap2::MmapMut;

/// Zeros, until something is written to them, in pages as large as the system gives: where much is read at random, finding
/// a page takes longer than reading it, and of large ones there are few enough to be remembered.
#[derive(Debug)]
pub struct Pages(MmapMut);

impl Pages {
    /// So many bytes. They take memory only where they were written to, a page at a time.
    ///
    /// # Errors
    /// The system has no memory left.
    pub fn zeroed(length: usize) -> io::Result<Self> {
        let map = MmapMut::map_anon(length)?;
        // A system without large pages gives small ones all the same.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Ok(Self(map))
    }
}

impl AsRef<[u8]> for Pages {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl AsMut<[u8]> for Pages {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_zeros_and_keep_what_is_written() {
        let mut pages = Pages::zeroed(5_000).unwrap();
        assert_eq!(pages.as_ref(), [0; 5_000]);
        pages.as_mut().fill(7);
        assert_eq!(pages.as_ref(), [7; 5_000]);
    }
}
