//! The pages of the notice as pages: each is a function of a reading alone.

mod accessibility;
mod brief;
mod claims;
mod difference;
pub(crate) mod glossary;
mod listing;
mod print;
mod short;
mod sitemap;
mod versions;
mod whole;

use askama::Template;
use nattoku_model::policy::Policy;

pub(crate) use whole::sections_of;

use super::address::Page;
use super::{Shown, ShownSection, Tables};
use crate::frame::Frame;
use crate::reading::Reading;
use short::Short;

/// A page of the notice: what it is about first, then sections.
#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct NoticePage<'a> {
    frame: Frame<'a>,
    /// The whole in a sentence, before everything else.
    sentence: Option<String>,
    /// What the page is about, after the few lines.
    lead: Vec<Shown>,
    /// The notice in a few lines; on the page of the whole notice and on the short one.
    short: Vec<Short>,
    /// What stands before the first section.
    intro: Vec<Shown>,
    sections: Vec<ShownSection>,
    /// The other pages: words, address, whether it is this one.
    pages: Vec<(String, String, bool)>,
    /// The same as files: words, address.
    files: Vec<(String, String)>,
}

/// Renders a page of the notice.
///
/// # Errors
/// Where a template fails, which would be a fault of ours.
pub(crate) fn render(reading: &Reading<'_>, page: &Page) -> askama::Result<String> {
    let policy = reading.publication.current();
    let tables = Tables::new(reading, policy);
    match page {
        Page::Whole => whole::current(&tables).render(),
        Page::Short => brief::page(&tables).render(),
        Page::Print => print::page(&tables).render(),
        Page::Claims => claims::page(&tables).render(),
        Page::Purpose(name) => listing::purpose(&tables, name).render(),
        Page::Recipients => listing::recipients(&tables).render(),
        Page::Processors => listing::processors(&tables).render(),
        Page::JointUse => listing::joint_use(&tables).render(),
        Page::Anonymized => listing::anonymized(&tables).render(),
        Page::ExternalTransmission => listing::external_transmission(&tables).render(),
        Page::Contact => listing::contact(&tables).render(),
        Page::Documents => listing::documents(&tables).render(),
        Page::Glossary => glossary::page(&tables).render(),
        Page::Versions => versions::page(&tables).render(),
        Page::Version(version) => whole::version(reading, version).render(),
        Page::Difference(older, newer) => difference::page(&tables, older, newer).render(),
        Page::Accessibility => accessibility::page(&tables).render(),
        Page::Sitemap => sitemap::page(&tables).render(),
    }
}

impl<'a> NoticePage<'a> {
    /// A page with a title and a sentence on what it is about.
    fn new(tables: &Tables<'a>, page: &Page, title: String, lead: Vec<Shown>) -> Self {
        let reading = tables.reading;
        Self {
            frame: Frame::of(reading, title, page.place(reading.has_dashboard)),
            sentence: None,
            lead,
            short: Vec::new(),
            intro: Vec::new(),
            sections: Vec::new(),
            pages: pages(tables, page),
            files: Vec::new(),
        }
    }

    fn with(mut self, sections: Vec<ShownSection>) -> Self {
        self.sections = sections;
        self
    }
}

impl ShownSection {
    /// A section without parts.
    pub(crate) fn new(anchor: impl Into<String>, heading: impl Into<String>, content: Vec<Shown>) -> Self {
        Self { anchor: anchor.into(), heading: heading.into(), content, parts: Vec::new() }
    }
}

/// The pages that every page of the notice leads to.
fn pages(tables: &Tables<'_>, here: &Page) -> Vec<(String, String, bool)> {
    let listed = [
        Page::Whole,
        Page::Short,
        Page::Recipients,
        Page::Processors,
        Page::JointUse,
        Page::Anonymized,
        Page::ExternalTransmission,
        Page::Claims,
        Page::Contact,
        Page::Documents,
        Page::Glossary,
        Page::Versions,
        Page::Print,
    ];
    listed
        .into_iter()
        .map(|page| {
            let address = tables.reading.link(&page.path(tables.policy));
            (name(tables, &page), address, page == *here)
        })
        .collect()
}

/// What a page is called in lists of pages.
fn name(tables: &Tables<'_>, page: &Page) -> String {
    let words = tables.words;
    match page {
        Page::Whole => words.get("nav-notice"),
        Page::Purpose(name) => {
            let purpose = tables.policy.purposes.get(name);
            let (number, title) =
                purpose.map(|p| (p.number.as_str(), tables.text(&p.title))).unwrap_or_default();
            words.fill2("page-purpose", number, title)
        }
        Page::Short => words.get("page-short"),
        Page::Print => words.get("page-print"),
        Page::Claims => words.get("page-claims"),
        Page::Recipients => words.get("page-recipients"),
        Page::Processors => words.get("page-processors"),
        Page::JointUse => words.get("page-joint-use"),
        Page::Anonymized => words.get("page-anonymized"),
        Page::ExternalTransmission => words.get("page-external-transmission"),
        Page::Contact => words.get("page-contact"),
        Page::Documents => words.get("page-documents"),
        Page::Glossary => words.get("page-glossary"),
        Page::Versions => words.get("page-versions"),
        Page::Version(version) => words.fill("page-version", version.as_str()),
        Page::Difference(older, newer) => words.fill2("page-difference", older.as_str(), newer.as_str()),
        Page::Accessibility => words.get("page-accessibility"),
        Page::Sitemap => words.get("page-sitemap"),
    }
}

/// The notice of a version as files: words with kind and size, address.
fn files(reading: &Reading<'_>, policy: &Policy, path: &str) -> Vec<(String, String)> {
    let words = reading.words;
    let mut files = Vec::new();
    if let Some(size) = reading.paper(policy.version.as_str()) {
        let kilobytes = size.div_ceil(1000).to_string();
        files.push((words.fill("file-pdf", &kilobytes), reading.link(&format!("{path}.pdf"))));
    }
    files.push((words.get("file-text"), reading.link(&format!("{path}.txt"))));
    files.push((words.get("file-json"), reading.link(&format!("{path}.json"))));
    files
}
