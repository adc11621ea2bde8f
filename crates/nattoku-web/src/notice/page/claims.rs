//! How to make a claim: what the notice says of it under the anchor `claims`, where to send it, and the documents beside it.

use super::super::address::Page;
use super::{NoticePage, name, sections_of};
use crate::notice::{Shown, ShownSection, Tables};

/// The anchor under which a notice says how claims are made.
const ANCHOR: &str = "claims";

/// The page; where the notice has no such part, it says so and names the desks.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let lead = vec![Shown::paragraph(words.get("page-claims-lead"))];
    let sections =
        sections_of(tables.reading, tables.policy).map(|(.., sections)| sections).unwrap_or_default();
    let said = sections.into_iter().find_map(|section| {
        if section.anchor == ANCHOR {
            return Some(section);
        }
        section.parts.into_iter().find(|part| part.anchor == ANCHOR)
    });
    let whole = tables.reading.link(&Page::Whole.path(tables.policy));
    let said = said.unwrap_or_else(|| {
        let nothing = vec![Shown::paragraph(words.get("claims-unsaid"))];
        ShownSection::new(ANCHOR, words.get("page-claims"), nothing)
    });
    let content = said.content.into_iter().map(|shown| led_back(shown, &whole)).collect();
    let mut shown = vec![ShownSection { content, ..said }];
    if tables.reading.has_dashboard {
        let items = vec![
            (Some(tables.reading.link("my/data")), words.get("do-data"), String::new()),
            (Some(tables.reading.link("my/choices")), words.get("do-choices"), String::new()),
        ];
        let content = vec![Shown::paragraph(words.get("claims-without")), Shown::Links { items }];
        shown.push(ShownSection::new("without", words.get("claims-without-title"), content));
    }
    shown.push(ShownSection::new("desks", words.get("desks"), tables.desks()));
    shown.extend(tables.elsewhere());
    shown.push(ShownSection::new("documents", words.get("page-documents"), tables.documents()));
    NoticePage::new(tables, &Page::Claims, name(tables, &Page::Claims), lead).with(shown)
}

/// What links to another part of the notice links to the page of the whole.
fn led_back(shown: Shown, whole: &str) -> Shown {
    match shown {
        Shown::Html { html } => Shown::Html { html: html.replace("href=\"#", &format!("href=\"{whole}#")) },
        other => other,
    }
}
