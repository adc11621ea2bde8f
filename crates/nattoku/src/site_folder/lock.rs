//! One render at a time into a folder: each would take what the other has just written for somebody else's, or remove it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::{WriteError, make_folder};

/// Does what writes to the folder, which is made where it is not there, while every other render is kept out. Where it fails,
/// the folders that were made for it are gone again, unless something is in them.
pub(super) fn alone<T>(
    folder: &Path,
    write: impl FnOnce() -> Result<T, WriteError>,
) -> Result<T, WriteError> {
    let missing = missing(folder);
    // The lock ends with the program, however it ends.
    let done = make_folder(folder).and_then(|()| lock(folder)).and_then(|_lock| write());
    // What another render is writing to is not ours to take away, though nothing may be in it yet.
    if done.as_ref().is_err_and(|error| !matches!(error, WriteError::Busy)) {
        for folder in missing {
            let _ = std::fs::remove_dir(folder);
        }
    }
    done
}

/// The folders that have to be made, each before the one above it.
pub(crate) fn missing(folder: &Path) -> Vec<PathBuf> {
    let above = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
    above.map(Path::to_owned).collect()
}

/// Locks the folder itself, so that nothing more is in it. Where a system or a disk cannot do that, nobody is kept out, and
/// each render refuses what is in its way.
fn lock(folder: &Path) -> Result<Option<File>, WriteError> {
    let Ok(opened) = File::open(folder) else { return Ok(None) };
    match opened.try_lock() {
        Ok(()) => Ok(Some(opened)),
        Err(TryLockError::WouldBlock) => Err(WriteError::Busy),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
