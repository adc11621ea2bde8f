//! One policy folder: what is on the disk with what is open laid over it, and what the check says of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nattoku_analysis::check;
use nattoku_model::Language;
use nattoku_operations::{FolderError, read_folder};
use nattoku_policy::index::Index;
use nattoku_policy::source::FileId;
use nattoku_policy::{Checked, Source};

use crate::diagnostics::Told;
use crate::documents::Document;

/// A policy folder.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Where it is.
    pub(crate) root: PathBuf,
    /// What was found when it was last checked.
    pub(crate) checked: Checked,
    /// Whether something changed since.
    pub(crate) is_stale: bool,
    /// Whether it was checked since the editor was last told.
    pub(crate) has_news: bool,
    /// What the editor was last told of each file.
    pub(crate) told: BTreeMap<String, Told>,
    /// Why the folder cannot be read, to be told once.
    pub(crate) trouble: Option<String>,
    was_in_trouble: bool,
}

impl Folder {
    /// A folder that is still to be checked.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            checked: Checked::default(),
            is_stale: true,
            has_news: false,
            told: BTreeMap::new(),
            trouble: None,
            was_in_trouble: false,
        }
    }

    /// Checks the folder anew where something changed.
    pub(crate) fn refresh(&mut self, documents: &BTreeMap<PathBuf, Document>, language: Language) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let mut sources = match read_folder(&self.root) {
            Ok(sources) => sources,
            // What is open is all there is.
            Err(FolderError::Empty(_)) => Vec::new(),
            Err(error) => {
                if !std::mem::replace(&mut self.was_in_trouble, true) {
                    let why = match language {
                        Language::Ja => "ポリシーのフォルダーを読めません",
                        Language::En => "the policy's folder cannot be read",
                    };
                    self.trouble = Some(format!("{why}: {}", error.sentence(language)));
                }
                Vec::new()
            }
        };
        for (path, document) in documents {
            let Some(name) = self.name_of(path) else { continue };
            let bytes = document.text.as_bytes();
            match sources.iter_mut().find(|s| s.name == name) {
                Some(source) => source.bytes = bytes.to_vec(),
                None => sources.push(Source::new(name, bytes)),
            }
        }
        self.checked = check(&sources);
        self.has_news = true;
    }

    /// What the check calls a file of this folder; none for what does not belong to it.
    pub(crate) fn name_of(&self, path: &Path) -> Option<String> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Vec<&str> = relative.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
        let belongs = matches!(parts.as_slice(), [file] | ["earlier" | "packs", _, file] if is_source(file));
        belongs.then(|| parts.join("/"))
    }

    /// The path of a file of the check.
    pub(crate) fn path_of(&self, file: FileId) -> PathBuf {
        let name = self.checked.files.name(file);
        name.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// The file of a path, as the check last saw it.
    pub(crate) fn file_of(&self, path: &Path) -> Option<FileId> {
        let name = self.name_of(path)?;
        self.checked.files.ids().find(|file| self.checked.files.name(*file) == name)
    }

    /// The names of the version that a file belongs to.
    pub(crate) fn index_of(&self, file: FileId) -> Option<&Index> {
        let name = self.checked.files.name(file);
        let version = name.strip_prefix("earlier/").and_then(|rest| rest.split_once('/')).map(|(v, _)| v);
        self.checked.indexes.iter().find(|index| index.version() == version)
    }
}

/// Whether a file of that name is part of a policy.
fn is_source(name: &str) -> bool {
    !name.starts_with('.') && (name.ends_with(".kdl") || is_notice(name))
}

fn is_notice(name: &str) -> bool {
    name.starts_with("notice.") && name.ends_with(".md")
}

/// The policy folder that a file belongs to: the one it stands in, or the one whose `earlier/VERSION/` or `packs/LAW/` it
/// stands in.
/// None for a file of no policy: KDL has other uses.
pub(crate) fn root_of(path: &Path, documents: &BTreeMap<PathBuf, Document>) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    if !is_source(name) {
        return None;
    }
    if let Some(above) = folder.parent()
        && let Some(root) = above.parent()
    {
        let is_earlier = above.file_name().is_some_and(|n| n == "earlier");
        let is_pack = above.file_name().is_some_and(|n| n == "packs") && holds_policy(root);
        if is_earlier || is_pack {
            return Some(root.to_owned());
        }
    }
    let is_policy = name == "policy.kdl"
        || is_notice(name)
        || folder.join("policy.kdl").is_file()
        || folder.join("earlier").is_dir()
        || documents
            .iter()
            .any(|(other, document)| other.parent() == Some(folder) && declares_policy(&document.text));
    (is_policy || holds_policy(folder)).then(|| folder.to_owned())
}

/// Whether some file of a folder has the `policy` node.
fn holds_policy(folder: &Path) -> bool {
    let Ok(sources) = read_folder(folder) else { return false };
    sources
        .iter()
        .any(|s| s.name.ends_with(".kdl") && std::str::from_utf8(&s.bytes).is_ok_and(declares_policy))
}

fn declares_policy(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().strip_prefix("policy").is_some_and(|rest| rest.starts_with(char::is_whitespace))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_folder_of_its_policy() {
        let carrier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier");
        let none = BTreeMap::new();
        for file in ["policy.kdl", "data.kdl", "notice.ja.md", "new.kdl", "earlier/2015-10-01/policy.kdl"] {
            assert_eq!(root_of(&carrier.join(file), &none).as_ref(), Some(&carrier), "{file}");
        }
        assert_eq!(root_of(&carrier.join("read.me"), &none), None);
        assert_eq!(root_of(Path::new("/nowhere/config.kdl"), &none), None);
        let folder = Folder::new(carrier.clone());
        assert_eq!(folder.name_of(&carrier.join("earlier/v/a.kdl")).as_deref(), Some("earlier/v/a.kdl"));
        for stranger in ["below/a.kdl", "earlier/a.kdl", ".a.kdl", "a.txt"] {
            assert_eq!(folder.name_of(&carrier.join(stranger)), None, "{stranger}");
        }
    }
}
