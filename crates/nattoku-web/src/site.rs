//! A rendered site: the pages and files of the notice as a folder, made by the same functions as the server's.
//!
//! A page at `/ja/privacy` becomes `ja/privacy.html`, and every link is written relative to the file it stands in, so that the
//! folder works below any address and from a disk. The same policy gives the same bytes: nothing here asks the time, and what
//! would depend on the day (whether a desk is open) is left out.

mod links;
mod paper;
mod start;

use std::collections::BTreeMap;

use nattoku_model::Language;
use nattoku_model::name::VersionName;
use nattoku_operations::Publication;

use crate::assets;
use crate::dates::Dates;
use crate::notice::address::{Page, version_path};
use crate::notice::file::File;
use crate::notice::page;
use crate::reading::{Paper, Reading};
use crate::words::Words;

pub use links::DeadLink;
pub use paper::{PaperSource, papers};

/// A PDF file for a version in a language.
#[derive(Debug, Clone)]
pub struct PaperFile {
    /// The version.
    pub version: VersionName,
    /// The language.
    pub language: Language,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A site as files.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Content by path with `/` between its parts, in the order of the paths.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Addresses elsewhere that pages lead to; whether they are there is not known.
    pub external: Vec<String>,
    /// Links that lead nowhere. A site with any is not fit to be published.
    pub dead: Vec<DeadLink>,
}

/// The site could not be made.
#[derive(Debug)]
pub enum SiteError {
    /// A template failed: a fault of ours.
    Template(String),
    /// Two pages would have the same file where large and small letters count alike.
    SameFile(String),
}

/// Renders a site. `progress` is told after each page how many are done, of how many.
///
/// # Errors
/// Where two pages would have the same file, or a template fails.
pub fn render(
    publication: &Publication,
    papers: &[PaperFile],
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Site, SiteError> {
    let sizes: Vec<Paper> = papers
        .iter()
        .map(|p| Paper { version: p.version.to_string(), language: p.language, size: p.bytes.len() })
        .collect();
    let pages = Page::all(publication);
    let languages = languages(publication);
    let total = pages.len().saturating_mul(languages.len());
    let mut files = Files::default();
    let mut done = 0_usize;
    for language in &languages {
        let dates = Dates::new(*language, publication.current().timezone.clone());
        for page in &pages {
            let path = page.path(publication.current());
            let address = format!("/{language}/{path}");
            let reading = reading(publication, *language, &dates, &address, &sizes);
            let html = page::render(&reading, page).map_err(|e| SiteError::Template(e.to_string()))?;
            files.add(&address, format!("{language}/{path}.html"), html.into_bytes())?;
            done = done.saturating_add(1);
            progress(done, total);
        }
        let reading = reading(publication, *language, &dates, "", &sizes);
        for (path, file) in File::all(publication) {
            if let Some(content) = file.content(&reading) {
                files.add_as_is(&format!("/{language}/{path}"), content.into_bytes())?;
            }
        }
        for paper in papers.iter().filter(|p| p.language == *language) {
            let stays = format!("/{language}/{}.pdf", version_path(&paper.version));
            files.add_as_is(&stays, paper.bytes.clone())?;
            if paper.version == publication.current().version {
                files.add_as_is(&format!("/{language}/privacy.pdf"), paper.bytes.clone())?;
            }
        }
    }
    files.add_as_is(assets::stylesheet_address(), assets::STYLESHEET.into())?;
    files.add_as_is(assets::icon_address(), assets::ICON.into())?;
    let template = |error: askama::Error| SiteError::Template(error.to_string());
    files.add(
        "/",
        "index.html".to_owned(),
        start::index(publication, &languages).map_err(template)?.into(),
    )?;
    files.add(
        "/404",
        "404.html".to_owned(),
        start::lost(publication, &languages).map_err(template)?.into(),
    )?;
    Ok(links::follow(&files))
}

/// The languages of a policy, in the order in which pages offer them.
fn languages(publication: &Publication) -> Vec<Language> {
    let written = &publication.current().languages;
    Language::ALL.into_iter().filter(|l| written.contains(l)).collect()
}

fn reading<'a>(
    publication: &'a Publication,
    language: Language,
    dates: &'a Dates,
    address: &'a str,
    papers: &'a [Paper],
) -> Reading<'a> {
    Reading {
        publication,
        language,
        words: Words::of(language),
        dates,
        now: None,
        address,
        papers,
        has_dashboard: false,
    }
}

/// The files so far, and at which address each is.
#[derive(Default)]
struct Files {
    content: BTreeMap<String, Vec<u8>>,
    /// Address to path: `/ja/privacy` to `ja/privacy.html`.
    by_address: BTreeMap<String, String>,
    lower_case: BTreeMap<String, String>,
}

impl Files {
    fn add(&mut self, address: &str, path: String, bytes: Vec<u8>) -> Result<(), SiteError> {
        if self.lower_case.insert(path.to_lowercase(), path.clone()).is_some() {
            return Err(SiteError::SameFile(path));
        }
        self.by_address.insert(address.to_owned(), path.clone());
        self.content.insert(path, bytes);
        Ok(())
    }

    /// A file whose address is its path.
    fn add_as_is(&mut self, address: &str, bytes: Vec<u8>) -> Result<(), SiteError> {
        self.add(address, address.trim_start_matches('/').to_owned(), bytes)
    }
}
