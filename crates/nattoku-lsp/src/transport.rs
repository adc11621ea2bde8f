//! Messages framed by `Content-Length`, as the protocol's base has it.

use std::io::{self, BufRead, Read, Write};

/// Longest message read, in bytes: the largest file of a policy with every byte escaped. A longer one is stepped over.
pub(crate) const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Longest line of a header read at once, in bytes.
const HEADER_BYTES_MAX: u64 = 4096;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The bytes of a message.
    Body(Vec<u8>),
    /// A message of more than [`BODY_BYTES_MAX`]; it was stepped over.
    TooLong(usize),
    /// Lines that are no header; what follows is read as a new one.
    NoHeader,
}

/// Reads one message; none at the end of input.
///
/// # Errors
/// Where the input cannot be read, or ends within a message.
pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let mut length = None;
    let mut has_line = false;
    loop {
        let mut line = Vec::new();
        if reader.by_ref().take(HEADER_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() && !has_line {
            continue;
        }
        if line.is_empty() {
            break;
        }
        has_line = true;
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let Some(length) = length else { return Ok(Some(Frame::NoHeader)) };
    if length > BODY_BYTES_MAX {
        let wanted = u64::try_from(length).unwrap_or(u64::MAX);
        io::copy(&mut reader.take(wanted), &mut io::sink())?;
        return Ok(Some(Frame::TooLong(length)));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Frame::Body(body)))
}

/// Writes one message.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn write(writer: &mut impl Write, message: &serde_json::Value) -> io::Result<()> {
    let body = message.to_string();
    write!(writer, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(mut input: &[u8]) -> Vec<Frame> {
        std::iter::from_fn(|| read(&mut input).unwrap()).collect()
    }

    #[test]
    fn a_message_is_as_long_as_its_header_says() {
        let mut out = Vec::new();
        write(&mut out, &serde_json::json!({"a": "位"})).unwrap();
        assert_eq!(out, "Content-Length: 11\r\n\r\n{\"a\":\"位\"}".as_bytes());
        let twice = [out.as_slice(), out.as_slice()].concat();
        let body = Frame::Body("{\"a\":\"位\"}".as_bytes().to_vec());
        assert_eq!(frames(&twice), [body, Frame::Body("{\"a\":\"位\"}".as_bytes().to_vec())]);
    }

    #[test]
    fn what_is_no_header_is_stepped_over_and_the_next_message_is_read() {
        let input = b"hello\r\n\r\nContent-Length: x\r\n\r\ncontent-length: 2\r\nContent-Type: y\r\n\r\n{}";
        assert_eq!(frames(input), [Frame::NoHeader, Frame::NoHeader, Frame::Body(b"{}".to_vec())]);
    }

    #[test]
    fn a_message_without_end_takes_no_memory() {
        let input = format!("Content-Length: {}\r\n\r\nabc", usize::MAX);
        assert_eq!(frames(input.as_bytes()), [Frame::TooLong(usize::MAX)]);
        assert!(read(&mut "Content-Length: 9\r\n\r\nabc".as_bytes()).is_err(), "it ends too early");
    }
}
