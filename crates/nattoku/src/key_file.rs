//! Keys in files: private ones that their owner alone can read, and public ones.

use std::path::{Path, PathBuf};

use nattoku_ledger::{Checkpoint, CheckpointError, KeyError, Kind, Note, SigningKey, VerifyingKey};

use crate::exit::CommandError;
use crate::kept_file;

/// The private key in a file. One that others can read is no secret, and is refused.
pub(crate) fn private(path: &Path) -> Result<SigningKey, CommandError> {
    let text = kept_file::must_read(path)?;
    keep_private(path)?;
    text.trim_end().parse().map_err(|error| told(path, error))
}

/// The public key in a file.
pub(crate) fn public(path: &Path) -> Result<VerifyingKey, CommandError> {
    kept_file::must_read(path)?.trim_end().parse().map_err(|error| told(path, error))
}

/// The public keys in files.
pub(crate) fn publics(paths: &[PathBuf]) -> Result<Vec<VerifyingKey>, CommandError> {
    paths.iter().map(|path| public(path)).collect()
}

/// The private key of a log, which signs texts and so receipts too.
pub(crate) fn of_log(path: &Path) -> Result<SigningKey, CommandError> {
    let key = private(path)?;
    if key.verifying_key().kind() == Kind::Ed25519 {
        return Ok(key);
    }
    let path = path.display();
    let error = CommandError::asked_wrongly(
        format!("{path} は記録の署名用の鍵（種類01）ではありません"),
        format!("{path} is no key of kind 01, which a log signs with"),
    );
    Err(error.hint(
        "`nattoku ledger key new ファイル` で作成した鍵を最初に指定してください",
        "name first the key that `nattoku ledger key new FILE` made",
    ))
}

/// Where the newest checkpoint that a key signed is kept.
pub(crate) fn kept_beside(key: &Path) -> PathBuf {
    let mut path = key.as_os_str().to_owned();
    path.push(".checkpoint");
    PathBuf::from(path)
}

/// A signed checkpoint in a file, opened with the log's key.
pub(crate) fn checkpoint(path: &Path, key: &VerifyingKey) -> Result<Checkpoint, CommandError> {
    let text = kept_file::must_read(path)?;
    Ok(Checkpoint::open(text.as_bytes(), key, &[]).map_err(|error| no_checkpoint(path, &error))?.0)
}

/// What a checkpoint in a file says, with its text, whoever signed it: one that the operator keeps.
pub(crate) fn own_checkpoint(path: &Path) -> Result<(Note, Checkpoint), CommandError> {
    let text = kept_file::must_read(path)?;
    let note = Note::parse(text.as_bytes()).map_err(|error| no_checkpoint(path, &error.into()))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| no_checkpoint(path, &error))?;
    Ok((note, checkpoint))
}

/// A file that is no checkpoint, or not that log's.
pub(crate) fn no_checkpoint(path: &Path, error: &CheckpointError) -> CommandError {
    let path = path.display();
    CommandError::asked_wrongly(
        format!("{path} を確認点として使えません: {}", error.japanese()),
        format!("{path} cannot be used as a checkpoint: {error}"),
    )
}

fn told(path: &Path, error: KeyError) -> CommandError {
    let path = path.display();
    CommandError::asked_wrongly(format!("{path}: {}", error.japanese()), format!("{path}: {error}"))
}

#[cfg(unix)]
fn keep_private(path: &Path) -> Result<(), CommandError> {
    use std::os::unix::fs::PermissionsExt as _;
    let open_to_others = std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    if !open_to_others {
        return Ok(());
    }
    let path = path.display();
    let error = CommandError::asked_wrongly(
        format!("秘密鍵 {path} を、ほかの利用者も読めます"),
        format!("others can read the private key {path}"),
    );
    Err(error.hint(format!("chmod 600 '{path}' を実行してください"), format!("run `chmod 600 '{path}'`")))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> Result<(), CommandError> {
    Ok(())
}
