//! Which file is at a path, as far as the system tells one from another.

use std::fs::Metadata;
use std::path::Path;

/// One file, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileIdentity {
    /// The file at a path; nothing where there is none.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Self::told(&found))
    }

    #[cfg(unix)]
    fn told(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: found.dev(), inode: found.ino() }
    }

    /// Elsewhere all that is told is whether there is one.
    #[cfg(not(unix))]
    fn told(_: &Metadata) -> Self {
        Self {}
    }
}
