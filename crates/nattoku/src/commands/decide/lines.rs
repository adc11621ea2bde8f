//! Lines as somebody writes them, one after the other, none of them longer than a line may be.

use std::io::{BufRead, BufReader, Read as _, Result};

/// Longest line of a file of questions, in bytes.
pub(super) const LINE_BYTES_MAX: u64 = 65_536;

/// How much is read at once, in bytes.
const CHUNK_BYTES: usize = 65_536;

/// One line of the input.
pub(super) enum Line {
    /// Its bytes, as they stand.
    Read(Vec<u8>),
    /// It is longer than a line may be; the rest of it is passed over.
    TooLong,
}

/// The lines of an input, numbered from 1.
pub(super) struct Lines {
    input: BufReader<Box<dyn BufRead>>,
    number: usize,
}

impl Lines {
    pub(super) fn new(input: Box<dyn BufRead>) -> Self {
        Self { input: BufReader::with_capacity(CHUNK_BYTES, input), number: 0 }
    }

    /// Whether the next line has been read already; otherwise whoever asks for it may have to wait.
    pub(super) fn is_at_hand(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line that is not blank, with its number; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Line)>> {
        loop {
            let mut line = Vec::new();
            self.number += 1;
            if self.input.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if u64::try_from(line.len()).is_ok_and(|length| length > LINE_BYTES_MAX) {
                if !line.ends_with(b"\n") {
                    self.input.skip_until(b'\n')?;
                }
                return Ok(Some((self.number, Line::TooLong)));
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some((self.number, Line::Read(line))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_told_and_passed_over() {
        let long = "x".repeat(200_000);
        let text = format!("one\n\n  \n{long}\nlast, without an end");
        let mut lines = Lines::new(Box::new(Cursor::new(text.into_bytes())));
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            found.push(match line {
                Line::Read(line) => format!("{number} {}", String::from_utf8(line).unwrap().trim_end()),
                Line::TooLong => format!("{number} too long"),
            });
        }
        assert_eq!(found, ["1 one", "4 too long", "5 last, without an end"]);
    }
}
