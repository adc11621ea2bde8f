//! The sentences of a text that customers read, and how long each may be to be read at a glance.

use nattoku_model::Language;

/// The longest sentence that is read at a glance: characters in Japanese, words in English.
pub(crate) const fn length_max(language: Language) -> usize {
    match language {
        Language::Ja => 60,
        Language::En => 20,
    }
}

/// How long a sentence is, as its language counts.
pub(crate) fn length(sentence: &str, language: Language) -> usize {
    match language {
        Language::Ja => sentence.chars().filter(|c| !c.is_whitespace()).count(),
        Language::En => sentence.split_whitespace().count(),
    }
}

/// The sentences of a text, without what ends them. A colon ends one as well: what stands before it is said by itself.
pub(crate) fn sentences(text: &str, language: Language) -> impl Iterator<Item = &str> {
    let ends = move |(at, c): (usize, char)| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_end = match language {
            Language::Ja => matches!(c, '。' | '？' | '！' | '\n'),
            // A full stop within a number or a name ends nothing.
            Language::En => {
                c == '\n' || (matches!(c, '.' | '?' | '!' | ':') && !rest.starts_with(char::is_alphanumeric))
            }
        };
        is_end.then_some((at, at + c.len_utf8()))
    };
    let mut bounds: Vec<(usize, usize)> = text.char_indices().filter_map(ends).collect();
    bounds.push((text.len(), text.len()));
    let mut from = 0;
    let parts = bounds.into_iter().filter_map(move |(end, next)| {
        let sentence = text.get(from..end).unwrap_or_default().trim();
        from = next;
        Some(sentence).filter(|s| s.chars().any(char::is_alphanumeric))
    });
    parts.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_sentences() {
        let of = |text, language| sentences(text, language).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            of("やめると届きません。料金は変わりません。", Language::Ja),
            ["やめると届きません", "料金は変わりません"]
        );
        assert_eq!(of("Offers end. Version 1.2 stays.", Language::En), ["Offers end", "Version 1.2 stays"]);
        assert_eq!(of("For example: it calls you", Language::En), ["For example", "it calls you"]);
        assert_eq!(of("…", Language::En), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_is_as_long_as_its_language_counts() {
        assert_eq!(length("料金は 変わりません", Language::Ja), 9);
        assert_eq!(length("Calls are not affected", Language::En), 4);
    }
}
