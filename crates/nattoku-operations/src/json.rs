//! JSON that a caller sent, as a tree that borrows from its text: a call makes few allocations for what it asks.
//!
//! In an object no key may be written twice, at any depth: which of two values is meant, nobody can tell.

use std::borrow::Cow;
use std::fmt;

use nattoku_policy::diagnostic::Words;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

/// What a key that is written twice is told by.
const TWICE: (&str, &str) = ("the key `", "` is written twice");
/// Most keys of one object: whatever asks for one looks through them.
const KEYS_MAX: usize = 1_000;
/// What an object with more is told by.
const TOO_MANY: &str = "an object has more than 1,000 keys";
/// Up to so many keys of an object are compared one with each other; more are put in order first.
const COMPARED_MAX: usize = 16;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string; a part of the text where it holds no escapes.
    Text(Cow<'t, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(JsonObject<'t>),
}

/// The keys of an object with their values, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonObject<'t>(Vec<(Cow<'t, str>, Json<'t>)>);

/// A text that is not such JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotJson {
    /// How far it could be read, in bytes of the line on which that is.
    pub(crate) character: usize,
    /// What is wrong there. In English it is the reader's own sentence, which says more.
    pub(crate) what: Words,
}

impl<'t> Json<'t> {
    /// Reads a text whose objects, at every depth, have each key once.
    pub(crate) fn parse(text: &'t str) -> Result<Self, NotJson> {
        serde_json::from_str(text).map_err(|error| NotJson {
            character: error.column(),
            what: Words::new(in_japanese(&error), error.to_string()),
        })
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    #[must_use]
    pub const fn as_object(&self) -> Option<&JsonObject<'t>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The same value by itself, with its keys in order.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(is) => Value::Bool(*is),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::Array(values) => Value::Array(values.iter().map(Self::to_value).collect()),
            Self::Object(object) => Value::Object(object.to_map()),
        }
    }
}

impl<'t> JsonObject<'t> {
    /// What a key holds.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json<'t>> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// Its keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_ref())
    }

    /// The same without some keys.
    pub(crate) fn without(&self, keys: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(key, _)| !keys.contains(&key.as_ref()));
        Self(kept.cloned().collect())
    }

    /// The same object by itself, with its keys in order.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        self.0.iter().map(|(key, value)| (key.clone().into_owned(), value.to_value())).collect()
    }

    /// A key that is written more than once.
    fn written_twice(&self) -> Option<&str> {
        if self.0.len() <= COMPARED_MAX {
            let mut keys = self.keys().enumerate();
            return keys
                .find(|(n, key)| self.keys().take(*n).any(|earlier| earlier == *key))
                .map(|(_, key)| key);
        }
        let mut keys: Vec<&str> = self.keys().collect();
        keys.sort_unstable();
        keys.windows(2).find_map(|pair| match pair {
            [one, other] if one == other => Some(*one),
            _ => None,
        })
    }
}

fn in_japanese(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    let twice = sentence.strip_prefix(TWICE.0).and_then(|rest| rest.rsplit_once(TWICE.1));
    match (twice, error.classify()) {
        (Some((key, _)), Category::Data) => format!("`{key}` が二度書かれています"),
        (None, Category::Data) if sentence.starts_with(TOO_MANY) => {
            "オブジェクトの項目が 1,000 個を超えています".to_owned()
        }
        (_, Category::Eof) => "途中で終わっています".to_owned(),
        _ => "ここには書けないものがあります".to_owned(),
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element()? {
            array.push(element);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut object = JsonObject::default();
        while let Some(Key(key)) = entries.next_key()? {
            if object.0.len() == KEYS_MAX {
                return Err(A::Error::custom(TOO_MANY));
            }
            object.0.push((key, entries.next_value()?));
        }
        match object.written_twice() {
            None => Ok(Json::Object(object)),
            Some(key) => {
                let shown: String = key.chars().take(80).collect();
                Err(A::Error::custom(format!("{}{shown}{}", TWICE.0, TWICE.1)))
            }
        }
    }
}

/// A key; a part of the text where it holds no escapes.
struct Key<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(AnyValue)? {
            Json::Text(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("expected a key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_written_twice_is_refused_at_every_depth() {
        assert!(Json::parse(r#"{"a": [{"b": 1, "c": null}], "d": 1.5}"#).is_ok());
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
        assert!(Json::parse(&format!("{{{}}}", many.join(","))).is_ok());
        for twice in [
            r#"{"a": 1, "a": 2}"#,
            r#"{"x": {"a": 1, "a": 1}}"#,
            r#"[{"a": 1, "a": 1}]"#,
            // However it is written.
            r#"{"a": 1, "\u0061": 2}"#,
            &format!("{{{},\"k7\":0}}", many.join(",")),
        ] {
            assert!(Json::parse(twice).unwrap_err().what.en.contains("written twice"), "{twice}");
        }
    }

    #[test]
    fn an_object_has_at_most_a_thousand_keys() {
        let of = |n: usize| {
            let keys: Vec<String> = (0..n).map(|n| format!("\"k{n}\":{n}")).collect();
            format!("[{{{}}}]", keys.join(","))
        };
        assert!(Json::parse(&of(1_000)).is_ok());
        let Words { ja, en } = Json::parse(&of(1_001)).unwrap_err().what;
        assert!(en.starts_with(TOO_MANY), "{en}");
        assert_eq!(ja, "オブジェクトの項目が 1,000 個を超えています");
    }

    #[test]
    fn what_is_read_is_what_the_reader_of_json_reads() {
        for text in [
            r#"{"b":[1,-2,1.5,true,null,"x"],"a":{"é":"\n\"","":[]}}"#,
            "18446744073709551615",
            r#""\ud83d\ude00""#,
            "[]",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(Json::parse(text).unwrap().to_value(), value, "{text}");
        }
    }

    #[test]
    fn a_text_without_escapes_is_a_part_of_what_was_sent() {
        let Ok(Json::Array(texts)) = Json::parse(r#"["plain","with\tone"]"#) else {
            panic!("it is an array")
        };
        assert!(matches!(texts[0], Json::Text(Cow::Borrowed("plain"))));
        assert!(matches!(&texts[1], Json::Text(Cow::Owned(text)) if text == "with\tone"));
    }
}
