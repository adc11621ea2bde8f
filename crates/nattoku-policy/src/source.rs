//! Source files as they come in, and where in them something stands.

use std::ops::Range;

/// Largest file read, in bytes. A policy of a hundred rules is some 50 KiB.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One file of a policy folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name relative to the policy folder, with `/`: `data.kdl`, `notice.ja.md`, `earlier/2015-10-01/policy.kdl`.
    pub name: String,
    /// Its content as read.
    pub bytes: Vec<u8>,
}

impl Source {
    /// A file by name and content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// A file among [`Files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The first file of a check.
    pub const FIRST: Self = Self(0);
}

/// A file's text, with the starts of its lines.
#[derive(Debug, Clone)]
struct File {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    /// How many characters begin before each block of [`BLOCK_BYTES`], so that columns of a long line cost little.
    chars_before: Vec<usize>,
}

/// Bytes between two counts of characters.
const BLOCK_BYTES: usize = 4096;

/// How many characters begin in these bytes of UTF-8.
fn n_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xc0 != 0x80).count()
}

impl File {
    /// How many characters begin before a byte offset.
    fn chars_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK_BYTES;
        let rest = self.text.as_bytes().get(block * BLOCK_BYTES..offset).unwrap_or_default();
        self.chars_before.get(block).map_or(0, |before| before + n_chars(rest))
    }
}

/// Every file of one check. Spans are byte ranges of these texts.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<File>,
}

impl Files {
    /// Takes in a file. A byte order mark is left out of its text.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> FileId {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        let line_starts = line_starts.collect();
        let mut n = 0;
        let mut chars_before = vec![0];
        for block in text.as_bytes().chunks(BLOCK_BYTES) {
            n += n_chars(block);
            chars_before.push(n);
        }
        self.files.push(File { name: name.to_owned(), text, line_starts, chars_before });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    fn get(&self, file: FileId) -> Option<&File> {
        self.files.get(usize::try_from(file.0).ok()?)
    }

    /// Every file, in the order in which they came.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId)
    }

    /// The file's name relative to the policy folder.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |f| &f.name)
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |f| &f.text)
    }

    /// The text of a span; empty where the span is not within the file.
    #[must_use]
    pub fn slice(&self, file: FileId, span: &Range<usize>) -> &str {
        self.text(file).get(span.clone()).unwrap_or("")
    }

    /// The line of a byte offset, from 1.
    #[must_use]
    pub fn line(&self, file: FileId, offset: usize) -> usize {
        self.get(file).map_or(1, |f| f.line_starts.partition_point(|start| *start <= offset).max(1))
    }

    /// The line and the column of a byte offset, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, file: FileId, offset: usize) -> (usize, usize) {
        let line = self.line(file, offset);
        let start = self.line_span(file, line).start;
        let column =
            self.get(file).map_or(0, |f| f.chars_before(offset).saturating_sub(f.chars_before(start)));
        (line, column + 1)
    }

    /// The byte range of a line counted from 1, without its line end.
    #[must_use]
    pub fn line_span(&self, file: FileId, line: usize) -> Range<usize> {
        let Some(f) = self.get(file) else { return 0..0 };
        let start = f.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(f.text.len());
        let end = f.line_starts.get(line).map_or(f.text.len(), |next| next - 1);
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_the_byte_order_mark_is_no_character() {
        let mut files = Files::default();
        let file = files.add("a.kdl", "\u{feff}ja \"位置\"\nb");
        assert_eq!(files.text(file), "ja \"位置\"\nb");
        assert_eq!(files.line_column(file, 0), (1, 1));
        assert_eq!(files.line_column(file, 7), (1, 6));
        assert_eq!(files.line_column(file, 12), (2, 1));
        assert_eq!(files.line_span(file, 1), 0..11);
        assert_eq!(files.line_span(file, 2), 12..13);
        let long = files.add("b.kdl", &"位".repeat(5000));
        assert_eq!(files.line_column(long, 3 * 4999), (1, 5000));
    }
}
