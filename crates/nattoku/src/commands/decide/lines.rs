//! Lines as somebody writes them, one after the other, none of them longer than a line may be.

use std::io::{BufRead, BufReader, Read as _, Result};

/// Longest line of a file of questions, in bytes, without what ends it.
pub(super) const LINE_BYTES_MAX: usize = 65_536;

/// As much of a line is looked at, in bytes: the longest with a line break of two.
const READ_MAX: u64 = LINE_BYTES_MAX as u64 + 2;

/// How much is read at once, in bytes.
const CHUNK_BYTES: usize = 65_536;

/// One line of the input.
pub(super) enum Line {
    /// Its bytes, without what ends it.
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
            if self.input.by_ref().take(READ_MAX).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let is_ended = line.pop_if(|byte| *byte == b'\n').is_some();
            if is_ended {
                line.pop_if(|byte| *byte == b'\r');
            }
            if line.len() > LINE_BYTES_MAX {
                if !is_ended {
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
                Line::Read(line) => format!("{number} {}", String::from_utf8(line).unwrap()),
                Line::TooLong => format!("{number} too long"),
            });
        }
        assert_eq!(found, ["1 one", "4 too long", "5 last, without an end"]);
    }

    #[test]
    fn the_longest_line_is_as_long_as_is_told_however_it_ends() {
        let [longest, longer] = [LINE_BYTES_MAX, LINE_BYTES_MAX + 1].map(|n| "x".repeat(n));
        for end in ["\n", "\r\n", ""] {
            for (line, is_read) in [(&longest, true), (&longer, false)] {
                let text = format!("{line}{end}");
                let mut lines = Lines::new(Box::new(Cursor::new(text.into_bytes())));
                let found = lines.next().unwrap();
                let read = match &found {
                    Some((1, Line::Read(read))) => read.as_slice() == line.as_bytes(),
                    Some((1, Line::TooLong)) => false,
                    _ => panic!("there is a line"),
                };
                assert_eq!(read, is_read, "{} and {end:?}", line.len());
                assert!(lines.next().unwrap().is_none());
            }
        }
    }
}
