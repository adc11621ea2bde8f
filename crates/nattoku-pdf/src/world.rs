//! What `typst` may see: one template, one JSON, two fonts. No file, no network, no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::{Fonts, PdfError};

const TEMPLATE: &str = include_str!("../templates/notice.typ");

/// The sources of one document.
pub(crate) struct Sources {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    notice: (FileId, Bytes),
}

impl Sources {
    pub(crate) fn new(notice: &str, foot: &str, fonts: &Fonts) -> Result<Self, PdfError> {
        let mut inputs = Dict::new();
        inputs.insert("foot".into(), Value::Str(foot.into()));
        let fonts: Vec<Font> =
            fonts.files.iter().flat_map(|file| Font::iter(Bytes::new(file.clone()))).collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("notice.typ")?, TEMPLATE.to_owned()),
            notice: (file("notice.json")?, Bytes::new(notice.as_bytes().to_vec())),
        })
    }
}

fn file(name: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|error| PdfError::Set(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Sources {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.notice.0 { Ok(self.notice.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// A document that asked would differ from day to day.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
