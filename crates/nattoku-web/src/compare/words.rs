//! Where a word ends. English has spaces; Japanese is cut by the dictionary of ICU, so that 提供します is not told letter by letter.

use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

/// What stands between words and is a word of its own, although written in the same letters as the endings of verbs.
const PARTICLES: [&str; 17] = [
    "は", "が", "を", "に", "へ", "と", "で", "も", "の", "や", "か", "から", "まで", "より", "など", "では",
    "には",
];

/// The words of a text with what stands between them, nothing left out.
pub(super) fn words(text: &str) -> Vec<&str> {
    static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
        LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    let breaks: Vec<usize> = SEGMENTER.segment_str(text).collect();
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    for pair in breaks.windows(2) {
        let &[start, end] = pair else { continue };
        let goes_on = |last: &std::ops::Range<usize>| {
            [last.clone(), start..end].into_iter().all(|range| text.get(range).is_some_and(is_ending))
        };
        match words.last_mut().filter(|last| goes_on(last)) {
            Some(last) => last.end = end,
            None => words.push(start..end),
        }
    }
    words.into_iter().filter_map(|range| text.get(range)).collect()
}

/// Whether a piece is one of those into which the dictionary cuts the ending of a verb: しま and せん are not words, しません is.
fn is_ending(piece: &str) -> bool {
    piece.chars().all(|c| ('\u{3041}'..='\u{309f}').contains(&c)) && !PARTICLES.contains(&piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_cut_into_words_and_numbers_stay_whole() {
        assert_eq!(
            words("お客さまの同意を得て第三者に提供します。"),
            ["お客", "さま", "の", "同意", "を", "得て", "第三者", "に", "提供", "します", "。"]
        );
        assert_eq!(words("お渡ししません。"), ["お渡し", "しません", "。"]);
        assert_eq!(words("within 30 days"), ["within", " ", "30", " ", "days"]);
    }
}
