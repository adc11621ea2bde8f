//! Who reads a page of the notice, and where: all that such a page is a function of, on the server and in a rendered site.

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_operations::Publication;

use crate::dates::Dates;
use crate::words::Words;

/// One reading of a page that is for everybody.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// What is read.
    pub(crate) publication: &'a Publication,
    pub(crate) language: Language,
    pub(crate) words: &'static Words,
    pub(crate) dates: &'a Dates,
    /// The present instant; none in a rendered site, whose bytes do not depend on the day it is made.
    pub(crate) now: Option<Timestamp>,
    /// The address of the page: path and query.
    pub(crate) address: &'a str,
    /// The PDF files there are, by version and size; none on the server, which makes none.
    pub(crate) papers: &'a [Paper],
    /// Whether the Personal Data Dashboard stands beside the page.
    pub(crate) has_dashboard: bool,
}

/// A PDF file of a version in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) version: String,
    pub(crate) language: Language,
    /// Its size in bytes.
    pub(crate) size: usize,
}

impl Reading<'_> {
    /// An address on this site in the language of the reading: `privacy/versions` → `/ja/privacy/versions`.
    pub(crate) fn link(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.language)
    }

    /// The size of the PDF of a version in the language of the reading, if there is one.
    pub(crate) fn paper(&self, version: &str) -> Option<usize> {
        let found = self.papers.iter().find(|p| p.version == version && p.language == self.language);
        found.map(|paper| paper.size)
    }
}
