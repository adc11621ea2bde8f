//! The whole notice on one page, of the current version and of each other.

use nattoku_model::name::VersionName;
use nattoku_model::policy::Policy;

use super::super::address::{Page, version_path};
use super::{NoticePage, brief, files, short};
use crate::notice::{Shown, ShownSection, Tables};
use crate::reading::Reading;

/// The version that is read by default.
pub(super) fn current<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let reading = tables.reading;
    let mut page = whole(tables, &Page::Whole);
    page.sentence = Some(brief::sentence(tables));
    page.short = short::of(tables);
    page.files = files(reading, tables.policy, "privacy");
    page.files.push((tables.words.get("file-feed"), reading.link("feed.atom")));
    page
}

/// Any version; where its text is not at hand, the page says so.
pub(super) fn version<'a>(reading: &'a Reading<'a>, version: &VersionName) -> NoticePage<'a> {
    let here = Page::Version(version.clone());
    let policy = reading.publication.versions().get(version).unwrap_or(reading.publication.current());
    let tables = Tables::new(reading, policy);
    let mut page = whole(&tables, &here);
    if reading.publication.notice(version, reading.language).is_some() {
        page.files = files(reading, policy, &version_path(version));
    }
    page
}

fn whole<'a>(tables: &Tables<'a>, here: &Page) -> NoticePage<'a> {
    let reading = tables.reading;
    let policy = tables.policy;
    let notice = reading.publication.notice(&policy.version, reading.language);
    let title = match (notice, here) {
        (Some(notice), Page::Whole) => notice.title.clone(),
        _ => tables.words.fill("page-version", policy.version.as_str()),
    };
    let mut lead = vec![tables.edition()];
    lead.extend(standing(tables, here));
    let mut page = NoticePage::new(tables, here, title, lead);
    if let Some(notice) = notice {
        page.intro = tables.intro(notice);
        page.sections = tables.sections(notice);
    }
    page
}

/// Whether a version is the one in force, and whether its text is at hand (A2).
fn standing(tables: &Tables<'_>, here: &Page) -> Vec<Shown> {
    let words = tables.words;
    let policy = tables.policy;
    let mut said = Vec::new();
    if *here != Page::Whole {
        match after(tables, policy) {
            Some(newer) => said.push(Shown::paragraph(words.fill2(
                "version-replaced",
                newer.version.as_str(),
                &tables.dates.day(&newer.effective),
            ))),
            None => said.push(Shown::paragraph(words.get("version-newest"))),
        }
    }
    if policy.text_absent {
        said.push(Shown::paragraph(words.get("version-text-absent")));
    } else if tables.reading.publication.notice(&policy.version, tables.language).is_none() {
        said.push(Shown::paragraph(words.get("version-notice-absent")));
    }
    said
}

/// The version that replaced `policy`.
pub(super) fn after<'a>(tables: &Tables<'a>, policy: &Policy) -> Option<&'a Policy> {
    let versions = tables.reading.publication.versions().oldest_first();
    versions.into_iter().find(|other| other.effective > policy.effective)
}

/// Title, what stands before the first section, and the sections of a version's notice; none where its text is not at hand.
pub(crate) fn sections_of(
    reading: &Reading<'_>,
    policy: &Policy,
) -> Option<(String, Vec<Shown>, Vec<ShownSection>)> {
    let notice = reading.publication.notice(&policy.version, reading.language)?;
    let tables = Tables::new(reading, policy);
    let mut before = vec![tables.edition()];
    before.extend(tables.intro(notice));
    Some((notice.title.clone(), before, tables.sections(notice)))
}
