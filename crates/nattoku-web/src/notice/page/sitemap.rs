//! Every page and file of the notice.

use super::super::address::Page;
use super::{NoticePage, files, name};
use crate::notice::{Shown, ShownSection, Tables};

/// The list of all pages in this language.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let reading = tables.reading;
    let entry =
        |page: &Page| (Some(reading.link(&page.path(tables.policy))), name(tables, page), String::new());
    let pages = Page::all(reading.publication).iter().map(entry).collect();
    let mut sections =
        vec![ShownSection::new("pages", words.get("sitemap-pages"), vec![Shown::Links { items: pages }])];
    if reading.publication.notice(&tables.policy.version, reading.language).is_some() {
        let mut items: Vec<_> = files(reading, tables.policy, "privacy")
            .into_iter()
            .map(|(text, address)| (Some(address), text, String::new()))
            .collect();
        items.push((Some(reading.link("feed.atom")), words.get("file-feed"), String::new()));
        sections.push(ShownSection::new("files", words.get("sitemap-files"), vec![Shown::Links { items }]));
    }
    let lead = vec![Shown::paragraph(words.get("sitemap-lead"))];
    NoticePage::new(tables, &Page::Sitemap, name(tables, &Page::Sitemap), lead).with(sections)
}
