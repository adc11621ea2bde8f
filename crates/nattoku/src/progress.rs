//! Progress of long work on a terminal, in the reader's language; nothing elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use nattoku_model::Language;

/// What takes long.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Rendering the pages of a site.
    Pages,
    /// Setting its PDF files.
    Papers,
    /// Going through every kind of request.
    Proof,
    /// Waiting until nodes are ready.
    Nodes,
    /// Counting over a ledger.
    Principals,
    /// Reading events, of which nobody knows how many there are.
    Lines,
    /// Making the demo's ledger.
    Events,
    /// Writing tiles of the ledger.
    Tiles,
    /// Sealing what lay in the clear.
    Sealed,
    /// Recomputing the ledger.
    Verified,
}

/// A bar for the work; how much there is to do is told as it becomes known.
pub(crate) fn bar(work: Work, language: Language) -> ProgressBar {
    let bar = match work {
        Work::Lines | Work::Sealed => ProgressBar::no_length(),
        _ => ProgressBar::new(0),
    };
    if let Ok(style) = ProgressStyle::with_template(work.template(language)) {
        bar.set_style(style);
    }
    bar
}

impl Work {
    const fn template(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Pages, Language::Ja) => "{wide_bar} {pos}/{len} ページ",
            (Self::Pages, Language::En) => "{wide_bar} {pos}/{len} pages",
            (Self::Papers, Language::Ja) => "{wide_bar} PDF {pos}/{len} 件",
            (Self::Papers, Language::En) => "{wide_bar} {pos}/{len} PDF",
            (Self::Proof, Language::Ja) => "{bar:40} すべての依頼の {percent}%、残り {eta}",
            (Self::Proof, Language::En) => "{bar:40} {percent}% of all requests, {eta} left",
            (Self::Nodes, Language::Ja) => "{spinner} 用意のできたノード {pos}/{len}",
            (Self::Nodes, Language::En) => "{spinner} {pos}/{len} nodes are ready",
            (Self::Principals, Language::Ja) => "{wide_bar} 本人 {pos}/{len} 人、{per_sec}、残り {eta}",
            (Self::Principals, Language::En) => "{wide_bar} {pos}/{len} principals, {per_sec}, {eta} left",
            (Self::Lines, Language::Ja) => "{spinner} {pos} 行を読みました、{per_sec}",
            (Self::Lines, Language::En) => "{spinner} {pos} lines read, {per_sec}",
            (Self::Sealed, Language::Ja) => "{spinner} {pos} 件に封をしました、{per_sec}",
            (Self::Sealed, Language::En) => "{spinner} {pos} sealed, {per_sec}",
            (Self::Events, Language::Ja) => "{wide_bar} できごと {pos}/{len} 件、残り {eta}",
            (Self::Events, Language::En) => "{wide_bar} {pos}/{len} events, {eta} left",
            (Self::Verified, Language::Ja) => "{wide_bar} 確かめたできごと {pos}/{len} 件、残り {eta}",
            (Self::Verified, Language::En) => "{wide_bar} {pos}/{len} events verified, {eta} left",
            (Self::Tiles, Language::Ja) => "{wide_bar} タイル {pos}/{len} 枚、残り {eta}",
            (Self::Tiles, Language::En) => "{wide_bar} {pos}/{len} tiles, {eta} left",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [Work; 10] = [
        Work::Nodes,
        Work::Pages,
        Work::Papers,
        Work::Proof,
        Work::Principals,
        Work::Lines,
        Work::Events,
        Work::Tiles,
        Work::Sealed,
        Work::Verified,
    ];

    /// What is filled in.
    fn filled(template: &str) -> BTreeSet<&str> {
        template.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect()
    }

    #[test]
    fn a_bar_tells_the_same_in_both_languages_each_in_its_own_words() {
        for work in ALL {
            let (ja, en) = (work.template(Language::Ja), work.template(Language::En));
            assert_eq!(filled(ja), filled(en), "{work:?}");
            assert!(en.is_ascii() && !ja.is_ascii(), "{work:?}");
            for template in [ja, en] {
                ProgressStyle::with_template(template).unwrap();
            }
        }
    }
}
