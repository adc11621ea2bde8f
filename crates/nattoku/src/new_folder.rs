//! Writing files to a folder in which nothing is yet: all of them, or none.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use nattoku_policy::Source;

use crate::exit::CommandError;
use crate::leftover::Leftover;
use crate::site_folder::{self, WriteError};

/// Writes files to a folder that is empty, or is made. Where that fails, what was written is gone again, and so are the folders
/// that were made for it.
pub(crate) fn write(folder: &Path, files: &[Source]) -> Result<(), CommandError> {
    if !site_folder::is_folder_or_free(folder).map_err(|error| error.told(folder))? {
        return Err(WriteError::NotAFolder.told(folder));
    }
    let failed = |path: &Path, error: std::io::Error| CommandError::cannot_write(path, &error);
    let mut written = Written { files: Vec::new(), folders: site_folder::missing(folder) };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let mut entries = std::fs::read_dir(folder).map_err(|error| failed(folder, error))?;
    if entries.next().is_some() {
        return Err(is_not_empty(folder));
    }
    for file in files {
        let path = folder.join(&file.name);
        written.put(&path, &file.bytes).map_err(|error| failed(&path, error))?;
    }
    written.keep();
    Ok(())
}

/// A folder that is being filled beside the one that it will be, so that half of it is never taken for all. Nobody but its owner
/// looks into it: it is about people.
pub(crate) struct Filling {
    folder: PathBuf,
    partial: Leftover,
}

impl Filling {
    /// Begins a folder that is not there or is empty.
    pub(crate) fn begin(folder: &Path) -> Result<Self, CommandError> {
        if !site_folder::is_folder_or_free(folder).map_err(|error| error.told(folder))? {
            return Err(WriteError::NotAFolder.told(folder));
        }
        let failed = |error: std::io::Error| CommandError::cannot_write(folder, &error);
        if folder.exists() && std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
            return Err(is_not_empty(folder));
        }
        let mut partial = std::path::absolute(folder).map_err(failed)?.into_os_string();
        partial.push(format!(".{}.partial", std::process::id()));
        let partial = PathBuf::from(partial);
        if let Some(above) = partial.parent() {
            std::fs::create_dir_all(above).map_err(failed)?;
        }
        let partial = Leftover::new(partial);
        make_private(partial.path()).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), partial })
    }

    /// Where to write for now.
    pub(crate) fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Puts the folder in its place.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let failed = |error: std::io::Error| CommandError::cannot_write(&self.folder, &error);
        if self.folder.exists() {
            // Only an empty one goes.
            std::fs::remove_dir(&self.folder).map_err(failed)?;
        }
        std::fs::rename(self.partial.path(), &self.folder).map_err(failed)
    }
}

/// Makes a folder that is its owner's alone.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn is_not_empty(folder: &Path) -> CommandError {
    let folder = folder.display();
    CommandError::asked_wrongly(
        format!("{folder} は空ではありません。何も上書きしません"),
        format!("{folder} is not empty; nothing is overwritten"),
    )
    .hint("別のフォルダーを --out に指定してください", "name another folder with --out")
}

/// What was written and made so far; it is taken away unless it is kept.
struct Written {
    files: Vec<PathBuf>,
    /// Each before the one above it.
    folders: Vec<PathBuf>,
}

impl Written {
    /// Writes a file that is not there.
    fn put(&mut self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut out = std::fs::File::options().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        out.write_all(bytes)?;
        out.sync_all()
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = std::fs::remove_file(file);
        }
        // A folder in which something else is stays.
        for folder in &self.folders {
            let _ = std::fs::remove_dir(folder);
        }
    }
}
