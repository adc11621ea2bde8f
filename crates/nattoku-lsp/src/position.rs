//! Bytes to the lines and characters of an editor, and back.
//!
//! An editor counts a character in UTF-16 units unless it agreed to UTF-8: `位` is one unit, `😀` two.

use std::ops::Range as Bytes;

use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// What an editor counts as one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// A byte.
    Utf8,
    /// A unit of two bytes, as the protocol has it where nothing else is agreed.
    Utf16,
}

impl Encoding {
    /// The one to use with an editor that knows these: bytes where it may be, since they cost nothing to count.
    pub(crate) fn agreed(known: &[PositionEncodingKind]) -> Self {
        if known.contains(&PositionEncodingKind::UTF8) { Self::Utf8 } else { Self::Utf16 }
    }

    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    const fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// Bytes between two counts of units, so that a place in a long line costs little.
const BLOCK_BYTES: usize = 4096;

/// A text by lines.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Vec<usize>,
    /// How many units begin before each block.
    units_before: Vec<usize>,
    /// How many units the first line is longer in the editor, by a byte order mark that the text is without.
    mark: usize,
}

impl<'t> Lines<'t> {
    /// The lines of a text. `has_mark` says whether the editor's text begins with a byte order mark.
    pub(crate) fn new(text: &'t str, encoding: Encoding, has_mark: bool) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(i, byte)| match byte {
            b'\n' => true,
            // `\r\n` is one line end, which its second half counts for.
            b'\r' => bytes.get(i + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(i, _)| i + 1)).collect();
        let mut units_before = vec![0];
        let mut n = 0;
        for block in bytes.chunks(BLOCK_BYTES) {
            n += units(block, encoding);
            units_before.push(n);
        }
        let mark = if has_mark { encoding.units('\u{feff}') } else { 0 };
        Self { text, encoding, starts, units_before, mark }
    }

    /// The place of a byte.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let mut character = self.units_until(offset).saturating_sub(self.units_until(start));
        if line == 0 {
            character += self.mark;
        }
        let number = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(character) }
    }

    /// The place of a span.
    pub(crate) fn range(&self, span: &Bytes<usize>) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The byte of a place; one beyond the end of a line or of the text is that end.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        if line == 0 {
            left = left.saturating_sub(self.mark);
        }
        let mut at = start;
        for c in self.text.get(start..).unwrap_or("").chars() {
            let units = self.encoding.units(c);
            if units > left || matches!(c, '\n' | '\r') {
                break;
            }
            left -= units;
            at += c.len_utf8();
        }
        at
    }

    /// The bytes between two places.
    pub(crate) fn span(&self, range: Range) -> Bytes<usize> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        start.min(end)..end
    }

    fn units_until(&self, offset: usize) -> usize {
        let block = offset / BLOCK_BYTES;
        let rest = self.text.as_bytes().get(block * BLOCK_BYTES..offset).unwrap_or_default();
        self.units_before.get(block).map_or(0, |before| before + units(rest, self.encoding))
    }
}

/// How many units begin in these bytes of UTF-8.
fn units(bytes: &[u8], encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => bytes.len(),
        // Every character begins with one byte that is no continuation; those of four bytes are two units.
        Encoding::Utf16 => {
            bytes.iter().map(|b| usize::from(b & 0xc0 != 0x80) + usize::from(*b >= 0xf0)).sum()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn characters_are_counted_as_the_editor_counts_them() {
        let text = "ja \"位置😀\" x\r\nb\rc";
        let x = text.find('x').unwrap();
        let utf16 = Lines::new(text, Encoding::Utf16, false);
        assert_eq!(utf16.position(x), at(0, 10));
        let utf8 = Lines::new(text, Encoding::Utf8, false);
        assert_eq!(utf8.position(x), at(0, 16));
        for lines in [utf16, utf8] {
            for (offset, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.offset(lines.position(offset)), offset);
            }
            assert_eq!(lines.position(text.find('b').unwrap()), at(1, 0));
            assert_eq!(lines.position(text.find('c').unwrap()), at(2, 0));
        }
    }

    #[test]
    fn a_place_that_is_not_there_is_the_nearest_before() {
        let lines = Lines::new("a😀b\nc", Encoding::Utf16, false);
        assert_eq!(lines.offset(at(0, 2)), 1, "within a character");
        assert_eq!(lines.offset(at(0, 99)), 6, "beyond the line");
        assert_eq!(lines.offset(at(9, 0)), 8, "beyond the text");
        assert_eq!(lines.position(99), at(1, 1));
    }

    #[test]
    fn a_byte_order_mark_of_the_editor_moves_its_first_line_alone() {
        let lines = Lines::new("ab\nc", Encoding::Utf16, true);
        assert_eq!((lines.position(1), lines.position(3)), (at(0, 2), at(1, 0)));
        assert_eq!((lines.offset(at(0, 0)), lines.offset(at(0, 2))), (0, 1));
    }

    #[test]
    fn a_line_without_end_is_counted_by_blocks() {
        let text = "位".repeat(5000);
        assert_eq!(Lines::new(&text, Encoding::Utf16, false).position(3 * 4999), at(0, 4999));
    }
}
