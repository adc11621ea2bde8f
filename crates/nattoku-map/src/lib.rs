//! Memory of the system's: a file as memory that may be written to without the file being changed, and large pages.
//!
//! This crate is apart from the others because mapping a file is the one thing in the workspace that takes unsafe code.
//! [`Private::new`] is unsafe itself: only its caller can know that nobody changes the file where it stands.

mod pages;

use std::fs::File;
use std::io;

use memmap2::{MmapMut, MmapOptions};

pub use pages::Pages;

/// Bytes of a file. Pages that are written to become copies of our own; the others stay those of the file, which the system
/// may drop from memory and read again.
#[derive(Debug)]
pub struct Private(MmapMut);

impl Private {
    /// Maps `length` bytes of a file from `offset` on.
    ///
    /// # Safety
    /// As long as the value lives, nobody, in this program or another, writes to the file or cuts it short where it stands:
    /// what is mapped of it would change under whoever reads it, or be gone. A file that is only ever replaced as a whole, by
    /// renaming another to its name, is never changed so. No check of this crate's can tell.
    ///
    /// # Errors
    /// The file has no such bytes, none were asked for, or the system cannot map it.
    #[expect(unsafe_code, reason = "the compiler cannot know who else writes to a file")]
    pub unsafe fn new(file: &File, offset: u64, length: usize) -> io::Result<Self> {
        let end = u64::try_from(length).ok().and_then(|length| offset.checked_add(length));
        if length == 0 || end.is_none_or(|end| file.metadata().is_ok_and(|found| found.len() < end)) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut options = MmapOptions::new();
        options.offset(offset).len(length);
        // SAFETY: nobody changes what is mapped, which the caller promises; and the map is private, so what we write to it
        // changes no file.
        let map = unsafe { options.map_copy(file) }?;
        // Most of it will be read soon, and a system that does not care to know maps it all the same.
        #[cfg(unix)]
        let _ = map.advise(memmap2::Advice::WillNeed);
        Ok(Self(map))
    }
}

impl AsMut<[u8]> for Private {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Maps a file of a test's own.
    #[expect(unsafe_code, reason = "the promise is the caller's to give, and here the test is the caller")]
    fn mapped(file: &File, offset: u64, length: usize) -> io::Result<Private> {
        // SAFETY: the file has a name of this process and test, and nothing writes to it once it is made.
        unsafe { Private::new(file, offset, length) }
    }

    fn file(name: &str, bytes: &[u8]) -> (std::path::PathBuf, File) {
        let path = std::env::temp_dir().join(format!("nattoku-map-{}-{name}", std::process::id()));
        File::create(&path).unwrap().write_all(bytes).unwrap();
        (path.clone(), File::open(path).unwrap())
    }

    #[test]
    fn what_is_written_to_the_map_stays_out_of_the_file() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let (path, opened) = file("private", &bytes);
        let mut map = mapped(&opened, 4_096, 5_000).unwrap();
        assert_eq!(map.as_mut(), bytes.get(4_096..9_096).unwrap());
        map.as_mut().fill(7);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        // The file may be gone or replaced: what was mapped is still there.
        std::fs::remove_file(&path).unwrap();
        assert_eq!(map.as_mut(), [7; 5_000]);
    }

    #[test]
    fn what_the_file_does_not_have_is_refused() {
        let (path, opened) = file("short", &[1; 100]);
        for (offset, length) in [(0, 101), (100, 1), (u64::MAX, 1), (0, usize::MAX), (0, 0)] {
            let refused = mapped(&opened, offset, length).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::UnexpectedEof);
        }
        std::fs::remove_file(path).unwrap();
    }
}
