//! A question as a caller asks it: names as text, still to be held against the policy.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::fields::{FieldError, Fields};

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
/// The fields of a question about everybody.
const FIELDS_OF_EVERYBODY: [&str; 8] =
    ["application", "action", "activity", "purpose", "categories", "recipient", "exception", "min_revision"];
/// The fields of an exception's claim that are not evidence.
const CLAIM_FIELDS: [&str; 3] = ["name", "categories", "until"];
/// The pieces of evidence a claim may bring.
const EVIDENCE: [&str; 5] = ["document", "necessity", "consent_difficult", "approver", "assessment"];

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

/// Questions that ask the same, one principal after another.
#[derive(Debug, Clone)]
pub struct Alike<'p> {
    question: Question,
    others: Vec<&'p str>,
}

impl<'p> Alike<'p> {
    /// A question, about its principal alone.
    #[must_use]
    pub const fn new(question: Question) -> Self {
        Self { question, others: Vec::new() }
    }

    /// Asks it about one principal more.
    pub fn ask_about(&mut self, principal: &'p str) {
        self.others.push(principal);
    }

    /// How many they are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// The first of them.
    #[must_use]
    pub const fn question(&self) -> &Question {
        &self.question
    }

    /// Whom they are about, in their order.
    pub fn principals(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.question.principal.as_str()).chain(self.others.iter().copied())
    }

    /// Each by itself, in their order.
    pub fn each(self) -> impl Iterator<Item = Question> {
        let Self { question, others } = self;
        let of_others: Vec<Question> = others
            .into_iter()
            .map(|other| Question { principal: other.to_owned(), ..question.clone() })
            .collect();
        std::iter::once(question).chain(of_others)
    }
}

impl Question {
    /// Reads a question from one line of JSON. Unknown fields are refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn from_json(line: &str) -> Result<Self, FieldError> {
        Self::asked_by(None, &Fields::parse(line)?)
    }

    /// Reads a question of an application, which need not name itself; of none, it must. Unknown fields are refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn asked_by(application: Option<&str>, fields: &Fields<'_>) -> Result<Self, FieldError> {
        fields.only(&FIELDS)?;
        let named = fields.text("application")?.or_else(|| application.map(str::to_owned));
        Self::of(named.map_or_else(|| fields.required("application"), Ok)?, fields)
    }

    fn of(application: String, fields: &Fields<'_>) -> Result<Self, FieldError> {
        let (principal, action) = (fields.required("principal")?, fields.required("action")?);
        Self::in_context((application, principal, action), fields, fields)
    }

    /// Reads a question of which it is known who asks, about whom, and to do what: the rest is in the fields of a context, and its
    /// categories in those of what it is about. Other fields are ignored.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn in_context(
        (application, principal, action): (String, String, String),
        context: &Fields<'_>,
        about: &Fields<'_>,
    ) -> Result<Self, FieldError> {
        Ok(Self {
            principal,
            at: context.instant("at")?,
            known_at: context.instant("known_at")?,
            min_revision: context.number("min_revision")?,
            ..Self::what((application, action), context, about)?
        })
    }

    /// Reads a question about everybody that is asked beside another one: by the same application where it names none, and
    /// about the same instant. Unknown fields are refused, and so are those that the other question settles.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn beside_from_json(text_of_it: &str, application: &str) -> Result<Self, FieldError> {
        let fields = Fields::parse(text_of_it)?;
        fields.only(&FIELDS_BESIDE)?;
        let application = fields.text("application")?.unwrap_or_else(|| application.to_owned());
        Self::what((application, fields.required("action")?), &fields, &fields)
    }

    /// Reads a question of an application about everybody. Unknown fields are refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn about_everybody(application: Option<&str>, fields: &Fields<'_>) -> Result<Self, FieldError> {
        fields.only(&FIELDS_OF_EVERYBODY)?;
        let named = fields.text("application")?.or_else(|| application.map(str::to_owned));
        let application = named.map_or_else(|| fields.required("application"), Ok)?;
        let what = Self::what((application, fields.required("action")?), fields, fields)?;
        Ok(Self { min_revision: fields.number("min_revision")?, ..what })
    }

    /// Writes what is asked, but for about whom, when, and by which revision: two questions that ask the same write the same, and no
    /// others do.
    pub(crate) fn write_words(&self, out: &mut Vec<u8>) {
        let Self {
            application, action, activity, purpose, categories, recipient, known_at, exception, ..
        } = self;
        out.clear();
        for text in [application, action, activity] {
            write_word(out, Some(text));
        }
        write_word(out, purpose.as_deref());
        write_word(out, recipient.as_deref());
        write_word(out, known_at.map(|at| at.to_string()).as_deref());
        write_words(out, categories);
        let Some(ClaimText { name, categories, evidence, until }) = exception else { return };
        write_word(out, Some(name));
        write_word(out, until.map(|until| until.to_string()).as_deref());
        write_words(out, categories);
        write_words(out, evidence.iter().flat_map(|(field, text)| [field, text]));
    }

    /// Who is to do what with what.
    fn what(
        (application, action): (String, String),
        fields: &Fields<'_>,
        about: &Fields<'_>,
    ) -> Result<Self, FieldError> {
        Ok(Self {
            application,
            action,
            activity: fields.required("activity")?,
            purpose: fields.text("purpose")?,
            categories: about.names("categories")?,
            recipient: fields.text("recipient")?,
            exception: fields.object("exception")?.map(|claim| ClaimText::read(&claim)).transpose()?,
            ..Self::default()
        })
    }
}

impl ClaimText {
    /// Reads a claim from JSON: `{"name": "statute", "document": "W-1", "approver": "…", "until": "…"}`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn from_json(text: &str) -> Result<Self, FieldError> {
        Self::read(&Fields::parse(text)?)
    }

    fn read(fields: &Fields<'_>) -> Result<Self, FieldError> {
        let known: Vec<&str> = CLAIM_FIELDS.into_iter().chain(EVIDENCE).collect();
        fields.only(&known)?;
        let mut evidence = BTreeMap::new();
        for field in EVIDENCE {
            if let Some(brought) = fields.text(field)? {
                evidence.insert(field.to_owned(), brought);
            }
        }
        let categories = if fields.has("categories") { fields.names("categories")? } else { Vec::new() };
        Ok(Self { name: fields.required("name")?, categories, evidence, until: fields.instant("until")? })
    }
}

/// Texts, and that there are no more.
fn write_words<'t>(out: &mut Vec<u8>, texts: impl IntoIterator<Item = &'t String>) {
    for text in texts {
        write_word(out, Some(text));
    }
    write_word(out, None);
}

/// A text behind its length, or that there is none: one after another, texts are told from any others.
fn write_word(out: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
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

    #[test]
    fn two_questions_write_the_same_words_where_they_ask_the_same() {
        let words = |question: &Question| {
            let mut words = Vec::new();
            question.write_words(&mut words);
            words
        };
        let usual = Question::from_json(
            r#"{"application":"a","principal":"p","action":"use","activity":"b","categories":["c"]}"#,
        )
        .unwrap();
        let at = "2020-01-05T12:00:00Z".parse().ok();
        let elsewhere = Question { principal: "q".to_owned(), at, min_revision: Some(5), ..usual.clone() };
        assert_eq!(words(&usual), words(&elsewhere));
        let claim = ClaimText { name: "statute".to_owned(), ..ClaimText::default() };
        let evidence = [("document".to_owned(), "W-1".to_owned())].into();
        let some = |text: &str| Some(text.to_owned());
        let others = [
            Question { application: "ab".to_owned(), activity: String::new(), ..usual.clone() },
            Question { action: "provide".to_owned(), ..usual.clone() },
            Question { purpose: some("c"), ..usual.clone() },
            Question { recipient: some("c"), ..usual.clone() },
            Question { purpose: some(""), ..usual.clone() },
            Question { categories: vec!["c".to_owned(), "d".to_owned()], ..usual.clone() },
            Question { categories: vec!["cd".to_owned()], ..usual.clone() },
            Question { known_at: at, ..usual.clone() },
            Question { exception: Some(claim.clone()), ..usual.clone() },
            Question { exception: Some(ClaimText { until: at, ..claim.clone() }), ..usual.clone() },
            Question {
                exception: Some(ClaimText { categories: vec!["c".to_owned()], ..claim.clone() }),
                ..usual.clone()
            },
            Question { exception: Some(ClaimText { evidence, ..claim }), ..usual.clone() },
        ];
        let all: std::collections::BTreeSet<Vec<u8>> = others.iter().chain([&usual]).map(words).collect();
        assert_eq!(all.len(), others.len() + 1);
    }
}
