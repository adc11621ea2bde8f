//! Takes fields out of an object, each as the kind of value it must be.

use jiff::{Timestamp, civil::Date};
use nattoku_model::event::By;
use nattoku_model::name::{NAME_BYTES_MAX, is_name};
use nattoku_model::{Action, Language, Text};

use super::error::{EventError, both, did_you_mean, quoted};
use super::value::{Kind, Object, Value};
use super::{EVIDENCE_BYTES_MAX, IDENTIFIER_BYTES_MAX, LIST_NAMES_MAX, TEXT_BYTES_MAX};

/// The fields of one event.
pub(crate) struct Reader<'a>(pub(crate) &'a Object<'a>);

impl<'a> Reader<'a> {
    /// A text as it stands, if the field is there.
    pub(crate) fn text_if(&self, field: &str) -> Result<Option<&'a str>, EventError> {
        match self.0.get(field) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_kind(field, both("文字列", "a text"), other)),
        }
    }

    /// A text as it stands.
    pub(crate) fn text(&self, field: &str) -> Result<&'a str, EventError> {
        self.text_if(field)?.ok_or_else(|| missing(field))
    }

    /// A name as policies declare them.
    pub(crate) fn name<T: for<'n> From<&'n str>>(&self, field: &str) -> Result<T, EventError> {
        self.text(field).and_then(|text| name(field, text))
    }

    /// A name, if the field is there.
    pub(crate) fn name_if<T: for<'n> From<&'n str>>(&self, field: &str) -> Result<Option<T>, EventError> {
        self.text_if(field)?.map(|text| name(field, text)).transpose()
    }

    /// A list of names; at least one where `some` is set.
    pub(crate) fn names<T: for<'n> From<&'n str>>(
        &self,
        field: &str,
        some: bool,
    ) -> Result<Vec<T>, EventError> {
        let names: Vec<T> = self.list(field, |text| name(field, text))?.ok_or_else(|| missing(field))?;
        if some && names.is_empty() {
            let expected = both("1つ以上の名前", "at least one name");
            return Err(error(
                field,
                expected,
                both("空の配列", "an empty list"),
                both("対象を書いてください", "name what it is about"),
            ));
        }
        Ok(names)
    }

    /// A list of names; empty if the field is not there.
    pub(crate) fn names_if<T: for<'n> From<&'n str>>(&self, field: &str) -> Result<Vec<T>, EventError> {
        Ok(self.list(field, |text| name(field, text))?.unwrap_or_default())
    }

    /// A list of actions, which may be empty.
    pub(crate) fn actions(&self, field: &str) -> Result<Vec<Action>, EventError> {
        let action = |text: &str| {
            text.parse::<Action>().map_err(|()| {
                let known = Action::ALL.map(Action::as_str);
                let nearest = nattoku_model::name::nearest(text, known);
                let all = known.join(", ");
                let otherwise =
                    both(format!("次のいずれかにしてください: {all}"), format!("use one of {all}"));
                error(
                    field,
                    both("行為の名前", "the name of an action"),
                    quoted(text),
                    did_you_mean(nearest, otherwise),
                )
            })
        };
        self.list(field, action)?.ok_or_else(|| missing(field))
    }

    fn list<T>(
        &self,
        field: &str,
        read: impl Fn(&str) -> Result<T, EventError>,
    ) -> Result<Option<Vec<T>>, EventError> {
        match self.0.get(field) {
            None => Ok(None),
            Some(Value::List(texts)) if texts.len() <= LIST_NAMES_MAX => {
                texts.iter().map(|text| read(text)).collect::<Result<_, _>>().map(Some)
            }
            Some(Value::List(texts)) => Err(error(
                field,
                both(format!("{LIST_NAMES_MAX}個以下の配列"), format!("a list of at most {LIST_NAMES_MAX}")),
                both(format!("{}個", texts.len()), format!("{} of them", texts.len())),
                both("複数のできごとに分けてください", "write several events"),
            )),
            Some(other) => Err(wrong_kind(field, both("文字列の配列", "a list of texts"), other)),
        }
    }

    /// The version of a policy or of a wording, or a digest: one word.
    pub(crate) fn version<T: for<'n> From<&'n str>>(&self, field: &str) -> Result<T, EventError> {
        self.text(field).and_then(|text| version(field, text))
    }

    /// A version, if the field is there.
    pub(crate) fn version_if<T: for<'n> From<&'n str>>(&self, field: &str) -> Result<Option<T>, EventError> {
        self.text_if(field)?.map(|text| version(field, text)).transpose()
    }

    /// A short free text on one line.
    pub(crate) fn line(&self, field: &str) -> Result<String, EventError> {
        self.text(field).and_then(|text| free_text(field, text, TEXT_BYTES_MAX, false))
    }

    /// A short free text on one line, if the field is there.
    pub(crate) fn line_if(&self, field: &str) -> Result<Option<String>, EventError> {
        self.text_if(field)?.map(|text| free_text(field, text, TEXT_BYTES_MAX, false)).transpose()
    }

    /// A free text of several lines, if the field is there.
    pub(crate) fn evidence_if(&self, field: &str) -> Result<Option<String>, EventError> {
        self.text_if(field)?.map(|text| free_text(field, text, EVIDENCE_BYTES_MAX, true)).transpose()
    }

    /// The identifier of a person.
    pub(crate) fn identifier(&self, field: &str) -> Result<String, EventError> {
        let text = self.text(field)?;
        check_identifier(field, text)?;
        Ok(text.to_owned())
    }

    /// Who expressed the will: `principal`, `guardian:<id>` or `agent:<id>`.
    pub(crate) fn by(&self) -> Result<By, EventError> {
        let text = self.text("by")?;
        let by: By = text.parse().map_err(|()| {
            let expected = both(
                "`principal`、`guardian:ID` または `agent:ID`",
                "`principal`, `guardian:<id>` or `agent:<id>`",
            );
            error(
                "by",
                expected,
                quoted(text),
                both("誰の意思表示かを書いてください", "say whose act it was"),
            )
        })?;
        if let By::Guardian(id) | By::Agent(id) = &by {
            check_identifier("by", id)?;
        }
        Ok(by)
    }

    /// A language tag.
    pub(crate) fn language(&self, field: &str) -> Result<Language, EventError> {
        let text = self.text(field)?;
        text.parse().map_err(|_| {
            let help =
                both("通知文や文面の言語を書いてください", "name the language of the wording that was shown");
            error(field, both("`ja` または `en`", "`ja` or `en`"), quoted(text), help)
        })
    }

    /// A civil date, if the field is there.
    pub(crate) fn date_if(&self, field: &str) -> Result<Option<Date>, EventError> {
        let Some(text) = self.text_if(field)? else { return Ok(None) };
        let date = has_shape(text, "0000-00-00").then(|| text.parse().ok()).flatten();
        date.map(Some).ok_or_else(|| {
            let help = both("暦にある日付を書いてください", "write a day that is in the calendar");
            error(field, both("`1985-04-01` の形の日付", "a date like `1985-04-01`"), quoted(text), help)
        })
    }

    /// An instant with its offset (RFC 3339).
    pub(crate) fn timestamp(&self, field: &str) -> Result<Timestamp, EventError> {
        self.text(field).and_then(|text| timestamp(field, text))
    }

    /// An instant with its offset, if the field is there.
    pub(crate) fn timestamp_if(&self, field: &str) -> Result<Option<Timestamp>, EventError> {
        self.text_if(field)?.map(|text| timestamp(field, text)).transpose()
    }
}

/// Puts an error together.
pub(crate) fn error(field: &str, expected: Text, found: Text, help: Text) -> EventError {
    EventError { field: field.to_owned(), expected, found, help }
}

/// The field is not there and must be.
pub(crate) fn missing(field: &str) -> EventError {
    error(
        field,
        both("この項目", "the field"),
        both("項目なし", "none"),
        both(format!("`{field}` を加えてください"), format!("add `{field}`")),
    )
}

fn wrong_kind(field: &str, expected: Text, found: &Value<'_>) -> EventError {
    let found = match found {
        Value::Text(text) => quoted(text),
        Value::List(_) => both("配列", "a list"),
        Value::Other(Kind::Null) => both("null", "null"),
        Value::Other(Kind::Boolean) => both("真偽値", "true or false"),
        Value::Other(Kind::Number) => both("数値", "a number"),
        Value::Other(Kind::Object) => both("オブジェクト", "an object"),
        Value::Other(Kind::MixedList) => both("文字列以外を含む配列", "a list with something else in it"),
    };
    let help = both("値がないときは項目ごと省いてください", "where there is no value, leave the field out");
    error(field, expected, found, help)
}

fn name<T: for<'n> From<&'n str>>(field: &str, text: &str) -> Result<T, EventError> {
    if is_name(text) {
        return Ok(T::from(text));
    }
    let expected = both(
        format!("ポリシーで宣言した名前(英小文字、数字、`_`、階層は `.`、{NAME_BYTES_MAX}バイト以下)"),
        format!(
            "a name as policies declare it (lower-case letters, digits, `_`, trees by `.`, at most {NAME_BYTES_MAX} bytes)"
        ),
    );
    Err(error(
        field,
        expected,
        quoted(text),
        both("ポリシーにある名前を書いてください", "write the name that stands in the policy"),
    ))
}

fn version<T: for<'n> From<&'n str>>(field: &str, text: &str) -> Result<T, EventError> {
    let one_word = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if one_word && text.len() <= NAME_BYTES_MAX {
        return Ok(T::from(text));
    }
    let expected = both(
        format!("空白のない1〜{NAME_BYTES_MAX}バイトの版"),
        format!("a version of 1 to {NAME_BYTES_MAX} bytes without white space"),
    );
    Err(error(
        field,
        expected,
        quoted(text),
        both("ポリシーにある版を書いてください", "write the version that stands in the policy"),
    ))
}

fn free_text(field: &str, text: &str, bytes_max: usize, lines: bool) -> Result<String, EventError> {
    let strange = |c: char| c.is_control() && !(lines && (c == '\n' || c == '\t'));
    if text.len() <= bytes_max && !text.trim().is_empty() && !text.contains(strange) {
        return Ok(text.to_owned());
    }
    let expected = both(
        format!("制御文字のない1〜{bytes_max}バイトの文字列"),
        format!("a text of 1 to {bytes_max} bytes without control characters"),
    );
    let found = if text.len() > bytes_max {
        both(format!("{}バイト", text.len()), format!("{} bytes", text.len()))
    } else {
        quoted(text)
    };
    Err(error(
        field,
        expected,
        found,
        both("短くするか、参照番号を書いてください", "shorten it, or write a reference to it"),
    ))
}

/// Checks the identifier of a person: 1 to 128 bytes, no control characters, no white space at either end.
pub(crate) fn check_identifier(field: &str, text: &str) -> Result<(), EventError> {
    let edges_are_clean = !text.is_empty() && text.trim() == text;
    if edges_are_clean && text.len() <= IDENTIFIER_BYTES_MAX && !text.contains(char::is_control) {
        return Ok(());
    }
    let expected = both(
        format!("前後に空白のない、制御文字のない1〜{IDENTIFIER_BYTES_MAX}バイトのID"),
        format!(
            "an id of 1 to {IDENTIFIER_BYTES_MAX} bytes, without control characters and without white space at either end"
        ),
    );
    Err(error(
        field,
        expected,
        quoted(text),
        both("お客さまの番号などを書いてください", "write the number by which the person is known"),
    ))
}

fn timestamp(field: &str, text: &str) -> Result<Timestamp, EventError> {
    if is_rfc3339(text)
        && let Ok(timestamp) = text.parse()
    {
        return Ok(timestamp);
    }
    let expected = both(
        "`2020-01-05T12:00:00+09:00` の形の日時(オフセットが必要)",
        "a time like `2020-01-05T12:00:00+09:00`, with its offset",
    );
    let help = if is_rfc3339(&format!("{text}Z")) {
        both(
            "日本時間なら `+09:00`、協定世界時なら `Z` を付けてください",
            "add `+09:00` for Japan or `Z` for UTC",
        )
    } else {
        both("RFC 3339 の日時を書いてください", "write an RFC 3339 time")
    };
    Err(error(field, expected, quoted(text), help))
}

/// Whether the text has the form of RFC 3339, section 5.6, with upper-case letters and no leap second.
fn is_rfc3339(text: &str) -> bool {
    let Some((to_the_second, rest)) = text.split_at_checked(19) else { return false };
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if !(1..=9).contains(&(fraction.len() - offset.len())) {
                return false;
            }
            offset
        }
    };
    has_shape(to_the_second, "0000-00-00T00:00:00")
        && !to_the_second.ends_with(":60")
        && (offset == "Z" || has_shape(offset, "+00:00") || has_shape(offset, "-00:00"))
}

/// Whether the text has a digit wherever `shape` has one, and else is equal to it.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { c == s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_need_the_form_of_rfc_3339() {
        for good in
            ["2020-01-05T12:00:00+09:00", "2020-01-05T12:00:00Z", "2020-01-05T12:00:00.123456789-03:30"]
        {
            assert!(timestamp("at", good).is_ok(), "{good}");
        }
        for bad in [
            "2020-01-05T12:00:00",
            "2020-01-05",
            "2020-01-05 12:00:00Z",
            "2020-02-30T12:00:00Z",
            "2020-01-05T24:00:00Z",
            "2020-01-05T12:00:60Z",
            "2020-01-05T12:00:00.Z",
            "2020-01-05T12:00:00+9:00",
            "2020-01-05T12:00:00+09:00[Asia/Tokyo]",
            "20200105T120000Z",
            "二〇二〇年一月五日正午",
            "",
        ] {
            assert!(timestamp("at", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_told_to_add_one() {
        let error = timestamp("at", "2020-01-05T12:00:00").unwrap_err();
        assert!(error.message(Language::En).contains("add `+09:00` for Japan or `Z` for UTC"), "{error}");
        assert!(error.message(Language::Ja).contains("`+09:00`"));
    }

    #[test]
    fn identifiers_have_clean_edges() {
        for good in ["p1", "A-0001", "山田 太郎", &"x".repeat(128)] {
            assert!(check_identifier("principal", good).is_ok(), "{good}");
        }
        for bad in ["", " p1", "p1 ", "p1\u{3000}", "p\n1", "p\u{7f}", &"x".repeat(129)] {
            assert!(check_identifier("principal", bad).is_err(), "{bad:?}");
        }
    }
}
