//! A rendered site on the disk. Files that are the same stay untouched, each other is replaced in one step, and what an earlier
//! render wrote and this one does not is removed. What somebody else put there is never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

/// The list of what was rendered, by which a folder is known for a rendered site.
pub(crate) const MARKER: &str = ".nattoku-site";

/// Why a site was not written.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// The folder has content and no list of what was rendered.
    NotASite,
    /// A file of the site's name is there that no render wrote.
    Foreign(String),
    /// The disk refused.
    Io(PathBuf, std::io::Error),
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Files that are new or were replaced.
    pub(crate) replaced: usize,
    /// Files that were the same already.
    pub(crate) unchanged: usize,
    /// Files of an earlier render that were removed.
    pub(crate) removed: usize,
}

/// Whether a site may be written to the folder; the files of the render before, by the marker.
pub(crate) fn look(folder: &Path) -> Result<BTreeSet<String>, WriteError> {
    let marker = folder.join(MARKER);
    match std::fs::read_to_string(&marker) {
        Ok(list) => return Ok(list.lines().map(str::to_owned).filter(|name| is_inside(name)).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(WriteError::Io(marker, error)),
    }
    match std::fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                Err(WriteError::NotASite)
            } else {
                Ok(BTreeSet::new())
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(WriteError::Io(folder.to_owned(), error)),
    }
}

/// Writes the files of a site. The list of what is rendered is written first, with what was there before still in it: a render
/// that is interrupted can be run again, and leaves nothing behind that is not known.
pub(crate) fn write(
    folder: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    before: &BTreeSet<String>,
) -> Result<Written, WriteError> {
    for name in files.keys().filter(|name| !before.contains(*name)) {
        if folder.join(name).symlink_metadata().is_ok() {
            return Err(WriteError::Foreign(name.clone()));
        }
    }
    make_folder(folder)?;
    let both: BTreeSet<&str> = files.keys().chain(before).map(String::as_str).collect();
    replace(&folder.join(MARKER), list(&both).as_bytes())?;
    let mut done = Written::default();
    for (name, content) in files {
        let path = folder.join(name);
        if std::fs::read(&path).is_ok_and(|there| there == *content) {
            done.unchanged += 1;
            continue;
        }
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        replace(&path, content)?;
        done.replaced += 1;
    }
    for name in before.iter().filter(|name| !files.contains_key(*name)) {
        done.removed += usize::from(remove(folder, name)?);
    }
    replace(&folder.join(MARKER), list(&files.keys().map(String::as_str).collect()).as_bytes())?;
    Ok(done)
}

fn list(names: &BTreeSet<&str>) -> String {
    names.iter().flat_map(|name| [*name, "\n"]).collect()
}

/// Whether a name of the list is a file below the folder: the list may have been edited.
fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Removes a file, and the folders that are empty without it.
fn remove(folder: &Path, name: &str) -> Result<bool, WriteError> {
    let path = folder.join(name);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(WriteError::Io(path, error)),
        Ok(()) => {}
    }
    let mut above = path.parent();
    while let Some(parent) = above.filter(|parent| *parent != folder) {
        // A folder with something else in it stays.
        if std::fs::remove_dir(parent).is_err() {
            break;
        }
        above = parent.parent();
    }
    Ok(true)
}

fn make_folder(folder: &Path) -> Result<(), WriteError> {
    std::fs::create_dir_all(folder).map_err(|error| WriteError::Io(folder.to_owned(), error))
}

/// Replaces a file in one step, so that nobody is ever served half of it.
fn replace(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let written = std::fs::File::create(&partial)
        .and_then(|mut file| file.write_all(content))
        .and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        WriteError::Io(path.to_owned(), error)
    })
}
