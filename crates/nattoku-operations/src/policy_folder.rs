//! Reading a policy folder into sources.

mod nearest;

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_policy::source::{FILE_BYTES_MAX, Source};
use nattoku_policy::{Words, is_unseen};

use nearest::nearest_folder;

/// Most files read of one folder, its earlier versions included.
const FILES_MAX: usize = 500;

/// Most bytes read of one folder. The largest policy imaginable is a tenth of that.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// The folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no such folder.
    #[error("there is no folder {}", shown(path))]
    Absent {
        /// Which.
        path: PathBuf,
        /// The folder with the nearest name, where one is near.
        nearest: Option<PathBuf>,
    },
    /// A file or folder could not be read.
    #[error("cannot read {}: {source}", shown(path))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What has the name of one of the policy's files is none: passing over it would leave whoever wrote it untold.
    #[error("{} {}", shown(path), found.words().en)]
    NotAFile {
        /// Which.
        path: PathBuf,
        /// What is there.
        found: Instead,
    },
    /// A file has a name with characters that nobody sees: it would steer a terminal, or look like another.
    #[error("the name `{}` holds an invisible character, which no file of a policy may have", shown(.0))]
    Name(PathBuf),
    /// There is no policy in it.
    #[error("{} holds no policy: expected .kdl files and notice.ja.md, notice.en.md", shown(.0))]
    Empty(PathBuf),
    /// There are more files in it than a policy has.
    #[error("{} holds more than {FILES_MAX} files or {} MiB: is this the folder of one policy?", shown(.0), BYTES_MAX / 1024 / 1024)]
    TooMany(PathBuf),
}

/// What stands where a file is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// A folder.
    Folder,
    /// A link that leads to nothing.
    DeadLink,
    /// A pipe, a device, a socket: reading it might never end.
    Device,
}

impl Instead {
    /// What is said of it, after its name.
    fn words(self) -> Words {
        match self {
            Self::Folder => Words::new(
                "はフォルダーです。この名前のものは、ポリシーのファイルとして読みます",
                "is a folder, where a file of the policy is expected",
            ),
            Self::DeadLink => Words::new("の指す先がありません", "is a link that leads to nothing"),
            Self::Device => Words::new(
                "はファイルではありません。ポリシーはファイルから読みます",
                "is no file, where a file of the policy is expected",
            ),
        }
    }

    /// How to mend it.
    fn help(self) -> Words {
        match self {
            Self::Folder => Words::new(
                "フォルダーの名前を変えるか、ほかの場所に移してください",
                "give the folder another name, or move it away",
            ),
            Self::DeadLink => {
                Words::new("リンクを直すか、取り除いてください", "mend the link, or take it away")
            }
            Self::Device => Words::new(
                "ファイルに置き換えるか、取り除いてください",
                "put a file in its place, or take it away",
            ),
        }
    }
}

impl FolderError {
    /// The sentence for a person.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (_, Language::En) => self.to_string(),
            (Self::Absent { path, .. }, Language::Ja) => {
                format!("フォルダー {} はありません", shown(path))
            }
            (Self::Read { path, source }, Language::Ja) => {
                format!("{} を読めません: {source}", shown(path))
            }
            (Self::NotAFile { path, found }, Language::Ja) => {
                format!("{} {}", shown(path), found.words().ja)
            }
            (Self::Name(path), Language::Ja) => {
                format!(
                    "`{}` の名前に目に見えない文字があります。ポリシーのファイルには使えません",
                    shown(path)
                )
            }
            (Self::Empty(path), Language::Ja) => {
                format!(
                    "{} にポリシーがありません。.kdl ファイルと notice.ja.md、notice.en.md が必要です",
                    shown(path)
                )
            }
            (Self::TooMany(path), Language::Ja) => format!(
                "{} のファイルが多すぎるか、大きすぎます。一つのポリシーのフォルダーですか",
                shown(path)
            ),
        }
    }

    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<Words> {
        match self {
            Self::Absent { nearest: Some(near), .. } => Some(Words::new(
                format!("`{}` のことでしょうか", shown(near)),
                format!("did you mean `{}`?", shown(near)),
            )),
            Self::Absent { nearest: None, .. } => Some(Words::new(
                "ポリシーの .kdl ファイルがあるフォルダーを指定してください",
                "give the folder in which the .kdl files of the policy are",
            )),
            Self::Read { source, .. } if source.kind() == ErrorKind::PermissionDenied => Some(Words::new(
                "読み取りの権限を確かめてください",
                "see to it that it may be read by whoever runs this",
            )),
            Self::NotAFile { found, .. } => Some(found.help()),
            Self::Name(_) => Some(Words::new("名前を変えてください", "give it another name")),
            Self::Read { .. } | Self::Empty(_) | Self::TooMany(_) => None,
        }
    }
}

/// A path for a message: what nobody sees in it is written as an escape, so that it steers no terminal.
fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for c in path.to_string_lossy().chars() {
        if is_unseen(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// Reads the `.kdl` files and notices of a policy folder, those of the versions below `earlier/`, and the law packs that it
/// brings below `packs/`, in the order of their names. Other files are left alone.
///
/// # Errors
/// Where there is no such folder, it or a file of it cannot be read, what has the name of such a file is none, a name has what nobody sees, or
/// there is no policy in it.
pub fn read_folder(folder: &Path) -> Result<Vec<Source>, FolderError> {
    if !folder.is_symlink() && folder.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Err(FolderError::Absent { path: folder.to_owned(), nearest: nearest_folder(folder) });
    }
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
    if below.symlink_metadata().is_ok() && what_is(&below)?.is_dir() {
        for (path, name) in entries(&below)? {
            if what_is(&path)?.is_dir() {
                is_seen(&path, &name)?;
                read_into(&path, &format!("{part}/{name}/"), sources)?;
            }
        }
    }
    Ok(())
}

fn read_into(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<(), FolderError> {
    for (path, name) in entries(folder)? {
        let is_source = name.ends_with(".kdl") || (name.starts_with("notice.") && name.ends_with(".md"));
        if !is_source {
            continue;
        }
        is_seen(&path, &name)?;
        let found = what_is(&path)?;
        if !found.is_file() {
            let found = if found.is_dir() { Instead::Folder } else { Instead::Device };
            return Err(FolderError::NotAFile { path, found });
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

/// Refuses a name with characters that nobody sees.
fn is_seen(path: &Path, name: &str) -> Result<(), FolderError> {
    if name.chars().any(is_unseen) { Err(FolderError::Name(path.to_owned())) } else { Ok(()) }
}

/// What is at a path, or where the link leads that is there.
fn what_is(path: &Path) -> Result<Metadata, FolderError> {
    path.metadata().map_err(|source| {
        let is_dead = source.kind() != ErrorKind::PermissionDenied && path.is_symlink();
        if is_dead {
            FolderError::NotAFile { path: path.to_owned(), found: Instead::DeadLink }
        } else {
            FolderError::Read { path: path.to_owned(), source }
        }
    })
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
            let source = std::io::Error::new(ErrorKind::InvalidInput, "its name is not UTF-8");
            return Err(FolderError::Read { path: entry.path(), source });
        };
        if !name.starts_with('.') {
            entries.push((entry.path(), name));
        }
    }
    entries.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_read_is_told_with_how_to_mend_it_in_both_languages() {
        let read = |kind| FolderError::Read {
            path: PathBuf::from("carrier/data.kdl"),
            source: std::io::Error::from(kind),
        };
        let refused = read(ErrorKind::PermissionDenied);
        assert!(refused.sentence(Language::En).starts_with("cannot read carrier/data.kdl: "));
        assert!(refused.sentence(Language::Ja).starts_with("carrier/data.kdl を読めません: "));
        let help = refused.help().unwrap();
        assert!(help.en.contains("may be read") && help.ja.contains("権限"));
        assert_eq!(read(ErrorKind::Other).help(), None);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_with_the_nearest_one_or_with_what_to_give() {
        let here = std::env::temp_dir().join(format!("nattoku-absent-{}", std::process::id()));
        std::fs::create_dir_all(here.join("policies/carrier")).unwrap();
        std::fs::create_dir_all(here.join("policy")).unwrap();
        std::fs::write(here.join("policies/carier"), "no folder").unwrap();
        for (wanted, near) in [
            ("policies/carrer", Some("policies/carrier")),
            ("policies/CARRIER-", Some("policies/carrier")),
            // `policy` is nearer to what was written, but has no such folder.
            ("polici/carrier", Some("policies/carrier")),
            ("policies/carrier/earlier", None),
            ("policies/horoscopes", None),
            ("absent/absent", None),
        ] {
            let error = read_folder(&here.join(wanted)).unwrap_err();
            let FolderError::Absent { nearest, .. } = &error else { panic!("{error:?}") };
            assert_eq!(nearest.as_deref(), near.map(|near| here.join(near)).as_deref(), "{wanted}");
            let (help, near) = (error.help().unwrap(), near.unwrap_or("の .kdl ファイル"));
            assert!(help.ja.contains(near), "{wanted}: {}", help.ja);
            assert_eq!(help.en.starts_with("did you mean"), nearest.is_some(), "{}", help.en);
            let shown = here.join(wanted).display().to_string();
            for language in Language::ALL {
                assert!(error.sentence(language).contains(&shown));
            }
        }
        std::fs::remove_dir_all(here).unwrap();
    }
}
