//! The one layout, for a whole file.

use gen_lsp_types::TextEdit;

use crate::documents::Document;
use crate::position::{Encoding, Lines};

/// The edit that lays a `.kdl` text out; none where nothing changes or where it cannot be read.
pub(crate) fn answer(document: &Document, encoding: Encoding) -> Vec<TextEdit> {
    if !document.uri.0.ends_with(".kdl") {
        return Vec::new();
    }
    let Ok(formatted) = nattoku_policy::format(&document.uri.0, &document.text) else { return Vec::new() };
    let (kept, changed, new_text) = difference(&document.text, &formatted);
    if changed == 0 && new_text.is_empty() {
        return Vec::new();
    }
    let range = Lines::new(&document.text, encoding, false).range(&(kept..kept + changed));
    vec![TextEdit { range, new_text: new_text.to_owned() }]
}

/// How many bytes at the beginning stay, how many after them change, and into what: so that the cursor and marks
/// elsewhere stay where they are. Cut at line ends, which no character and no `\r\n` is split by.
fn difference<'n>(old: &str, new: &'n str) -> (usize, usize, &'n str) {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let kept = old.as_bytes().iter().take(same).rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let (old_rest, new_rest) = (old.get(kept..).unwrap_or(""), new.get(kept..).unwrap_or(""));
    let same = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    let tail = new_rest.len() - same;
    let end = new_rest.as_bytes().iter().skip(tail).position(|b| *b == b'\n').map_or(0, |n| same - n - 1);
    (kept, old_rest.len() - end, new_rest.get(..new_rest.len() - end).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::Uri;

    use super::*;

    fn edits(text: &str) -> Vec<TextEdit> {
        let document = Document { uri: Uri::from("file:///p/a.kdl"), version: 1, text: text.to_owned() };
        answer(&document, Encoding::Utf16)
    }

    #[test]
    fn the_edit_changes_only_the_lines_that_change() {
        let found = edits("a\nb  {\n}\nc\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].new_text, "b {}\n");
        assert_eq!((found[0].range.start.line, found[0].range.end.line), (1, 3));
    }

    #[test]
    fn every_edit_leads_to_the_formatted_text() {
        for text in
            ["a\r\nb\r\n", "\n\na", "a;b", "位置   \"文😀\"\n\n\n\nb", "\u{feff}a  b\n", "a\n\n\n", "  a"]
        {
            let mut changed = text.to_owned();
            for edit in edits(text) {
                changed
                    .replace_range(Lines::new(text, Encoding::Utf16, false).span(edit.range), &edit.new_text);
            }
            assert_eq!(changed, nattoku_policy::format("a.kdl", text).unwrap(), "{text:?}");
        }
    }

    #[test]
    fn what_is_laid_out_or_cannot_be_read_is_left_alone() {
        assert!(edits("a {\n    b\n}\n").is_empty());
        assert!(edits("a {").is_empty());
    }
}
