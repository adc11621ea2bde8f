//! Replacing files in one step, so that none is ever half written.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exit::CommandError;

/// A new text for a file.
pub(crate) struct Replacement {
    pub(crate) path: PathBuf,
    /// What the file held when it was read.
    pub(crate) old: Vec<u8>,
    pub(crate) new: Vec<u8>,
}

/// Replaces files: all are written beside the old ones before the first is replaced, and none where one of them was changed
/// by somebody else meanwhile. What a link points to is replaced, not the link, and who may read a file stays as it is.
pub(crate) fn replace(files: &[Replacement]) -> Result<(), CommandError> {
    let mut written = Partials(Vec::new());
    for file in files {
        let partial = partial(file).map_err(|error| cannot_write(&file.path, &error))?;
        written.0.push(partial);
    }
    for file in files {
        let now = std::fs::read(&file.path).map_err(|error| cannot_write(&file.path, &error))?;
        if now != file.old {
            return Err(changed(&file.path));
        }
    }
    for (from, to) in &written.0 {
        std::fs::rename(from, to).map_err(|error| cannot_write(to, &error))?;
    }
    Ok(())
}

/// Files written beside those that they will replace; those left over are taken away.
struct Partials(Vec<(PathBuf, PathBuf)>);

impl Drop for Partials {
    fn drop(&mut self) {
        for (partial, _) in &self.0 {
            let _ = std::fs::remove_file(partial);
        }
    }
}

/// Writes a file's new text beside it; the path written and the path to replace.
fn partial(file: &Replacement) -> std::io::Result<(PathBuf, PathBuf)> {
    let path = file.path.canonicalize()?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let mut out = std::fs::File::options().write(true).create_new(true).open(&partial)?;
    let written = out
        .write_all(&file.new)
        .and_then(|()| out.set_permissions(std::fs::metadata(&path)?.permissions()))
        .and_then(|()| out.sync_all());
    if let Err(error) = written {
        let _ = std::fs::remove_file(&partial);
        return Err(error);
    }
    Ok((partial, path))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(
        format!("{} に書けません: {error}", path.display()),
        format!("cannot write {}: {error}", path.display()),
    )
}

fn changed(path: &Path) -> CommandError {
    CommandError::could_not_run(
        format!("{} はこの間に変えられたため、何も書いていません", path.display()),
        format!("{} was changed meanwhile; nothing was written", path.display()),
    )
    .hint("もう一度実行してください", "run it again")
}
