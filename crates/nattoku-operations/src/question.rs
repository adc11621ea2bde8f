//! A question as a caller asks it: names as text, still to be held against the policy.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nattoku_model::name::nearest;
use serde_json::{Map, Value};

use crate::strict_json;

use nattoku_policy::diagnostic::Words;

/// The fields of a question in JSON.
const FIELDS: [&str; 11] = [
    "application",
    "principal",
    "action",
    "activity",
    "purpose",
    "categories",
    "recipient",
    "at",
    "known_at",
    "exception",
    "min_revision",
];
/// The fields of a question that is asked about everybody beside another one, at the same instant.
const FIELDS_BESIDE: [&str; 7] =
    ["application", "action", "activity", "purpose", "categories", "recipient", "exception"];
/// The fields of an exception's claim that are not evidence.
const CLAIM_FIELDS: [&str; 3] = ["name", "categories", "until"];
/// The pieces of evidence a claim may bring.
const EVIDENCE: [&str; 5] = ["document", "necessity", "consent_difficult", "approver", "assessment"];
/// Longest text taken in any field, in bytes.
const TEXT_BYTES_MAX: usize = 4_000;
/// Most categories asked at once.
const CATEGORIES_MAX: usize = 200;

/// A question with its names as the caller wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of nattoku_model::Request, as text")]
pub struct Question {
    pub application: String,
    pub principal: String,
    pub action: String,
    pub activity: String,
    pub purpose: Option<String>,
    pub categories: Vec<String>,
    pub recipient: Option<String>,
    /// Now, when absent.
    pub at: Option<Timestamp>,
    pub known_at: Option<Timestamp>,
    pub exception: Option<ClaimText>,
    /// Answer only from a ledger that stands at this revision or after it.
    pub min_revision: Option<u64>,
}

/// An exception's claim as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of nattoku_model::request::ExceptionClaim, as text")]
pub struct ClaimText {
    pub name: String,
    pub categories: Vec<String>,
    pub evidence: BTreeMap<String, String>,
    pub until: Option<Timestamp>,
}

/// A question that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionError {
    /// The field, where it is one field's fault.
    pub field: Option<String>,
    /// What was expected.
    pub problem: Words,
}

impl QuestionError {
    fn new(field: &str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), problem: Words::new(ja, en) }
    }
}

impl Question {
    /// Reads a question from one line of JSON. Unknown fields are refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn from_json(line: &str) -> Result<Self, QuestionError> {
        let object = object_of(line)?;
        known_fields(&object, &FIELDS)?;
        Ok(Self {
            application: required(&object, "application")?,
            principal: required(&object, "principal")?,
            at: instant(&object, "at")?,
            known_at: instant(&object, "known_at")?,
            min_revision: number(&object, "min_revision")?,
            ..Self::what(&object)?
        })
    }

    /// Reads a question about everybody that is asked beside another one: by the same application where it names none, and
    /// about the same instant. Unknown fields are refused, and so are those that the other question settles.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn beside_from_json(text_of_it: &str, application: &str) -> Result<Self, QuestionError> {
        let object = object_of(text_of_it)?;
        known_fields(&object, &FIELDS_BESIDE)?;
        Ok(Self {
            application: text(&object, "application")?.unwrap_or_else(|| application.to_owned()),
            ..Self::what(&object)?
        })
    }

    /// What is to be done with what.
    fn what(object: &Map<String, Value>) -> Result<Self, QuestionError> {
        Ok(Self {
            action: required(object, "action")?,
            activity: required(object, "activity")?,
            purpose: text(object, "purpose")?,
            categories: categories(object)?,
            recipient: text(object, "recipient")?,
            exception: given(object, "exception").map(ClaimText::from_value).transpose()?,
            ..Self::default()
        })
    }
}

impl ClaimText {
    /// Reads a claim from JSON: `{"name": "statute", "document": "W-1", "approver": "…", "until": "…"}`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn from_json(text: &str) -> Result<Self, QuestionError> {
        Self::from_value(&Value::Object(object_of(text)?))
    }

    fn from_value(value: &Value) -> Result<Self, QuestionError> {
        let Value::Object(object) = value else {
            return Err(expected("exception", "オブジェクト", "an object"));
        };
        let fields: Vec<&str> = CLAIM_FIELDS.into_iter().chain(EVIDENCE).collect();
        known_fields(object, &fields)?;
        let mut evidence = BTreeMap::new();
        for field in EVIDENCE {
            if let Some(brought) = text(object, field)? {
                evidence.insert(field.to_owned(), brought);
            }
        }
        let categories = if given(object, "categories").is_some() { categories(object)? } else { Vec::new() };
        Ok(Self { name: required(object, "name")?, categories, evidence, until: instant(object, "until")? })
    }
}

/// Reads an instant: with an offset, never without.
pub(crate) fn parse_instant(field: &str, text: &str) -> Result<Timestamp, QuestionError> {
    text.parse().map_err(|_| {
        QuestionError::new(
            field,
            format!("`{field}` は時差を付けた日時で書いてください（例 2020-01-05T12:00:00+09:00）"),
            format!("`{field}` must be a time with an offset, such as 2020-01-05T12:00:00+09:00"),
        )
    })
}

fn object_of(line: &str) -> Result<Map<String, Value>, QuestionError> {
    match strict_json::parse(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(QuestionError {
            field: None,
            problem: Words::new("JSON のオブジェクトではありません", "expected an object of JSON"),
        }),
        Err(error) => Err(QuestionError {
            field: None,
            problem: Words::new(
                format!("JSON として読めません（{} 文字目）: {}", error.character, error.what.ja),
                format!("not JSON at character {}: {}", error.character, error.what.en),
            ),
        }),
    }
}

fn known_fields(object: &Map<String, Value>, fields: &[&str]) -> Result<(), QuestionError> {
    let Some(unknown) = object.keys().find(|key| !fields.contains(&key.as_str())) else { return Ok(()) };
    let shown: String = unknown.chars().take(80).collect();
    let near = nearest(unknown, fields.iter().copied());
    let (ja, en) = near.map_or_else(
        || (String::new(), String::new()),
        |near| (format!("。`{near}` のことでしょうか"), format!("; did you mean `{near}`?")),
    );
    Err(QuestionError::new(
        &shown,
        format!("`{shown}` という項目はありません{ja}"),
        format!("there is no field `{shown}`{en}"),
    ))
}

fn expected(field: &str, ja: &str, en: &str) -> QuestionError {
    QuestionError::new(field, format!("`{field}` は{ja}で書いてください"), format!("`{field}` must be {en}"))
}

/// What a field holds; `null` is as good as none.
fn given<'o>(object: &'o Map<String, Value>, field: &str) -> Option<&'o Value> {
    object.get(field).filter(|value| !value.is_null())
}

fn text(object: &Map<String, Value>, field: &str) -> Result<Option<String>, QuestionError> {
    match given(object, field) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() <= TEXT_BYTES_MAX => Ok(Some(text.clone())),
        Some(Value::String(_)) => Err(expected(field, " 4,000 バイト以内", "at most 4,000 bytes")),
        Some(_) => Err(expected(field, "文字列", "a string")),
    }
}

fn required(object: &Map<String, Value>, field: &str) -> Result<String, QuestionError> {
    text(object, field)?.ok_or_else(|| {
        QuestionError::new(
            field,
            format!("`{field}` がありません"),
            format!("the field `{field}` is missing"),
        )
    })
}

fn instant(object: &Map<String, Value>, field: &str) -> Result<Option<Timestamp>, QuestionError> {
    text(object, field)?.map(|text| parse_instant(field, &text)).transpose()
}

fn number(object: &Map<String, Value>, field: &str) -> Result<Option<u64>, QuestionError> {
    given(object, field)
        .map(|value| value.as_u64().ok_or_else(|| expected(field, " 0 以上の整数", "a whole number from 0")))
        .transpose()
}

fn categories(object: &Map<String, Value>) -> Result<Vec<String>, QuestionError> {
    let wrong = || expected("categories", " 1〜200 個の名前の配列", "an array of 1 to 200 names");
    let Some(Value::Array(names)) = object.get("categories") else { return Err(wrong()) };
    if names.is_empty() || names.len() > CATEGORIES_MAX {
        return Err(wrong());
    }
    names.iter().map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_reads_from_json() {
        let line = r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":["c"],
            "at":"2020-01-05T12:00:00+09:00","exception":{"name":"statute","document":"W-1"}}"#;
        let question = Question::from_json(line).unwrap();
        assert_eq!(question.categories, ["c"]);
        assert_eq!(question.exception.unwrap().evidence["document"], "W-1");
    }

    #[test]
    fn a_field_that_is_null_is_as_good_as_none() {
        let line = r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":["c"],"purpose":null,
            "recipient":null,"at":null,"known_at":null,"exception":null,"min_revision":null}"#;
        let without =
            r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":["c"]}"#;
        assert_eq!(Question::from_json(line), Question::from_json(without));
        let claim = r#"{"name":"statute","document":null,"categories":null,"until":null}"#;
        assert_eq!(ClaimText::from_json(claim), ClaimText::from_json(r#"{"name":"statute"}"#));
        // What has to be there has to be something.
        let missing =
            Question::from_json(&line.replace(r#""principal":"p""#, r#""principal":null"#)).unwrap_err();
        assert_eq!(missing.problem.en, "the field `principal` is missing");
    }

    #[test]
    fn what_is_no_json_is_told_in_both_languages() {
        let cases = [
            (r#"{"application":"a""#, "JSON として読めません（18 文字目）: 途中で終わっています"),
            (r#"{"application" "a"}"#, "JSON として読めません（16 文字目）: ここには書けないものがあります"),
            (r#"{"at":"1","at":"2"}"#, "JSON として読めません（19 文字目）: `at` が二度書かれています"),
        ];
        for (line, ja) in cases {
            let problem = Question::from_json(line).unwrap_err().problem;
            assert_eq!(problem.ja, ja);
            assert!(
                problem.en.starts_with("not JSON at character ") && problem.en.is_ascii(),
                "{}",
                problem.en
            );
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field() {
        let cases = [
            (r#"{"application":1}"#, "application"),
            (r#"{"aplication":"a"}"#, "aplication"),
            (
                r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":[]}"#,
                "categories",
            ),
            (
                r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":["c"],"at":"2020-01-05"}"#,
                "at",
            ),
        ];
        for (line, field) in cases {
            assert_eq!(Question::from_json(line).unwrap_err().field.as_deref(), Some(field), "{line}");
        }
        assert!(Question::from_json("[]").is_err());
        assert!(Question::from_json("{").is_err());
    }
}
