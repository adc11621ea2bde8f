//! What is open, and the policy folders that it belongs to.

use std::collections::BTreeMap;
use std::ops::Range as Bytes;
use std::path::{Path, PathBuf};

use gen_lsp_types::{Location, Position, PublishDiagnosticsParams, Range, Uri};
use nattoku_model::Language;
use nattoku_policy::index::Index;
use nattoku_policy::source::FileId;
use nattoku_policy::{Checked, Label};

use crate::diagnostics;
use crate::documents::Document;
use crate::folder::{self, Folder};
use crate::position::{Encoding, Lines};
use crate::uri;

/// Everything that the server knows.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The language of messages.
    pub(crate) language: Language,
    /// How the editor counts characters.
    pub(crate) encoding: Encoding,
    documents: BTreeMap<PathBuf, Document>,
    folders: BTreeMap<PathBuf, Folder>,
}

impl Workspace {
    pub(crate) const fn new(language: Language) -> Self {
        Self { language, encoding: Encoding::Utf16, documents: BTreeMap::new(), folders: BTreeMap::new() }
    }

    /// A text was opened.
    pub(crate) fn open(&mut self, document: Document) {
        let Some(path) = uri::to_path(&document.uri) else { return };
        self.documents.insert(path.clone(), document);
        self.touch(&path);
    }

    /// An open text, to be changed.
    pub(crate) fn document_mut(&mut self, uri: &Uri) -> Option<&mut Document> {
        let path = uri::to_path(uri)?;
        if self.documents.contains_key(&path) {
            self.touch(&path);
        }
        self.documents.get_mut(&path)
    }

    /// An open text.
    pub(crate) fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(&uri::to_path(uri)?)
    }

    /// A text was closed: from now on what is on the disk counts.
    pub(crate) fn close(&mut self, uri: &Uri) {
        let Some(path) = uri::to_path(uri) else { return };
        if self.documents.remove(&path).is_some() {
            self.touch(&path);
        }
    }

    /// Something changed on the disk.
    pub(crate) fn touch_all(&mut self) {
        for folder in self.folders.values_mut() {
            folder.is_stale = true;
        }
    }

    /// What belongs to the folder of a file is to be checked anew. A folder that was a policy once stays one, even
    /// while its `policy` node is being typed.
    fn touch(&mut self, path: &Path) {
        let known = self.folders.values().find(|folder| folder.name_of(path).is_some());
        let root = known.map(|folder| folder.root.clone());
        let Some(root) = root.or_else(|| folder::root_of(path, &self.documents)) else { return };
        self.folders.entry(root.clone()).or_insert_with(|| Folder::new(root)).is_stale = true;
    }

    /// What the editor has to be told now; what changed is checked anew first.
    pub(crate) fn news(&mut self) -> News {
        let mut news = News::default();
        for folder in self.folders.values_mut() {
            folder.refresh(&self.documents, self.language);
            news.troubles.extend(folder.trouble.take());
            if !std::mem::take(&mut folder.has_news) {
                continue;
            }
            let (documents, encoding, language) = (&self.documents, self.encoding, self.language);
            let told = {
                let folder = &*folder;
                diagnostics::of_folder(folder, |file| View { documents, folder, file, encoding, language })
            };
            news.diagnostics.extend(diagnostics::news(&folder.told, &told));
            folder.told = told;
        }
        news
    }

    /// A file of a policy as it stands now; none for a file of no policy.
    pub(crate) fn view(&mut self, uri: &Uri) -> Option<View<'_>> {
        let path = uri::to_path(uri)?;
        let root = self.folders.values().find(|folder| folder.name_of(&path).is_some())?.root.clone();
        self.folders.get_mut(&root)?.refresh(&self.documents, self.language);
        let folder = self.folders.get(&root)?;
        let file = folder.file_of(&path)?;
        Some(View {
            documents: &self.documents,
            folder,
            file,
            encoding: self.encoding,
            language: self.language,
        })
    }
}

/// What the editor has to be told.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Folders that cannot be read.
    pub(crate) troubles: Vec<String>,
    /// The files of which something else is to be said than before.
    pub(crate) diagnostics: Vec<PublishDiagnosticsParams>,
}

/// A file of a policy, and through it the whole folder, as last checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'w> {
    documents: &'w BTreeMap<PathBuf, Document>,
    pub(crate) folder: &'w Folder,
    pub(crate) file: FileId,
    encoding: Encoding,
    pub(crate) language: Language,
}

impl<'w> View<'w> {
    pub(crate) const fn checked(&self) -> &'w Checked {
        &self.folder.checked
    }

    /// The names of the version that the file belongs to.
    pub(crate) fn index(&self) -> Option<&'w Index> {
        self.folder.index_of(self.file)
    }

    pub(crate) fn text(&self) -> &'w str {
        self.checked().files.text(self.file)
    }

    /// The byte of a place in the file.
    pub(crate) fn offset(&self, position: Position) -> usize {
        self.lines(self.file).offset(position)
    }

    /// The bytes between two places in the file.
    pub(crate) fn span(&self, range: Range) -> Bytes<usize> {
        self.lines(self.file).span(range)
    }

    /// The place of bytes of the file.
    pub(crate) fn range(&self, span: &Bytes<usize>) -> Range {
        self.lines(self.file).range(span)
    }

    /// The place of a label in any file of the folder.
    pub(crate) fn location(&self, label: &Label) -> Location {
        Location { uri: self.uri(label.file), range: self.lines(label.file).range(&label.span) }
    }

    /// The address of a file of the folder, as the editor writes it where it has it open.
    pub(crate) fn uri(&self, file: FileId) -> Uri {
        let path = self.folder.path_of(file);
        self.documents.get(&path).map_or_else(|| uri::from_path(&path), |document| document.uri.clone())
    }

    /// The editor's number of a file's state, where it has it open.
    pub(crate) fn version(&self) -> Option<i32> {
        self.documents.get(&self.folder.path_of(self.file)).map(|document| document.version)
    }

    pub(crate) fn lines(&self, file: FileId) -> Lines<'w> {
        let has_mark = self.documents.get(&self.folder.path_of(file)).is_some_and(Document::has_mark);
        Lines::new(self.checked().files.text(file), self.encoding, has_mark)
    }
}
