//! Reads an event's canonical JSON, and nothing else: what is read here could not have been written in other bytes.

use std::borrow::Cow;

use super::value::{Object, Value};

/// Reads one object of texts and lists of texts from all of `bytes`: keys in their order and each once, no white space, the
/// shortest escapes. Whatever [`canonical`](super::value::canonical) writes is read, and what is read it would write again.
pub(crate) fn read_canonical(bytes: &[u8]) -> Result<Object<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_canonical(error.valid_up_to()))?;
    let mut reader = Canonical { text, at: 0 };
    let object = reader.object()?;
    if reader.at == text.len() { Ok(object) } else { Err(not_canonical(reader.at)) }
}

fn not_canonical(at: usize) -> String {
    format!("it is no canonical JSON from byte {} on", at + 1)
}

struct Canonical<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Canonical<'a> {
    fn object(&mut self) -> Result<Object<'a>, String> {
        self.take(b'{')?;
        let mut object = Object(Vec::with_capacity(12));
        if self.takes(b'}') {
            return Ok(object);
        }
        loop {
            let start = self.at;
            let key = self.text()?;
            if object.0.last().is_some_and(|(before, _)| *before >= key) {
                return Err(not_canonical(start));
            }
            self.take(b':')?;
            object.0.push((key, self.value()?));
            if !self.takes(b',') {
                return self.take(b'}').map(|()| object);
            }
        }
    }

    fn value(&mut self) -> Result<Value<'a>, String> {
        if !self.takes(b'[') {
            return self.text().map(Value::Text);
        }
        let mut texts = Vec::new();
        if self.takes(b']') {
            return Ok(Value::List(texts));
        }
        loop {
            texts.push(self.text()?);
            if !self.takes(b',') {
                return self.take(b']').map(|()| Value::List(texts));
            }
        }
    }

    /// A text, which is borrowed where it has no escapes.
    fn text(&mut self) -> Result<Cow<'a, str>, String> {
        self.take(b'"')?;
        let mut unescaped = None;
        loop {
            let run = self.run();
            if self.takes(b'"') {
                return Ok(match unescaped {
                    None => Cow::Borrowed(run),
                    Some(text) => Cow::Owned(text + run),
                });
            }
            self.take(b'\\')?;
            let text: &mut String = unescaped.get_or_insert_default();
            text.push_str(run);
            let escaped = self.escaped()?;
            text.push(escaped);
        }
    }

    /// What stands for itself, up to the next byte that does not.
    fn run(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
        let run = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += run.len();
        run
    }

    /// What stands behind a backslash: there is one way to escape each character that must be, and none for others.
    fn escaped(&mut self) -> Result<char, String> {
        let start = self.at;
        let short = [('"', b'"'), ('\\', b'\\'), ('\n', b'n'), ('\r', b'r'), ('\t', b't')];
        let short = short.into_iter().chain([('\u{8}', b'b'), ('\u{c}', b'f')]);
        for (character, letter) in short {
            if self.takes(letter) {
                return Ok(character);
            }
        }
        for byte in *b"u00" {
            self.take(byte)?;
        }
        let [high, low] = [self.digit()?, self.digit()?];
        match char::from(high << 4 | low) {
            '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' | '\u{20}'.. => Err(not_canonical(start)),
            control => Ok(control),
        }
    }

    /// A hexadecimal digit.
    fn digit(&mut self) -> Result<u8, String> {
        let value = match self.next() {
            Some(digit @ b'0'..=b'9') => digit - b'0',
            Some(digit @ b'a'..=b'f') => digit - b'a' + 10,
            _ => return Err(not_canonical(self.at)),
        };
        self.at += 1;
        Ok(value)
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether this byte is next; then it is passed over.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.next() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn take(&mut self, byte: u8) -> Result<(), String> {
        if self.takes(byte) { Ok(()) } else { Err(not_canonical(self.at)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::{canonical, canonical_of, read_object};
    use super::*;

    fn again(object: &Object<'_>) -> String {
        canonical_of(object.0.iter().map(|(key, value)| (key.as_ref(), value)))
    }

    /// An object with everything in it that there is.
    fn rich() -> String {
        let all: String = ('\u{0}'..='\u{ff}').chain("二\u{2028}\u{10ffff}".chars()).collect();
        let list = Value::List(vec!["x".into(), "".into(), "\"\\\u{1}".into()]);
        canonical(&[
            ("a", Value::text(&all)),
            ("b", list),
            ("b_", Value::List(vec![])),
            ("é", Value::text("")),
        ])
    }

    #[test]
    fn what_is_written_is_read() {
        for written in [rich(), canonical(&[])] {
            let read = read_canonical(written.as_bytes()).unwrap();
            assert_eq!(read, read_object(written.as_bytes()).unwrap());
            assert_eq!(again(&read), written);
        }
    }

    #[test]
    fn what_is_read_would_be_written_in_the_same_bytes_whatever_byte_is_put_wherever() {
        let rich = rich().into_bytes();
        let mut n_read = 0;
        for at in 0..rich.len() {
            for byte in 0..=u8::MAX {
                let mut changed = rich.clone();
                changed[at] = byte;
                if let Ok(read) = read_canonical(&changed) {
                    assert_eq!(again(&read).as_bytes(), changed, "{byte:02x} at {at}");
                    n_read += 1;
                }
                changed.insert(at, rich[at]);
                if let Ok(read) = read_canonical(&changed) {
                    assert_eq!(again(&read).as_bytes(), changed, "{byte:02x} before {at}");
                }
            }
        }
        assert!(n_read > rich.len(), "{n_read}");
    }

    #[test]
    fn other_ways_to_write_the_same_are_refused() {
        for other in [
            "",
            "{",
            "{}\n",
            " {}",
            r#"{"a":"x",}"#,
            r#"{"a": "x"}"#,
            r#"{"b":"x","a":"y"}"#,
            r#"{"a":"x","a":"x"}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\u001F"}"#,
            r#"{"a":"\u000a"}"#,
            r#"{"a":"\/"}"#,
            r#"{"a":["x",]}"#,
            r#"{"a":[["x"]]}"#,
            r#"{"a":1}"#,
            r#"{"a":null}"#,
            r#"{"a":{}}"#,
            "{\"a\":\"\n\"}",
        ] {
            assert!(read_canonical(other.as_bytes()).is_err(), "{other}");
        }
    }
}
