//! Writing KDL: words, strings and comments that are read back as they were meant.

use std::fmt::Write as _;

use nattoku_policy::is_refused;

/// Words that KDL keeps for itself.
const KEPT: [&str; 5] = ["true", "false", "null", "inf", "nan"];

/// A name as a bare word, or in quotes where KDL would take it for something else.
pub(crate) fn word(name: &str) -> String {
    let is_bare = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.'))
        && !KEPT.contains(&name);
    if is_bare { name.to_owned() } else { string(name) }
}

/// Names one after the other.
pub(crate) fn words<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

/// A text in quotes, for people.
pub(crate) fn quoted_text(text: &str) -> String {
    quoted(text, true)
}

/// A name or another value in quotes.
pub(crate) fn string(value: &str) -> String {
    quoted(value, false)
}

/// A string in quotes, on one line. What a policy may not hold in a text, or in what is none, is left out.
fn quoted(text: &str, is_text: bool) -> String {
    let mut out = String::from("\"");
    for c in text.trim().chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c if is_refused(c, is_text) => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text within a comment: on one line, with nothing that a comment may not hold.
pub(crate) fn comment(text: &str) -> String {
    let visible = text.chars().filter(|c| c.is_whitespace() || !is_refused(*c, false));
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_one_value() {
        assert_eq!(word("club.number"), "club.number");
        assert_eq!(word("true"), "\"true\"");
        assert_eq!(
            string(" a \"b\" \\ \n\u{202e}\u{9b}位置\u{2028} x "),
            "\"a \\\"b\\\" \\\\ \\n位置\\u{2028} x\""
        );
        assert_eq!(comment("a\n b\u{7}\u{feff}\u{2028}位置"), "a b 位置");
    }

    #[test]
    fn a_text_keeps_what_is_without_width_and_a_name_does_not() {
        let written = "家\u{200b}族\u{200d}\u{61c}\u{e0041}";
        assert_eq!(
            (quoted_text(written), string(written)),
            ("\"家\u{200b}族\u{200d}\"".into(), "\"家族\"".into())
        );
    }
}
