//! The fields of an object of JSON that a caller sent: each read as what it must be, or refused with its name.

use std::borrow::Cow;

use jiff::Timestamp;
use nattoku_model::name::nearest;
use nattoku_policy::diagnostic::Words;
use serde_json::{Map, Value};

use crate::strict_json;

/// Longest text taken in any field, in bytes.
const TEXT_BYTES_MAX: usize = 4_000;
/// Most names in a list.
const NAMES_MAX: usize = 200;

/// The largest number up to which every whole one has a value of its own where it is written with a point: 2^53 − 1.
const EXACT_MAX: f64 = 9_007_199_254_740_991.0;

/// What a caller sent that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, where it is one field's fault.
    pub field: Option<String>,
    /// What was expected.
    pub problem: Words,
}

impl FieldError {
    /// Something is wrong with a field.
    pub fn new(field: &str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), problem: Words::new(ja, en) }
    }

    /// A field is not what it must be.
    #[must_use]
    pub fn expected(field: &str, ja: &str, en: &str) -> Self {
        Self::new(field, format!("`{field}` は{ja}で書いてください"), format!("`{field}` must be {en}"))
    }
}

/// An object of JSON. Of its fields, one that is `null` is as good as none, and none may be written twice.
#[derive(Debug, Clone)]
pub struct Fields<'o>(Cow<'o, Map<String, Value>>);

impl<'o> Fields<'o> {
    /// Reads a text that is an object of JSON.
    ///
    /// # Errors
    /// It is something else, or a key in it is written twice.
    pub fn parse(text: &str) -> Result<Fields<'static>, FieldError> {
        match strict_json::parse(text) {
            Ok(Value::Object(object)) => Ok(Fields(Cow::Owned(object))),
            Ok(_) => Err(not_an_object()),
            Err(error) => Err(FieldError {
                field: None,
                problem: Words::new(
                    format!("JSON として読めません（{} 文字目）: {}", error.character, error.what.ja),
                    format!("not JSON at character {}: {}", error.character, error.what.en),
                ),
            }),
        }
    }

    /// The fields of a value that is to be an object.
    ///
    /// # Errors
    /// It is something else.
    pub fn of(value: &'o Value) -> Result<Self, FieldError> {
        value.as_object().map(|object| Self(Cow::Borrowed(object))).ok_or_else(not_an_object)
    }

    /// The object itself.
    #[must_use]
    pub fn object_itself(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The same without some fields, for whoever reads the others.
    #[must_use]
    pub fn without(&self, fields: &[&str]) -> Fields<'static> {
        let mut rest = self.0.clone().into_owned();
        rest.retain(|field, _| !fields.contains(&field.as_str()));
        Fields(Cow::Owned(rest))
    }

    /// Refuses a field that is none of these, with the nearest of them.
    ///
    /// # Errors
    /// The first such field.
    pub fn only(&self, fields: &[&str]) -> Result<(), FieldError> {
        let Some(unknown) = self.0.keys().find(|key| !fields.contains(&key.as_str())) else { return Ok(()) };
        let shown: String = unknown.chars().take(80).collect();
        let near = nearest(unknown, fields.iter().copied());
        let (ja, en) = near.map_or_else(
            || (String::new(), String::new()),
            |near| (format!("。`{near}` のことでしょうか"), format!("; did you mean `{near}`?")),
        );
        Err(FieldError::new(
            &shown,
            format!("`{shown}` という項目はありません{ja}"),
            format!("there is no field `{shown}`{en}"),
        ))
    }

    /// Whether a field is there and holds something.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    /// What a field holds, whatever it is.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    /// A text.
    ///
    /// # Errors
    /// The field is something else, or too long.
    pub fn text(&self, field: &str) -> Result<Option<String>, FieldError> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= TEXT_BYTES_MAX => Ok(Some(text.clone())),
            Some(Value::String(_)) => {
                Err(FieldError::expected(field, " 4,000 バイト以内", "at most 4,000 bytes"))
            }
            Some(_) => Err(FieldError::expected(field, "文字列", "a string")),
        }
    }

    /// A text that has to be there.
    ///
    /// # Errors
    /// As [`text`](Self::text), and where it is not there.
    pub fn required(&self, field: &str) -> Result<String, FieldError> {
        self.text(field)?.ok_or_else(|| {
            FieldError::new(
                field,
                format!("`{field}` がありません"),
                format!("the field `{field}` is missing"),
            )
        })
    }

    /// An instant: with an offset, never without.
    ///
    /// # Errors
    /// The field is something else.
    pub fn instant(&self, field: &str) -> Result<Option<Timestamp>, FieldError> {
        self.text(field)?.map(|text| parse_instant(field, &text)).transpose()
    }

    /// A whole number from 0 on. `5.0` is one too: JSON has but one kind of number.
    ///
    /// # Errors
    /// The field is something else.
    pub fn number(&self, field: &str) -> Result<Option<u64>, FieldError> {
        let expected = || FieldError::expected(field, " 0 以上の整数", "a whole number from 0");
        self.value(field).map(|value| whole(value).ok_or_else(expected)).transpose()
    }

    /// A list of 1 to 200 names, which has to be there.
    ///
    /// # Errors
    /// The field is something else.
    pub fn names(&self, field: &str) -> Result<Vec<String>, FieldError> {
        let wrong = || FieldError::expected(field, " 1〜200 個の名前の配列", "an array of 1 to 200 names");
        let Some(Value::Array(names)) = self.value(field) else { return Err(wrong()) };
        if names.is_empty() || names.len() > NAMES_MAX {
            return Err(wrong());
        }
        names.iter().map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// A list of at most so many values, which has to be there.
    ///
    /// # Errors
    /// The field is something else.
    pub fn list(&self, field: &str, most: usize) -> Result<&[Value], FieldError> {
        match self.value(field) {
            Some(Value::Array(values)) if values.len() <= most => Ok(values),
            _ => Err(FieldError::expected(
                field,
                &format!(" {most} 個以内の配列"),
                &format!("an array of at most {most}"),
            )),
        }
    }

    /// An object.
    ///
    /// # Errors
    /// The field is something else.
    pub fn object(&self, field: &str) -> Result<Option<Fields<'_>>, FieldError> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Fields(Cow::Borrowed(object)))),
            Some(_) => Err(FieldError::expected(field, "オブジェクト", "an object")),
        }
    }
}

/// A whole number from 0 on; of those written with a point or an exponent, as far as each has a value of its own.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number =
            value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=EXACT_MAX).contains(number))?;
        format!("{:.0}", number.abs()).parse().ok()
    })
}

/// Reads an instant: with an offset, never without.
pub(crate) fn parse_instant(field: &str, text: &str) -> Result<Timestamp, FieldError> {
    text.parse().map_err(|_| {
        FieldError::new(
            field,
            format!("`{field}` は時差を付けた日時で書いてください（例 2020-01-05T12:00:00+09:00）"),
            format!("`{field}` must be a time with an offset, such as 2020-01-05T12:00:00+09:00"),
        )
    })
}

fn not_an_object() -> FieldError {
    FieldError {
        field: None,
        problem: Words::new("JSON のオブジェクトではありません", "expected an object of JSON"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let number = |text: &str| Fields::parse(&format!(r#"{{"n":{text}}}"#)).unwrap().number("n");
        for (text, is) in [
            ("0", 0),
            ("-0.0", 0),
            ("5.0", 5),
            ("1e3", 1_000),
            ("18446744073709551615", u64::MAX),
            ("9007199254740991.0", 9_007_199_254_740_991),
        ] {
            assert_eq!(number(text), Ok(Some(is)), "{text}");
        }
        // The last is not told apart from its neighbour.
        for text in ["-1", "-1.0", "0.5", "\"5\"", "1e20", "9007199254740993.0"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!(number("null"), Ok(None));
    }
}
