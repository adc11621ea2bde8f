//! A file that stands under its name only once it is whole, so that half of it is never taken for all.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exit::CommandError;
use crate::leftover::Leftover;
use crate::replace;

/// The file being written.
pub(crate) struct WholeFile {
    path: PathBuf,
    /// What is renamed once it is whole; nothing where a device is written to as it is.
    partial: Option<Partial>,
    file: File,
}

/// The file beside the one that it becomes; taken away where it does not.
struct Partial {
    file: Leftover,
    target: PathBuf,
}

impl WholeFile {
    /// Begins a file; a policy's source or a ledger is never written over.
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        replace::keep_sources(path)?;
        replace::keep_off_pipes(path)?;
        let begun = if path.exists() && !path.is_file() {
            File::options().write(true).open(path).map(|file| (None, file))
        } else {
            beside(path).map(|(partial, file)| (Some(partial), file))
        };
        let (partial, file) = begun.map_err(|error| CommandError::cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), partial, file })
    }

    /// The name that was given.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let placed = match &self.partial {
            Some(partial) => std::fs::rename(partial.file.path(), &partial.target),
            None => Ok(()),
        };
        placed.map_err(|error| CommandError::cannot_write(&self.path, &error))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A new file beside the one that is meant, where a link leads, which nobody but its owner reads: it is about people.
fn beside(path: &Path) -> io::Result<(Partial, File)> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let leftover = Leftover::new(target.with_file_name(name));
    let file = options.open(leftover.path())?;
    Ok((Partial { file: leftover, target }, file))
}
