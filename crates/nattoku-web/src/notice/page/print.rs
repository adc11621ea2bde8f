//! The whole notice with every part open, for paper and for who reads from beginning to end.

use super::super::address::Page;
use super::{NoticePage, name, sections_of};
use crate::notice::{Shown, ShownSection, Tables};

/// The page; it says what its source comes to, as the files do.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let mut page = NoticePage::new(tables, &Page::Print, name(tables, &Page::Print), Vec::new());
    page.lead.push(Shown::quiet(words.get("print-lead")));
    let version = &tables.policy.version;
    if let Some((_, before, sections)) = sections_of(tables.reading, tables.policy) {
        let digest = tables.reading.publication.digest(version).map(|digest| format!("sha256:{digest}"));
        page.intro = vec![Shown::facts([(words.get("content-hash"), digest.unwrap_or_default())])];
        page.intro.extend(before.into_iter().map(opened));
        page.sections = sections.into_iter().map(opened_section).collect();
    } else {
        page.lead.push(Shown::paragraph(words.get("version-notice-absent")));
    }
    page
}

fn opened_section(section: ShownSection) -> ShownSection {
    ShownSection {
        content: section.content.into_iter().map(opened).collect(),
        parts: section.parts.into_iter().map(opened_section).collect(),
        ..section
    }
}

/// The same with what opens when asked standing open.
fn opened(shown: Shown) -> Shown {
    let all = |inside: Vec<Shown>| inside.into_iter().map(opened).collect();
    match shown {
        Shown::Details { anchor, summary, mark, inside, .. } => {
            Shown::Details { anchor, summary, mark, is_open: true, inside: all(inside) }
        }
        Shown::Purpose { number, title, benefit, inside } => {
            Shown::Purpose { number, title, benefit, inside: all(inside) }
        }
        other => other,
    }
}
