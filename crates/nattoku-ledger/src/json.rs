//! The JSON of receipts: objects, lists and texts, and nothing else; one sequence of bytes for one content.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Keys with their values, in the order of the keys' bytes; no key is there twice.
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl Json {
    /// An object of these keys, each of which must be there once.
    pub fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let mut entries: Vec<(String, Self)> =
            entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self::Object(entries)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().find(|(there, _)| there == key).map(|(_, value)| value)
    }

    /// The text, where it is one.
    #[must_use]
    pub const fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// The values of a list.
    #[must_use]
    pub const fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list.as_slice(),
            _ => &[],
        }
    }

    /// Reads all of a text as one value.
    ///
    /// # Errors
    /// It is no JSON, holds something else than objects, lists and texts, or a key twice.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The canonical form: keys sorted by their bytes, no white space, the shortest escapes.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, None);
        out
    }

    /// The same with a line for each value, for people; a line feed ends it.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, Some(0));
        out.push('\n');
        out
    }

    fn push(&self, out: &mut String, depth: Option<usize>) {
        match self {
            Self::Text(text) => push_text(out, text),
            Self::List(list) => {
                out.push('[');
                for (i, value) in list.iter().enumerate() {
                    begin(out, i, depth);
                    value.push(out, depth.map(|depth| depth + 1));
                }
                end(out, ']', list.is_empty(), depth);
            }
            Self::Object(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    begin(out, i, depth);
                    push_text(out, key);
                    out.push_str(if depth.is_some() { ": " } else { ":" });
                    value.push(out, depth.map(|depth| depth + 1));
                }
                end(out, '}', entries.is_empty(), depth);
            }
        }
    }
}

fn begin(out: &mut String, i: usize, depth: Option<usize>) {
    if i > 0 {
        out.push(',');
    }
    if let Some(depth) = depth {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
    }
}

fn end(out: &mut String, close: char, is_empty: bool, depth: Option<usize>) {
    if let Some(depth) = depth.filter(|_| !is_empty) {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

/// Appends a text in quotation marks, with the shortest escapes: those of RFC 8785.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                out.push(if c >= '\u{10}' { '1' } else { '0' });
                out.push(char::from_digit(u32::from(c) & 0xf, 16).unwrap_or('0'));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, a list or a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            entries.push((key, value));
        }
        // Once, however many there are and in whatever order they come.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let twice = entries.windows(2).find_map(|two| match two {
            [(one, _), (other, _)] if one == other => Some(one),
            _ => None,
        });
        if let Some(twice) = twice {
            return Err(A::Error::custom(format!("the key `{twice}` is written twice")));
        }
        Ok(Json::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_in_both_forms() {
        let value = Json::object([
            ("b", Json::from(vec!["x", "\u{1}\u{1f}\"\\\n位置"])),
            ("a", Json::object([])),
            ("c", Json::List(Vec::new())),
        ]);
        assert_eq!(value.canonical(), "{\"a\":{},\"b\":[\"x\",\"\\u0001\\u001f\\\"\\\\\\n位置\"],\"c\":[]}");
        assert_eq!(Json::parse(&value.canonical()).unwrap(), value);
        assert_eq!(Json::parse(&value.pretty()).unwrap(), value);
        assert_eq!(
            Json::parse("{\"b\":\"1\",\"a\":\"2\"}").unwrap().canonical(),
            "{\"a\":\"2\",\"b\":\"1\"}"
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for bad in [
            "{\"a\":\"1\",\"a\":\"2\"}",
            "{\"a\":1}",
            "null",
            "true",
            "{} {}",
            "{\"a\":{\"b\":\"\",\"b\":\"\"}}",
        ] {
            assert!(Json::parse(bad).is_err(), "{bad}");
        }
    }
}
