//! The little of JSON that an event is made of: texts and lists of texts.

use std::borrow::Cow;
use std::fmt;

use nattoku_ledger::json::push_text;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Most keys of one object; an event has a dozen at most.
const KEYS_MAX: usize = 64;

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    List(Vec<Cow<'a, str>>),
    /// Anything else, by its kind.
    Other(Kind),
}

impl<'a> Value<'a> {
    /// A text that lives elsewhere.
    pub(crate) const fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

/// What a value is when it is neither a text nor a list of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Object,
    MixedList,
}

/// The keys and values of an object, in the order written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Object<'a>(pub(crate) Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// The value of the first key of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// How many bytes its texts have.
    pub(crate) fn text_bytes(&self) -> usize {
        let bytes = |value: &Value<'a>| match value {
            Value::Text(text) => text.len(),
            Value::List(texts) => texts.iter().map(|text| text.len()).sum(),
            Value::Other(_) => 0,
        };
        self.0.iter().map(|(_, value)| bytes(value)).sum()
    }

    /// A key that is written more than once.
    pub(crate) fn written_twice(&self) -> Option<&str> {
        self.0
            .iter()
            .enumerate()
            .find(|(i, (key, _))| self.0.iter().take(*i).any(|(earlier, _)| earlier == key))
            .map(|(_, (key, _))| key.as_ref())
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one object of JSON")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut object = Object::default();
                while let Some(Key(key)) = map.next_key()? {
                    if object.0.len() == KEYS_MAX {
                        return Err(A::Error::custom("more keys than any event has"));
                    }
                    object.0.push((key, map.next_value()?));
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// A text that borrows from the line where it holds no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyText)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Other(Kind::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other(Kind::Boolean))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Other(Kind::Number))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value<'de>, E> {
        Ok(Value::Other(Kind::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other(Kind::Number))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other(Kind::Object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        let mut texts = Vec::new();
        let mut mixed = false;
        while let Some(value) = seq.next_element()? {
            match value {
                Value::Text(text) => texts.push(text),
                Value::List(_) | Value::Other(_) => mixed = true,
            }
        }
        Ok(if mixed { Value::Other(Kind::MixedList) } else { Value::List(texts) })
    }
}

/// Reads one object from all of `bytes`.
pub(crate) fn read_object(bytes: &[u8]) -> Result<Object<'_>, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Appends `"key":value`, after a comma where it is not the first.
pub(crate) fn push_field(out: &mut String, key: &str, value: &Value<'_>) {
    if !out.ends_with('{') {
        out.push(',');
    }
    push_text(out, key);
    out.push(':');
    match value {
        Value::Text(text) => push_text(out, text),
        Value::List(texts) => {
            out.push('[');
            for (i, text) in texts.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_text(out, text);
            }
            out.push(']');
        }
        // Never written: what is written comes from an event, which is made of texts and lists alone.
        Value::Other(_) => out.push_str("null"),
    }
}

/// The fields as an object with sorted keys and no white space: equal fields give equal bytes (RFC 8785, for the texts
/// and lists that events are made of; every key is ASCII, so the order of bytes is the order asked there).
pub(crate) fn canonical(fields: &[(&str, Value<'_>)]) -> String {
    canonical_of(fields.iter().map(|(key, value)| (*key, value)))
}

/// The same of fields that stand elsewhere.
pub(crate) fn canonical_of<'a>(fields: impl Iterator<Item = (&'a str, &'a Value<'a>)>) -> String {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_unstable_by_key(|(key, _)| *key);
    let mut out = String::with_capacity(256);
    out.push('{');
    for (key, value) in fields {
        push_field(&mut out, key, value);
    }
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_is_sorted_and_escaped_shortest() {
        let fields = [
            ("b", Value::List(vec!["x".into(), "\u{1}\u{1f}\u{7f}".into()])),
            ("a", Value::text("q\"\\\n\t位置/")),
        ];
        assert_eq!(
            canonical(&fields),
            "{\"a\":\"q\\\"\\\\\\n\\t位置/\",\"b\":[\"x\",\"\\u0001\\u001f\u{7f}\"]}"
        );
        assert_eq!(canonical(&[]), "{}");
    }

    #[test]
    fn what_serde_json_reads_is_what_was_written() {
        let all: String = ('\u{0}'..='\u{ff}').collect();
        let written = canonical(&[("a", Value::text(&all))]);
        assert_eq!(read_object(written.as_bytes()).unwrap().get("a"), Some(&Value::Text(all.into())));
    }
}
