//! Prose with the policy's values filled in.

use jiff::civil::Date;
use nattoku_model::{Language, Policy};

use super::Piece;

/// Whether a link may point there: the web, mail, a telephone, or a place on the notice site. Anything that a browser
/// would run instead of opening may not.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let has_control = text.chars().any(|c| c.is_control() || c.is_whitespace());
    let is_safe = match text.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            ["https", "http", "mailto", "tel"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
        }
        _ => !text.starts_with("//") && !text.contains('\\'),
    };
    !text.is_empty() && !has_control && is_safe
}

/// The HTML of a piece of prose, complete elements, everything from outside escaped.
#[must_use]
pub fn render_prose(pieces: &[Piece], policy: &Policy, language: Language) -> String {
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Piece::Html(part) => html.push_str(part),
            Piece::Document(name) => html.push_str(&document(name, policy, language)),
            Piece::Effective => {
                let date = policy.effective.to_zoned_datetime(policy.timezone.clone()).date();
                html.push_str(&date_words(date, language));
            }
            Piece::Announced => {
                let date = policy.announced.map(|date| date_words(date, language));
                html.push_str(date.as_deref().unwrap_or(""));
            }
            Piece::Version => html.push_str(&escape(policy.version.as_str())),
            Piece::Controller => html.push_str(&escape(policy.controller.name.get(language))),
        }
    }
    html
}

/// A link to a document, or its title alone while it has no address.
fn document(name: &str, policy: &Policy, language: Language) -> String {
    let Some(document) = policy.documents.iter().find(|d| d.name == name) else { return escape(name) };
    let shown = document.only.unwrap_or(language);
    let title = escape(document.title.get(language));
    let in_language = if shown == language { String::new() } else { format!(" hreflang=\"{shown}\"") };
    match &document.address {
        Some(address) => format!("<a href=\"{}\"{in_language}>{title}</a>", escape(address)),
        None => format!("<cite>{title}</cite>"),
    }
}

/// A date as people write it.
fn date_words(date: Date, language: Language) -> String {
    match language {
        Language::Ja => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Language::En => format!("{} {} {}", date.day(), month_name(date.month()), date.year()),
    }
}

const fn month_name(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_where_a_browser_opens_and_runs_nothing() {
        for good in
            ["https://a.example/b?c:d", "mailto:a@b.example", "tel:0570", "#purposes", "/old", "cookie.html"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "", "a b", "\\\\x"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
