//! Which language a visitor without one in the address reads.

use axum::http::{HeaderMap, HeaderValue, header};
use nattoku_model::Language;

/// The first of the visitor's languages, by weight, that pages exist in; Japanese where none does.
pub(crate) fn preferred(headers: &HeaderMap) -> Language {
    asked(headers.get(header::ACCEPT_LANGUAGE)).unwrap_or(Language::Ja)
}

/// The first of the languages that whoever asks accepts, by weight, that there is something in; nothing where there is none.
pub(crate) fn asked(accepted: Option<&HeaderValue>) -> Option<Language> {
    let wanted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(u16, Language)> = None;
    for part in wanted.split(',') {
        let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight = parameters.trim().strip_prefix("q=").map_or(1000, thousandths);
        if let Ok(language) = primary.parse::<Language>()
            && weight > best.map_or(0, |(w, _)| w)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `0.8` is 800; what is no weight counts nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(fraction)) => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, language) in [
            ("", Language::Ja),
            ("fr", Language::Ja),
            ("en-US,en;q=0.9,ja;q=0.8", Language::En),
            ("fr, en;q=0.3, ja;q=0.7", Language::Ja),
            ("ja;q=0, en;q=0.1", Language::En),
            ("en;q=oops", Language::Ja),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(header).unwrap());
            assert_eq!(preferred(&headers), language, "{header}");
        }
    }
}
