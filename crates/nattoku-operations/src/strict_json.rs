//! JSON in which a key may not be written twice: which of two values is meant, nobody can tell.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use nattoku_policy::diagnostic::Words;

/// What a key that is written twice is told by.
const TWICE: (&str, &str) = ("the key `", "` is written twice");

/// A text that is not such JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotJson {
    /// How far it could be read, in bytes of the line on which that is.
    pub(crate) character: usize,
    /// What is wrong there. In English it is the reader's own sentence, which says more.
    pub(crate) what: Words,
}

/// Reads a text whose objects, at every depth, have each key once.
pub(crate) fn parse(text: &str) -> Result<Value, NotJson> {
    let read = serde_json::from_str::<Strict>(text);
    read.map(|strict| strict.0).map_err(|error| NotJson {
        character: error.column(),
        what: Words::new(in_japanese(&error), error.to_string()),
    })
}

fn in_japanese(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    let twice = sentence.strip_prefix(TWICE.0).and_then(|rest| rest.rsplit_once(TWICE.1));
    match (twice, error.classify()) {
        (Some((key, _)), Category::Data) => format!("`{key}` が二度書かれています"),
        (_, Category::Eof) => "途中で終わっています".to_owned(),
        _ => "ここには書けないものがあります".to_owned(),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            let shown: String = key.chars().take(80).collect();
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom(format!("{}{shown}{}", TWICE.0, TWICE.1)));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_written_twice_is_refused_at_every_depth() {
        assert!(parse(r#"{"a": [{"b": 1, "c": null}], "d": 1.5}"#).is_ok());
        for twice in [r#"{"a": 1, "a": 2}"#, r#"{"x": {"a": 1, "a": 1}}"#, r#"[{"a": 1, "a": 1}]"#] {
            assert!(parse(twice).unwrap_err().what.en.contains("written twice"), "{twice}");
        }
    }
}
