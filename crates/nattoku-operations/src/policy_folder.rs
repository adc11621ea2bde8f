//! Reading a policy folder into sources.

use std::path::{Path, PathBuf};

use nattoku_policy::source::{FILE_BYTES_MAX, Source};

/// Most files read of one folder, its earlier versions included.
const FILES_MAX: usize = 500;

/// Most bytes read of one folder. The largest policy imaginable is a tenth of that.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// The folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file or folder could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no policy in it.
    #[error("{} holds no policy: expected .kdl files and notice.ja.md, notice.en.md", .0.display())]
    Empty(PathBuf),
    /// There are more files in it than a policy has.
    #[error("{} holds more than {FILES_MAX} files or {} MiB: is this the folder of one policy?", .0.display(), BYTES_MAX / 1024 / 1024)]
    TooMany(PathBuf),
}

/// Reads the `.kdl` files and notices of a policy folder, those of the versions below `earlier/`, and the law packs that it
/// brings below `packs/`, in the order of their names. Other files are left alone.
///
/// # Errors
/// Where the folder or a file of it cannot be read, or there is no policy in it.
pub fn read_folder(folder: &Path) -> Result<Vec<Source>, FolderError> {
    let mut sources = Vec::new();
    read_into(folder, "", &mut sources)?;
    read_below(folder, "earlier", &mut sources)?;
    if sources.is_empty() {
        return Err(FolderError::Empty(folder.to_owned()));
    }
    read_below(folder, "packs", &mut sources)?;
    Ok(sources)
}

/// The folders within a folder of the policy: `earlier/VERSION/`, `packs/LAW/`.
fn read_below(folder: &Path, part: &str, sources: &mut Vec<Source>) -> Result<(), FolderError> {
    let below = folder.join(part);
    if below.is_dir() {
        for (path, name) in entries(&below)? {
            if path.is_dir() {
                read_into(&path, &format!("{part}/{name}/"), sources)?;
            }
        }
    }
    Ok(())
}

fn read_into(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<(), FolderError> {
    for (path, name) in entries(folder)? {
        let is_source = name.ends_with(".kdl") || (name.starts_with("notice.") && name.ends_with(".md"));
        if !is_source || !path.is_file() {
            continue;
        }
        if sources.len() == FILES_MAX {
            return Err(FolderError::TooMany(folder.to_owned()));
        }
        sources.push(Source::new(format!("{prefix}{name}"), read_file(&path)?));
        if sources.iter().map(|s| s.bytes.len()).sum::<usize>() > BYTES_MAX {
            return Err(FolderError::TooMany(folder.to_owned()));
        }
    }
    Ok(())
}

/// Reads a file, but not much more of it than the language takes: a huge one is refused by the check, which sees that it is
/// too large without the rest.
fn read_file(path: &Path) -> Result<Vec<u8>, FolderError> {
    use std::io::Read;
    let failed = |source| FolderError::Read { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// What stands in a folder, by name; hidden files left out.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, String)>, FolderError> {
    let failed = |source| FolderError::Read { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else {
            let source = std::io::Error::new(std::io::ErrorKind::InvalidInput, "its name is not UTF-8");
            return Err(FolderError::Read { path: entry.path(), source });
        };
        if !name.starts_with('.') {
            entries.push((entry.path(), name));
        }
    }
    entries.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(entries)
}
