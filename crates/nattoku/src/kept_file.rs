//! Files that must survive a crash: whole or not at all, on disk before anybody is told, and one program at a time.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::exit::CommandError;

/// Puts bytes into the place of a file, in one step, and flushes file and folder.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write(path, bytes).map_err(|error| CommandError::cannot_write(path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let written = File::create(&partial).and_then(|mut out| {
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&partial, path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written?;
    File::open(folder_of(path))?.sync_all()
}

/// The folder in which a file is.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a file that its owner alone can read, and never over one that is there.
pub(crate) fn make_private(path: &Path, text: &str) -> Result<(), CommandError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).and_then(|mut out| {
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        File::open(folder_of(path))?.sync_all()
    });
    made.map_err(|error| {
        if error.kind() != ErrorKind::AlreadyExists {
            return CommandError::cannot_write(path, &error);
        }
        let path = path.display();
        CommandError::asked_wrongly(
            format!("{path} はすでにあります。上書きしません"),
            format!("{path} is there already, and is not written over"),
        )
        .hint("別の名前を指定してください", "name another file")
    })
}

/// Keeps every other program that asks for it away from a file until it is dropped, however the program ends. The lock is a
/// file of its own, since the file itself is replaced.
pub(crate) fn lock(path: &Path) -> Result<File, CommandError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = PathBuf::from(name);
    let opened = File::options().create(true).truncate(false).write(true).open(&lock);
    let file = opened.map_err(|error| CommandError::cannot_write(&lock, &error))?;
    file.lock().map_err(|error| CommandError::cannot_write(&lock, &error))?;
    Ok(file)
}

/// The file's text; none where there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, CommandError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(path, &error)),
    }
}

/// The file's text, which must be there.
pub(crate) fn must_read(path: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> CommandError {
    let path = path.display();
    CommandError::could_not_run(
        format!("{path} を読めません: {error}"),
        format!("cannot read {path}: {error}"),
    )
}
