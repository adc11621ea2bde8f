//! For whom the pages are made to be readable, how that was looked at, what was not, and whom to tell of a barrier.

use super::super::address::Page;
use super::{NoticePage, name};
use crate::notice::{Shown, ShownSection, Tables};

/// What programs look at; `docs/design/ux-rules.md` says by which.
const CHECKED: [&str; 5] = ["reach-axe", "reach-contrast", "reach-narrow", "reach-script", "reach-html"];
/// What nobody has looked at.
const UNCHECKED: [&str; 4] = ["reach-readers", "reach-keyboard", "reach-people", "reach-outside"];

/// The statement.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let list = |keys: &[&str]| vec![Shown::List { items: keys.iter().map(|key| words.get(key)).collect() }];
    let text = Some(tables.reading.link("privacy.txt"));
    let mut formats = vec![Shown::paragraph(words.get("reach-formats"))];
    if tables.reading.publication.notice(&tables.policy.version, tables.language).is_some() {
        formats.push(Shown::Links { items: vec![(text, words.get("file-text"), String::new())] });
    }
    let mut barrier = vec![Shown::paragraph(words.get("reach-barrier"))];
    barrier.extend(tables.desks());
    let sections = vec![
        ShownSection::new(
            "aim",
            words.get("reach-aim-title"),
            vec![Shown::paragraph(words.get("reach-aim"))],
        ),
        ShownSection::new("checked", words.get("reach-checked"), list(&CHECKED)),
        ShownSection::new("unchecked", words.get("reach-unchecked"), list(&UNCHECKED)),
        ShownSection::new("formats", words.get("reach-formats-title"), formats),
        ShownSection::new("barrier", words.get("reach-barrier-title"), barrier),
    ];
    let lead = vec![Shown::paragraph(words.get("page-accessibility-lead"))];
    NoticePage::new(tables, &Page::Accessibility, name(tables, &Page::Accessibility), lead).with(sections)
}
