//! Texts as the editor has them, which may differ from what is on the disk.

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::position::{Encoding, Lines};

/// A text that is open in the editor.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its address as the editor writes it.
    pub(crate) uri: Uri,
    /// The editor's number of its state.
    pub(crate) version: i32,
    /// What it holds, a byte order mark included.
    pub(crate) text: String,
}

impl Document {
    /// Whether it begins with a byte order mark.
    pub(crate) fn has_mark(&self) -> bool {
        self.text.starts_with('\u{feff}')
    }

    /// Takes in what was typed, in its order.
    pub(crate) fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        self.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let span = Lines::new(&self.text, encoding, false).span(change.range);
                    self.text.replace_range(span, &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    self.text = change.text;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, changes: serde_json::Value) -> String {
        let mut document = Document { uri: Uri::from("file:///a"), version: 1, text: text.to_owned() };
        document.change(2, serde_json::from_value(changes).unwrap(), Encoding::Utf16);
        document.text
    }

    #[test]
    fn changes_are_taken_in_one_after_the_other() {
        let typed = serde_json::json!([
            {"range": {"start": {"line": 0, "character": 3}, "end": {"line": 0, "character": 3}}, "text": "\n"},
            {"range": {"start": {"line": 1, "character": 0}, "end": {"line": 9, "character": 9}}, "text": "c"},
        ]);
        assert_eq!(changed("a😀b", typed), "a😀\nc");
        assert_eq!(changed("a", serde_json::json!([{"text": "whole"}])), "whole");
    }

    #[test]
    fn a_range_that_is_turned_around_or_beyond_the_text_harms_nothing() {
        let turned = serde_json::json!([
            {"range": {"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 1}}, "text": "x"},
            {"range": {"start": {"line": 7, "character": 7}, "end": {"line": 8, "character": 8}}, "text": "y"},
        ]);
        assert_eq!(changed("abc", turned), "axbcy");
    }
}
