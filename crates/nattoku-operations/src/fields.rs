//! The fields of an object of JSON that a caller sent: each read as what it must be, or refused with its name.

use std::borrow::Cow;

use jiff::Timestamp;
use nattoku_model::name::nearest;
use nattoku_policy::diagnostic::Words;

use crate::json::{Json, JsonObject};

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
pub struct Fields<'o>(Cow<'o, JsonObject<'o>>);

impl<'o> Fields<'o> {
    /// Reads a text that is an object of JSON.
    ///
    /// # Errors
    /// It is something else, or a key in it is written twice.
    pub fn parse(text: &'o str) -> Result<Self, FieldError> {
        match Json::parse(text) {
            Ok(Json::Object(object)) => Ok(Self(Cow::Owned(object))),
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
    pub fn of(value: &'o Json<'o>) -> Result<Self, FieldError> {
        value.as_object().map(|object| Self(Cow::Borrowed(object))).ok_or_else(not_an_object)
    }

    /// The fields of an object, or none where there is no object.
    #[must_use]
    pub fn of_object(object: Option<&'o JsonObject<'o>>) -> Self {
        object.map_or_else(|| Self(Cow::Owned(JsonObject::default())), |object| Self(Cow::Borrowed(object)))
    }

    /// The object itself.
    #[must_use]
    pub fn object_itself(&self) -> &JsonObject<'o> {
        &self.0
    }

    /// The same without some fields, for whoever reads the others.
    #[must_use]
    pub fn without(&self, fields: &[&str]) -> Self {
        Self(Cow::Owned(self.0.without(fields)))
    }

    /// Refuses a field that is none of these, with the nearest of them.
    ///
    /// # Errors
    /// The first such field.
    pub fn only(&self, fields: &[&str]) -> Result<(), FieldError> {
        let Some(unknown) = self.0.keys().find(|key| !fields.contains(key)) else { return Ok(()) };
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
    pub fn value(&self, field: &str) -> Option<&Json<'o>> {
        self.0.get(field).filter(|value| !matches!(value, Json::Null))
    }

    /// A text.
    ///
    /// # Errors
    /// The field is something else, or too long.
    pub fn text(&self, field: &str) -> Result<Option<String>, FieldError> {
        match self.value(field) {
            None => Ok(None),
            Some(Json::Text(text)) => not_too_long(field, text).map(Some),
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
        let Some(Json::Array(names)) = self.value(field) else { return Err(wrong()) };
        if names.is_empty() || names.len() > NAMES_MAX {
            return Err(wrong());
        }
        names.iter().map(|name| name.as_text().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// A list of at most so many values, which has to be there.
    ///
    /// # Errors
    /// The field is something else.
    pub fn list(&self, field: &str, most: usize) -> Result<&[Json<'o>], FieldError> {
        match self.value(field) {
            Some(Json::Array(values)) if values.len() <= most => Ok(values),
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
            Some(Json::Object(object)) => Ok(Some(Fields(Cow::Borrowed(object)))),
            Some(_) => Err(FieldError::expected(field, "オブジェクト", "an object")),
        }
    }
}

/// Whether a text is longer than any field may be.
#[must_use]
pub const fn is_too_long(text: &str) -> bool {
    text.len() > TEXT_BYTES_MAX
}

/// A text that stands in a field, by itself.
///
/// # Errors
/// It is too long.
pub fn not_too_long(field: &str, text: &str) -> Result<String, FieldError> {
    if !is_too_long(text) {
        return Ok(text.to_owned());
    }
    Err(FieldError::expected(field, " 4,000 バイト以内", "at most 4,000 bytes"))
}

/// A whole number from 0 on; of those written with a point or an exponent, as far as each has a value of its own.
fn whole(value: &Json<'_>) -> Option<u64> {
    let Json::Number(value) = value else { return None };
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

    fn fields(text: &str) -> Fields<'_> {
        Fields::parse(text).unwrap()
    }

    /// The field that an error is about, and its sentence in English.
    fn told<T: std::fmt::Debug>(read: Result<T, FieldError>) -> (Option<String>, String) {
        let FieldError { field, problem } = read.unwrap_err();
        assert!(!problem.ja.is_ascii(), "{}", problem.ja);
        (field, problem.en)
    }

    #[test]
    fn what_is_null_is_as_good_as_none() {
        let fields = fields(r#"{"a":null,"b":""}"#);
        assert!(!fields.has("a") && fields.has("b") && !fields.has("c"));
        assert_eq!(fields.text("a"), Ok(None));
        assert_eq!(fields.text("b"), Ok(Some(String::new())));
        assert_eq!(fields.number("a"), Ok(None));
        assert!(fields.object("a").unwrap().is_none());
        assert_eq!(fields.instant("a"), Ok(None));
        assert_eq!(told(fields.required("a")), (Some("a".to_owned()), "the field `a` is missing".to_owned()));
    }

    #[test]
    fn each_type_is_held_to() {
        let fields = fields(r#"{"t":"x","n":1,"l":[1],"o":{"p":2},"f":1.5,"m":-1}"#);
        for field in ["n", "l", "o", "f"] {
            assert_eq!(told(fields.text(field)).1, format!("`{field}` must be a string"));
        }
        for field in ["t", "l", "o", "f", "m"] {
            assert_eq!(told(fields.number(field)).1, format!("`{field}` must be a whole number from 0"));
        }
        for field in ["t", "n", "l"] {
            assert_eq!(told(fields.object(field)).1, format!("`{field}` must be an object"));
        }
        for field in ["t", "n", "o", "missing"] {
            assert_eq!(told(fields.list(field, 5)).1, format!("`{field}` must be an array of at most 5"));
        }
        assert_eq!(fields.number("n"), Ok(Some(1)));
        assert_eq!(fields.object("o").unwrap().unwrap().number("p"), Ok(Some(2)));
        assert_eq!(fields.list("l", 1).unwrap().len(), 1);
        assert!(fields.list("l", 0).is_err());
    }

    #[test]
    fn a_text_has_at_most_four_thousand_bytes() {
        let of = |n: usize| format!(r#"{{"t":"{}"}}"#, "あ".repeat(n));
        assert!(fields(&of(1_333)).text("t").is_ok());
        assert_eq!(told(fields(&of(1_334)).text("t")).1, "`t` must be at most 4,000 bytes");
    }

    #[test]
    fn names_are_one_at_least_and_two_hundred_at_most() {
        let of = |n: usize| format!(r#"{{"c":{}}}"#, serde_json::Value::from(vec!["x"; n]));
        for (n, is_good) in [(0, false), (1, true), (200, true), (201, false)] {
            assert_eq!(fields(&of(n)).names("c").is_ok(), is_good, "{n}");
        }
        for wrong in [r#"{"c":"x"}"#, r#"{"c":["x",5]}"#, r#"{"c":null}"#, "{}"] {
            assert_eq!(told(fields(wrong).names("c")).1, "`c` must be an array of 1 to 200 names");
        }
    }

    #[test]
    fn an_instant_has_an_offset() {
        let of = |text: &str| Fields::parse(&format!(r#"{{"at":"{text}"}}"#)).unwrap().instant("at");
        let noon: Timestamp = "2020-01-05T03:00:00Z".parse().unwrap();
        assert_eq!(of("2020-01-05T12:00:00+09:00"), Ok(Some(noon)));
        for without in ["2020-01-05T12:00:00", "2020-01-05", "noon", "", "12:00+09:00"] {
            assert_eq!(told(of(without)).0.as_deref(), Some("at"), "{without}");
        }
    }

    #[test]
    fn a_field_that_does_not_belong_is_told_with_the_nearest_that_does() {
        let fields = fields(r#"{"principal":1,"categorys":[]}"#);
        assert_eq!(fields.only(&["principal", "categorys"]), Ok(()));
        let (field, sentence) = told(fields.only(&["principal", "categories"]));
        assert_eq!(field.as_deref(), Some("categorys"));
        assert_eq!(sentence, "there is no field `categorys`; did you mean `categories`?");
        // A name that is far from all of them, and long, is repeated in part.
        let long = format!(r#"{{"{}":1}}"#, "z".repeat(500));
        let long = self::fields(&long);
        assert_eq!(
            told(long.only(&["principal"])),
            (Some("z".repeat(80)), format!("there is no field `{}`", "z".repeat(80)))
        );
    }

    #[test]
    fn what_others_read_is_left_out() {
        let fields = fields(r#"{"a":1,"list":{},"b":2}"#);
        let rest = fields.without(&["list", "nothing"]);
        assert_eq!(rest.only(&["a", "b"]), Ok(()));
        assert!(fields.has("list"));
    }

    #[test]
    fn only_an_object_has_fields() {
        for text in ["[]", "5", "null", "\"x\""] {
            assert_eq!(told(Fields::parse(text)), (None, "expected an object of JSON".to_owned()));
            assert!(Fields::of(&Json::parse(text).unwrap()).is_err());
        }
        for text in ["", "{", "{\"a\":1,\"a\":2}", "{}x"] {
            let (field, sentence) = told(Fields::parse(text));
            assert_eq!(field, None);
            assert!(sentence.starts_with("not JSON at character "), "{sentence}");
        }
    }

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
