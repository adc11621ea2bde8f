//! A key-encryption key in a file that its owner alone may read.
//!
//! The file is text, so that it can be printed and typed in again; its form stands in `docs/reference/ledger-format.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use nattoku_seal::{KekError, Key, KeyEncryptionKey, Nonce, Place, SealingKey, Wrapped};
use zeroize::Zeroizing;

use crate::hex::{hex, unhex};

/// The file's first line.
const FIRST_LINE: &str = "nattoku-key-encryption-key 1";
/// Longest file looked at; a thousand versions take less.
const BYTES_MAX: u64 = 1 << 17;

/// A key-encryption key in a file.
pub struct FileKek {
    path: PathBuf,
    id: [u8; 16],
    versions: Mutex<BTreeMap<u32, Key>>,
}

impl FileKek {
    /// Reads the key that is there.
    ///
    /// # Errors
    /// There is no such file, others may read it, or it is something else.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, KekError> {
        let path = path.as_ref().to_owned();
        let text = read(&path)?;
        let (id, versions) = parse(&text).ok_or_else(|| not_a_key(&path))?;
        Ok(Self { path, id, versions: Mutex::new(versions) })
    }

    /// Makes a new key of random bytes, in a new file.
    ///
    /// # Errors
    /// There is a file already, or it cannot be written.
    pub fn create(path: impl AsRef<Path>, id: [u8; 16], key: Key) -> Result<Self, KekError> {
        let path = path.as_ref().to_owned();
        let kek = Self { path, id, versions: Mutex::new(BTreeMap::from([(1, key)])) };
        let text = kek.text(&kek.locked());
        make(&kek.path, id, &text, |from, to| std::fs::hard_link(from, to))
            .map_err(|error| kek.cannot_write(&error))?;
        Ok(kek)
    }

    /// Reads the file again: another program may have rotated the key.
    fn refreshed(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<u32, Key>>, KekError> {
        let text = read(&self.path)?;
        let found = parse(&text).filter(|(id, _)| *id == self.id);
        let (_, versions) = found.ok_or_else(|| not_a_key(&self.path))?;
        let mut locked = self.locked();
        *locked = versions;
        Ok(locked)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Key>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self, versions: &BTreeMap<u32, Key>) -> Zeroizing<String> {
        // Room for all of it, so that no shorter copy is left behind when the text grows.
        let mut text = Zeroizing::new(String::with_capacity(128 + versions.len() * 96));
        text.push_str(FIRST_LINE);
        text.push_str("\nid ");
        text.push_str(&hex(&self.id));
        for (version, key) in versions {
            text.push_str("\nkey ");
            text.push_str(&version.to_string());
            text.push(' ');
            text.push_str(&hex(key.bytes()));
        }
        text.push('\n');
        text
    }

    /// Puts the versions in the file's place, whole or not at all, and wipes the bytes of the file that was there.
    fn replace(&self, versions: &BTreeMap<u32, Key>) -> Result<(), KekError> {
        let partial = with_suffix(&self.path, ".partial");
        let replaced = (|| {
            remove(&partial)?;
            write_new(&partial, &self.text(versions))?;
            let mut before = std::fs::OpenOptions::new().write(true).open(&self.path)?;
            let length = before.metadata()?.len();
            std::fs::rename(&partial, &self.path)?;
            sync_folder(&self.path)?;
            before.write_all(&vec![b'0'; usize::try_from(length).unwrap_or(0)])?;
            before.sync_all()
        })();
        replaced.map_err(|error| self.cannot_write(&error))
    }

    fn cannot_write(&self, error: &std::io::Error) -> KekError {
        let path = self.path.display();
        KekError::new(
            format!("鍵暗号化鍵 {path} を書けません（{error}）。フォルダーの権限と空きを確かめてください"),
            format!(
                "the key-encryption key `{path}` cannot be written ({error}); check the folder's permissions and space"
            ),
        )
    }
}

impl KeyEncryptionKey for FileKek {
    fn id(&self) -> [u8; 16] {
        self.id
    }

    fn name(&self) -> String {
        format!("file:{}", self.path.display())
    }

    fn version(&self) -> Result<u32, KekError> {
        self.refreshed()?.last_key_value().map(|(version, _)| *version).ok_or_else(|| not_a_key(&self.path))
    }

    fn wrap(&self, place: &Place, nonce: &Nonce, key: &Key) -> Result<Wrapped, KekError> {
        let versions = self.refreshed()?;
        let (version, newest) = versions.last_key_value().ok_or_else(|| not_a_key(&self.path))?;
        Ok(SealingKey::new(newest, *version).seal(place, nonce, key.bytes()))
    }

    fn unwrap(&self, place: &Place, wrapped: &[u8]) -> Result<Key, KekError> {
        let version = SealingKey::version_of(wrapped).unwrap_or(0);
        let mut versions = self.locked();
        if !versions.contains_key(&version) {
            drop(versions);
            versions = self.refreshed()?;
        }
        let key = versions.get(&version).ok_or_else(|| {
            KekError::new(
                format!(
                    "鍵暗号化鍵 {} に版 {version} はありません。廃棄された版で包まれた鍵は、もう開けません。新しい鍵ファイルを使ってください",
                    self.path.display()
                ),
                format!(
                    "the key-encryption key `{}` has no version {version}; what a destroyed version wrapped never opens again: use the newest key file",
                    self.path.display()
                ),
            )
        })?;
        let opened = SealingKey::new(key, version).open(place, wrapped);
        let key = opened.ok().and_then(|bytes| Key::from_slice(&bytes));
        key.ok_or_else(|| {
            KekError::new(
                format!(
                    "鍵暗号化鍵 {} では開けません。別の鍵で包まれたか、変更されています",
                    self.path.display()
                ),
                format!(
                    "the key-encryption key `{}` does not open this: another wrapped it, or it was changed",
                    self.path.display()
                ),
            )
        })
    }

    fn add_version(&self, random: &Key) -> Result<u32, KekError> {
        let next = self.version()?.saturating_add(1);
        let mut versions = self.locked();
        let mut with_next = versions.clone();
        with_next.insert(next, random.clone());
        self.replace(&with_next)?;
        *versions = with_next;
        Ok(next)
    }

    fn destroy_before(&self, version: u32) -> Result<(), KekError> {
        let mut versions = self.locked();
        let kept = versions.clone().split_off(&version);
        if kept.is_empty() {
            return Err(not_a_key(&self.path));
        }
        self.replace(&kept)?;
        *versions = kept;
        Ok(())
    }
}

impl fmt::Debug for FileKek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileKek").field("path", &self.path).finish_non_exhaustive()
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, KekError> {
    let shown = path.display();
    let cannot_read = |error: &std::io::Error| {
        KekError::new(
            format!(
                "鍵暗号化鍵 {shown} を読めません（{error}）。控えから戻すか、`[keys] kek` で場所を示してください"
            ),
            format!(
                "the key-encryption key `{shown}` cannot be read ({error}); put it back from where you keep its copy, or name its place by `kek` under `[keys]` in nattoku.toml"
            ),
        )
    };
    let metadata = std::fs::metadata(path).map_err(|error| cannot_read(&error))?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(KekError::new(
            format!("鍵暗号化鍵 {shown} をほかの人も読めます。`chmod 600 '{shown}'` を行ってください"),
            format!("others may read the key-encryption key `{shown}`; run `chmod 600 '{shown}'`"),
        ));
    }
    if !metadata.is_file() || metadata.len() > BYTES_MAX {
        return Err(not_a_key(path));
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(|error| cannot_read(&error))?);
    let text = std::str::from_utf8(&bytes).map_err(|_| not_a_key(path))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn parse(text: &str) -> Option<([u8; 16], BTreeMap<u32, Key>)> {
    let mut lines = text.lines();
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let id = unhex::<16>(lines.next()?.strip_prefix("id ")?)?;
    let mut versions = BTreeMap::new();
    for line in lines {
        let (version, digits) = line.strip_prefix("key ")?.split_once(' ')?;
        let version: u32 = version.parse().ok().filter(|version| *version > 0)?;
        if versions.insert(version, Key::new(*unhex::<32>(digits)?)).is_some() {
            return None;
        }
    }
    if versions.is_empty() { None } else { Some((*id, versions)) }
}

fn not_a_key(path: &Path) -> KekError {
    let path = path.display();
    KekError::new(
        format!("{path} は鍵暗号化鍵のファイルではありません。別のパスを指定するか、控えから戻してください"),
        format!(
            "`{path}` is not the file of a key-encryption key; give another path, or put it back from where you keep its copy"
        ),
    )
}

/// Makes the file of a key where there is none yet, whole or not at all: a part of one, which a loss of power could leave, would
/// stand in the way of the whole one for ever. `link` gives a file a second name.
fn make(
    path: &Path,
    id: [u8; 16],
    text: &str,
    link: impl FnOnce(&Path, &Path) -> std::io::Result<()>,
) -> std::io::Result<()> {
    // Named for the key: whoever makes another at the same time writes to a file of their own.
    let partial = with_suffix(path, &format!(".{}.partial", hex(&id).as_str()));
    remove(&partial)?;
    write_new(&partial, text).inspect_err(|_| drop(remove(&partial)))?;
    let linked = link(&partial, path);
    let removed = remove(&partial);
    match linked {
        Ok(()) => removed.and_then(|()| sync_folder(path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Some file systems have no links. What is made in part goes again, but not what somebody else has made.
        Err(_) => write_new(path, text).inspect_err(|error| {
            if error.kind() != ErrorKind::AlreadyExists {
                drop(remove(path));
            }
        }),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    PathBuf::from(path)
}

/// Removes a file, where it is there.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file that is not there yet, for its owner alone, and waits for the disk.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Waits until the folder of a file is on disk, so that the file is found after a crash.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        std::fs::File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a file system answers that has no links.
    fn no_links(_: &Path, _: &Path) -> std::io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    #[test]
    fn where_there_are_no_links_a_key_is_made_all_the_same_and_none_is_written_over() {
        let folder = std::env::temp_dir().join(format!("nattoku-kek-no-links-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("kek");
        make(&path, [0x5a; 16], "whole", no_links).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole");
        #[cfg(unix)]
        {
            let mode = std::fs::metadata(&path).unwrap().permissions();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
        }
        let refused = make(&path, [0x5b; 16], "another", no_links).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
