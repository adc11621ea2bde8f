//! Every version with its dates, its files and what it changed (R7, R74).

use nattoku_model::policy::Policy;

use super::super::address::{Page, compared, version_path};
use super::{NoticePage, files, name, whole};
use crate::notice::{Shown, ShownSection, Tables};

/// The versions, newest first.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let versions = tables.reading.publication.versions().oldest_first();
    let sections = versions.iter().rev().map(|policy| section(tables, policy, &versions)).collect();
    let lead = vec![Shown::paragraph(tables.words.get("page-versions-lead"))];
    let mut page = NoticePage::new(tables, &Page::Versions, name(tables, &Page::Versions), lead);
    let feed = (Some(tables.reading.link("feed.atom")), tables.words.get("file-feed"), String::new());
    page.intro = vec![Shown::Links { items: vec![feed] }];
    page.with(sections)
}

fn section(tables: &Tables<'_>, policy: &Policy, versions: &[&Policy]) -> ShownSection {
    let words = tables.words;
    let reading = tables.reading;
    let at_hand =
        !policy.text_absent && reading.publication.notice(&policy.version, reading.language).is_some();
    let replaced = whole::after(tables, policy)
        .map(|newer| words.fill2("replaced-by", newer.version.as_str(), &tables.dates.day(&newer.effective)));
    let digest = reading.publication.digest(&policy.version).map(|d| format!("sha256:{d}"));
    let facts = Shown::facts([
        (words.get("announced"), policy.announced.map(|d| tables.dates.date(d)).unwrap_or_default()),
        (words.get("in-force-from"), tables.dates.day(&policy.effective)),
        (words.get("replaced"), replaced.unwrap_or_default()),
        (words.get("its-text"), words.get(if at_hand { "text-present" } else { "text-absent" })),
        (words.get("content-hash"), digest.unwrap_or_default()),
    ]);
    let address = |page: &Page| Some(reading.link(&page.path(tables.policy)));
    let read = Page::Version(policy.version.clone());
    let mut items = vec![(address(&read), words.get("read-version"), String::new())];
    if at_hand {
        for (text, file) in files(reading, policy, &version_path(&policy.version)) {
            items.push((Some(file), text, String::new()));
        }
    }
    for (newer, older) in compared(versions).into_iter().filter(|(newer, _)| newer.version == policy.version)
    {
        let page = Page::Difference(older.version.clone(), newer.version.clone());
        items.push((address(&page), words.fill("compare-with", older.version.as_str()), String::new()));
    }
    let heading = words.fill("page-version", policy.version.as_str());
    ShownSection::new(format!("v-{}", anchor(policy)), heading, vec![facts, Shown::Links { items }])
}

/// The version's name as a fragment.
fn anchor(policy: &Policy) -> String {
    version_path(&policy.version).rsplit('/').next().unwrap_or_default().to_owned()
}
