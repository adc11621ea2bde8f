//! Citations of law as people of each language write them: `APPI 27(1)(i)` is 個人情報保護法27条1項1号.

use nattoku_model::Language;

/// The statutes that citations begin with: as policies write them, in Japanese, in English.
const STATUTES: [(&str, &str, &str); 4] = [
    ("APPI", "個人情報保護法", "Act on the Protection of Personal Information"),
    ("Number Act", "番号法", "Number Act"),
    ("Code of Criminal Procedure", "刑事訴訟法", "Code of Criminal Procedure"),
    ("Telecommunications Business Act", "電気通信事業法", "Telecommunications Business Act"),
];

/// A citation in words. One that is not understood to its end stays as it was written.
pub(crate) fn citation(written: &str, language: Language) -> String {
    in_words(written, language).unwrap_or_else(|| written.to_owned())
}

fn in_words(written: &str, language: Language) -> Option<String> {
    let (ja, en, place) = STATUTES.iter().find_map(|(name, ja, en)| {
        written.strip_prefix(name)?.strip_prefix(' ').map(|place| (ja, en, place.trim()))
    })?;
    let in_japanese = format!("{ja}{}", japanese(place)?);
    Some(match language {
        Language::Ja => in_japanese,
        Language::En => format!("{en}, Article {place}"),
    })
}

/// `27-2(1)(i)`: article 27の2, paragraph 1, item 1.
fn japanese(place: &str) -> Option<String> {
    let (article, rest) = place.split_once('(').map_or((place, ""), |(article, rest)| (article, rest));
    let (number, branch) = article.split_once('-').map_or((article, None), |(n, b)| (n, Some(b)));
    let mut words = vec![format!("{}条", number.parse::<u16>().ok()?)];
    if let Some(branch) = branch {
        words.push(format!("の{}", branch.parse::<u16>().ok()?));
    }
    if rest.is_empty() {
        return (!place.contains('(')).then(|| words.concat());
    }
    let mut parts = rest.strip_suffix(')')?.split(")(");
    words.push(format!("{}項", parts.next()?.parse::<u16>().ok()?));
    if let Some(item) = parts.next() {
        words.push(format!("{}号", roman(item)?));
    }
    parts.next().is_none().then(|| words.concat())
}

/// A small Roman number from i to xx, as items are counted.
fn roman(text: &str) -> Option<usize> {
    const NUMBERS: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
        "xvii", "xviii", "xix", "xx",
    ];
    NUMBERS.iter().position(|n| *n == text).map(|at| at.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_statutes_are_cited_as_japanese_does() {
        for (written, ja) in [
            ("APPI 27(1)(i)", "個人情報保護法27条1項1号"),
            ("APPI 18(3)(iv)", "個人情報保護法18条3項4号"),
            ("APPI 33(2)", "個人情報保護法33条2項"),
            ("Number Act 19", "番号法19条"),
            ("Code of Criminal Procedure 218(1)", "刑事訴訟法218条1項"),
            ("Telecommunications Business Act 27-12", "電気通信事業法27条の12"),
        ] {
            assert_eq!(citation(written, Language::Ja), ja, "{written}");
        }
    }

    #[test]
    fn english_names_the_act_in_full() {
        assert_eq!(
            citation("APPI 27(1)(i)", Language::En),
            "Act on the Protection of Personal Information, Article 27(1)(i)"
        );
    }

    #[test]
    fn what_is_not_understood_stays_as_written() {
        for written in [
            "City Ordinance 3",
            "APPI",
            "APPI x",
            "APPI 27(",
            "APPI 27()",
            "APPI 27(1)(q)",
            "APPI 27(1)(i)(a)",
        ] {
            assert_eq!(citation(written, Language::Ja), written);
            assert_eq!(citation(written, Language::En), written);
        }
    }
}
