//! What a version changed of another: names that came and went first, then the text by word (R7).

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::VersionName;
use nattoku_model::policy::Policy;

use super::super::address::Page;
use super::super::block::{self, BlockSection};
use super::super::plain;
use super::{NoticePage, name, sections_of};
use crate::compare::{Fate, Line, compare};
use crate::dashboard::versions;
use crate::notice::{Shown, ShownSection, Tables};

/// The comparison; where a text is not at hand, the page says what cannot be compared.
pub(super) fn page<'a>(tables: &Tables<'a>, older: &VersionName, newer: &VersionName) -> NoticePage<'a> {
    let words = tables.words;
    let here = Page::Difference(older.clone(), newer.clone());
    let all = tables.reading.publication.versions();
    let (Some(old), Some(new)) = (all.get(older), all.get(newer)) else {
        return NoticePage::new(tables, &here, name(tables, &here), Vec::new());
    };
    let mut lead = vec![dates(tables, old, new)];
    let texts = (sections_of(tables.reading, old), sections_of(tables.reading, new));
    let mut sections = Vec::new();
    if let (Some((old_title, old_intro, old_sections)), Some((new_title, new_intro, new_sections))) = texts {
        lead.push(Shown::quiet(words.get("difference-how")));
        sections.push(ShownSection::new("names", words.get("difference-names"), names(tables, old, new)));
        let before = |title: String, intro: &[Shown]| BlockSection {
            anchor: "beginning".to_owned(),
            heading: title,
            blocks: block::blocks(intro),
            parts: Vec::new(),
        };
        let whole = |first: BlockSection, rest: &[ShownSection]| {
            flat(std::iter::once(first).chain(block::sections(rest)).collect())
        };
        let text = texts_changed(
            tables,
            &whole(before(old_title, &old_intro), &old_sections),
            &whole(before(new_title, &new_intro), &new_sections),
        );
        sections.extend(text);
    } else {
        for policy in [old, new] {
            if tables.reading.publication.notice(&policy.version, tables.language).is_none() {
                lead.push(Shown::paragraph(words.fill("difference-text-absent", policy.version.as_str())));
            }
        }
    }
    if tables.reading.has_dashboard {
        // The notice knows nobody: whoever follows it is asked to sign in.
        let own = tables.reading.link(&versions::path(newer));
        let text = words.fill("change-link-signed-in", newer.as_str());
        lead.push(Shown::Links { items: vec![(Some(own), text, String::new())] });
    }
    NoticePage::new(tables, &here, name(tables, &here), lead).with(sections)
}

fn dates(tables: &Tables<'_>, old: &Policy, new: &Policy) -> Shown {
    let words = tables.words;
    let row = |policy: &Policy| {
        let announced = policy.announced.map(|d| tables.dates.date(d)).unwrap_or_default();
        vec![policy.version.to_string(), announced, tables.dates.day(&policy.effective)]
    };
    let head = ["version", "announced", "in-force-from"].map(|key| words.get(key)).to_vec();
    Shown::Table { caption: words.get("difference-versions"), head, rows: vec![row(old), row(new)] }
}

/// Names that only one of the two declares, kind by kind.
fn names(tables: &Tables<'_>, old: &Policy, new: &Policy) -> Vec<Shown> {
    let words = tables.words;
    let (before, after) = (titles(tables, old), titles(tables, new));
    let mut items = Vec::new();
    for (kind, now) in &after {
        let was = before.get(kind).cloned().unwrap_or_default();
        let title = words.named("difference", kind);
        items.extend(now.difference(&was).map(|name| words.fill2("difference-come", &title, name)));
        items.extend(was.difference(now).map(|name| words.fill2("difference-gone", &title, name)));
    }
    if items.is_empty() {
        vec![Shown::paragraph(words.get("difference-no-names"))]
    } else {
        vec![Shown::List { items }]
    }
}

/// The titles of what a version declares, by kind.
fn titles<'p>(tables: &Tables<'_>, policy: &'p Policy) -> BTreeMap<&'static str, BTreeSet<&'p str>> {
    let language = tables.language;
    BTreeMap::from([
        ("purposes", policy.purposes.values().map(|p| p.title.get(language)).collect()),
        ("activities", policy.activities.values().map(|a| a.title.get(language)).collect()),
        ("categories", policy.categories.values().map(|c| c.title.get(language)).collect()),
        ("recipients", policy.recipients.values().map(|r| r.title.get(language)).collect()),
        ("consents", policy.consents.values().map(|c| c.title.get(language)).collect()),
        ("choices", policy.choices.values().map(|c| c.title.get(language)).collect()),
        ("joint-uses", policy.joint_uses.values().map(|j| j.title.get(language)).collect()),
        ("anonymized", policy.anonymized_sets.values().map(|a| a.title.get(language)).collect()),
    ])
}

/// Sections and their parts in one row.
fn flat(sections: Vec<BlockSection>) -> Vec<BlockSection> {
    sections
        .into_iter()
        .flat_map(|mut section| {
            let parts = std::mem::take(&mut section.parts);
            std::iter::once(section).chain(flat(parts))
        })
        .collect()
}

/// The sections in which something changed, by their anchors: those of the newer version, then those that are gone.
fn texts_changed(tables: &Tables<'_>, old: &[BlockSection], new: &[BlockSection]) -> Vec<ShownSection> {
    let none = Vec::new();
    let text = |section: &BlockSection| {
        let mut lines = vec![section.heading.clone()];
        lines.extend(plain::lines(&section.blocks));
        lines
    };
    let mut shown = Vec::new();
    for section in new {
        let before = old.iter().find(|o| o.anchor == section.anchor).map(text);
        shown.extend(changed(tables, section, before.as_ref().unwrap_or(&none), &text(section)));
    }
    for section in old.iter().filter(|o| !new.iter().any(|n| n.anchor == o.anchor)) {
        shown.extend(changed(tables, section, &text(section), &none));
    }
    if shown.is_empty() {
        let same = vec![Shown::paragraph(tables.words.get("difference-none"))];
        shown.push(ShownSection::new("text", tables.words.get("difference-text"), same));
    }
    shown
}

fn changed(
    tables: &Tables<'_>,
    section: &BlockSection,
    older: &[String],
    newer: &[String],
) -> Option<ShownSection> {
    let lines = compare(older, newer);
    let content: Vec<Shown> = lines.into_iter().filter(|l| !l.is_kept()).map(|l| line(tables, l)).collect();
    let anchor = format!("text-{}", section.anchor);
    (!content.is_empty()).then(|| ShownSection::new(anchor, section.heading.clone(), content))
}

fn line(tables: &Tables<'_>, line: Line) -> Shown {
    let words = tables.words;
    let all = |fate: Fate| line.pieces.iter().all(|(f, _)| *f == fate);
    let word = if all(Fate::Added) {
        "line-added"
    } else if all(Fate::Removed) {
        "line-removed"
    } else {
        "line-changed"
    };
    let marks = (words.get("mark-removed"), words.get("mark-added"));
    Shown::Compared { word: words.get(word), pieces: line.pieces, marks }
}
