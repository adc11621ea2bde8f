//! Replacing files in one step, so that none is ever half written.

use std::io::{Read, Write};
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
        let partial = partial(file).map_err(|error| CommandError::cannot_write(&file.path, &error))?;
        written.0.push(partial);
    }
    for file in files {
        let now =
            std::fs::read(&file.path).map_err(|error| CommandError::cannot_write(&file.path, &error))?;
        if now != file.old {
            return Err(changed(&file.path));
        }
    }
    for (from, to) in &written.0 {
        std::fs::rename(from, to).map_err(|error| CommandError::cannot_write(to, &error))?;
    }
    Ok(())
}

/// Writes an answer to a file, whole or not at all; a device is written to as it is, and so is the output of the program itself.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    keep_sources(path)?;
    keep_off_pipes(path)?;
    let written = if path.exists() && !path.is_file() {
        std::fs::write(path, bytes)
    } else {
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let partials = Partials(vec![(target.with_file_name(name), target)]);
        partials.0.iter().try_for_each(|(partial, target)| {
            let mut out = std::fs::File::options().write(true).create_new(true).open(partial)?;
            out.write_all(bytes)?;
            out.sync_all()?;
            std::fs::rename(partial, target)
        })
    };
    written.map_err(|error| CommandError::cannot_write(path, &error))
}

/// Refuses a named pipe for an answer.
pub(crate) fn keep_off_pipes(path: &Path) -> Result<(), CommandError> {
    if !is_named_pipe(path) {
        return Ok(());
    }
    let path = path.display();
    let error = CommandError::asked_wrongly(
        format!("{path} はファイルではなくパイプで、読む相手がいなければ終わりません"),
        format!("{path} is no file but a pipe, and writing to it might never end"),
    );
    Err(error.hint(
        "ファイルを指定するか、標準出力から受け取ってください",
        "name a file, or take what is printed from standard output",
    ))
}

/// Whether a pipe is there, or where a link leads. The one that a program prints to, `/dev/stdout`, stands in no folder.
fn is_named_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        path.canonicalize()
            .and_then(|path| path.symlink_metadata())
            .is_ok_and(|found| found.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Refuses a file for an answer that is a policy's source, a ledger or the snapshot of one: those are never written over.
pub(crate) fn keep_sources(path: &Path) -> Result<(), CommandError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_source = name.ends_with(".kdl") || (name.starts_with("notice.") && name.ends_with(".md"));
    let mut head = [0; 16];
    let is_ledger = path.is_file()
        && std::fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && (head == *b"SQLite format 3\0" || nattoku_engine::is_snapshot(&head));
    if !(is_ledger || (is_source && path.exists())) {
        return Ok(());
    }
    let path = path.display();
    let error = CommandError::asked_wrongly(
        format!("{path} はポリシーのファイル、台帳、そのスナップショットのどれかなので、上書きしません"),
        format!("{path} is a policy's source, a ledger or its snapshot, which is never written over"),
    );
    Err(error.hint("別の名前を指定してください", "name another file"))
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

fn changed(path: &Path) -> CommandError {
    CommandError::could_not_run(
        format!("{} はこの間に変えられたため、何も書いていません", path.display()),
        format!("{} was changed meanwhile; nothing was written", path.display()),
    )
    .hint("もう一度実行してください", "run it again")
}
