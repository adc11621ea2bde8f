//! A rendered site on the disk. Files that are the same stay untouched, each other is replaced in one step, and what an earlier
//! render wrote and this one does not is removed. What somebody else put there is never touched, and one render writes at a
//! time.
//!
//! What stands in the way is found before anything is written, and all that is new is on the disk before the first file of the
//! earlier render is replaced: a full disk leaves that render as it was.

mod lock;
mod write_error;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};

pub(crate) use self::lock::missing;
pub(crate) use self::write_error::WriteError;

/// The list of what was rendered, by which a folder is known for a rendered site.
pub(crate) const MARKER: &str = ".nattoku-site";

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

/// Whether a site may be written to the folder.
pub(crate) fn look(folder: &Path) -> Result<(), WriteError> {
    rendered_before(folder).map(drop)
}

/// The files of the render before, by the marker.
fn rendered_before(folder: &Path) -> Result<BTreeSet<String>, WriteError> {
    if !is_folder_or_free(folder)? {
        return Err(WriteError::NotAFolder);
    }
    let marker = folder.join(MARKER);
    match marker.symlink_metadata() {
        // A pipe of that name might never end.
        Ok(found) if !found.is_file() => return Err(WriteError::NotASite),
        _ => {}
    }
    match std::fs::read(&marker) {
        Ok(list) => {
            let list = String::from_utf8(list).map_err(|_| WriteError::NotASite)?;
            return Ok(list.lines().map(str::to_owned).filter(|name| is_inside(name)).collect());
        }
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

/// Writes the files of a site. The list of what is rendered is written first, with what was there before and what is written
/// beside it still in it: a render that is interrupted can be run again, and leaves nothing behind that is not known.
pub(crate) fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Written, WriteError> {
    lock::alone(folder, || write_alone(folder, files))
}

fn write_alone(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Written, WriteError> {
    let before = &rendered_before(folder)?;
    let names: BTreeSet<&str> = files.keys().chain(before).map(String::as_str).collect();
    refuse_in_the_way(folder, &names)?;
    refuse_foreign(folder, files.keys().filter(|name| !before.contains(*name)))?;
    let changed: Vec<(&str, &[u8])> = files
        .iter()
        .filter(|(name, content)| !is_same(&folder.join(name), content))
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    let partials: Vec<String> = changed.iter().map(|(name, _)| partial_of(name)).collect();
    refuse_foreign(folder, partials.iter().filter(|name| !before.contains(*name)))?;
    let known = names.iter().copied().chain(partials.iter().map(String::as_str)).collect();
    begin(folder, &list(&known), &changed)?;
    for (name, _) in &changed {
        let path = folder.join(name);
        std::fs::rename(folder.join(partial_of(name)), &path).map_err(|error| WriteError::Io(path, error))?;
    }
    let mut done = Written { replaced: changed.len(), unchanged: files.len() - changed.len(), removed: 0 };
    for name in before.iter().filter(|name| !files.contains_key(*name)) {
        done.removed += usize::from(remove(folder, name)?);
    }
    replace(&folder.join(MARKER), list(&files.keys().map(String::as_str).collect()).as_bytes())?;
    Ok(done)
}

/// Whether the path is a folder, or nothing yet that could not become one.
pub(crate) fn is_folder_or_free(path: &Path) -> Result<bool, WriteError> {
    for above in path.ancestors() {
        let here = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        match here.metadata() {
            Ok(found) => return Ok(found.is_dir()),
            // A link that leads to nothing is there, and no folder can be made in its place.
            Err(_) if here.is_symlink() => return Ok(false),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) if error.kind() == ErrorKind::InvalidFilename => return Ok(false),
            Err(error) => return Err(WriteError::Io(here.to_owned(), error)),
        }
    }
    Ok(true)
}

/// Refuses what stands in the way of the files: a link that leads out of the folder, something else than folders above them,
/// and a folder in the place of one.
fn refuse_in_the_way(folder: &Path, names: &BTreeSet<&str>) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for name in names {
        let name = Path::new(name);
        for above in name.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            if !seen.insert(above) {
                break;
            }
            let found = folder.join(above).symlink_metadata();
            match found {
                Ok(found) if found.is_symlink() => return Err(WriteError::Link(above.to_owned())),
                Ok(found) if !found.is_dir() => return Err(WriteError::InTheWay(above.to_owned())),
                _ => {}
            }
        }
        if folder.join(name).symlink_metadata().is_ok_and(|found| found.is_dir()) {
            return Err(WriteError::InTheWay(name.to_owned()));
        }
    }
    Ok(())
}

/// Whether a file is there with that content. What a link leads to is not part of the site.
fn is_same(path: &Path, content: &[u8]) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file())
        && std::fs::read(path).is_ok_and(|there| there == content)
}

/// Refuses files that are there already, of which no render wrote any.
fn refuse_foreign<'n>(folder: &Path, names: impl Iterator<Item = &'n String>) -> Result<(), WriteError> {
    for name in names {
        if folder.join(name).symlink_metadata().is_ok() {
            return Err(WriteError::Foreign(name.clone()));
        }
    }
    Ok(())
}

/// Writes the list, and the new content of files beside them; where that fails, the folder is as it was.
fn begin(folder: &Path, known: &str, changed: &[(&str, &[u8])]) -> Result<(), WriteError> {
    let marker = folder.join(MARKER);
    let before = std::fs::read(&marker).ok();
    let begun = replace(&marker, known.as_bytes())
        .and_then(|()| changed.iter().try_for_each(|(name, content)| write_beside(folder, name, content)));
    if begun.is_err() {
        for (name, _) in changed {
            let path = folder.join(partial_of(name));
            let _ = std::fs::remove_file(&path);
            prune(folder, &path);
        }
        let _ = match before {
            Some(list) => replace(&marker, &list),
            None => remove(folder, MARKER).map(|_| ()),
        };
    }
    begun
}

fn write_beside(folder: &Path, name: &str, content: &[u8]) -> Result<(), WriteError> {
    let (path, partial) = (folder.join(name), folder.join(partial_of(name)));
    path.parent().map_or(Ok(()), make_folder)?;
    write_new(&partial, content).map_err(|error| WriteError::Io(path, error))
}

/// Writes a file that is not there, or is left over from a render that was interrupted. A link is not followed.
fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let _ = std::fs::remove_file(path);
    std::fs::File::options().write(true).create_new(true).open(path)?.write_all(content)
}

/// The name under which a file's new content stands until all of it is written.
fn partial_of(name: &str) -> String {
    format!("{name}.{}.partial", std::process::id())
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
    prune(folder, &path);
    Ok(true)
}

/// Removes the folders above a file that was removed, as far as they are empty.
fn prune(folder: &Path, removed: &Path) {
    let above = removed.ancestors().skip(1).take_while(|above| *above != folder);
    for empty in above {
        // A folder with something else in it stays.
        if std::fs::remove_dir(empty).is_err_and(|error| error.kind() != ErrorKind::NotFound) {
            break;
        }
    }
}

fn make_folder(folder: &Path) -> Result<(), WriteError> {
    std::fs::create_dir_all(folder).map_err(|error| WriteError::Io(folder.to_owned(), error))
}

/// Replaces a file in one step, so that nobody is ever served half of it.
fn replace(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let written = write_new(&partial, content).and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        WriteError::Io(path.to_owned(), error)
    })
}
