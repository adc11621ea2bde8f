//! An answer of the engine as a line of JSON: the fields of [`decision_json`] as far as the engine knows them, written without
//! a tree, since a stream has many.
//!
//! What it leaves out is what only the definition tells: a gate's `sentence`, `rule`, `events` and `details`, a category's
//! `holdings`, and `known_later`.

use std::fmt::Write as _;

use jiff::Timestamp;
use nattoku_engine::{Answer, CaseAnswer, Edition, Plan, Said};
use nattoku_model::name::{CategoryName, VersionName};
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Gate, Language, Verdict};
use serde_json::{Map, Value, json};

use super::Telling;
use crate::answer::{decision_json, obligation_json, time};
use crate::explain::explain;

/// Why a node without a lease denies.
const STALE: &str = "stale";

/// What a line needs beside its texts: a revision, quotation marks, and what others write around it.
const ROOM_AROUND: usize = 96;

/// An instant as it is written, in UTC: once for all that is answered about it.
#[derive(Debug, Default)]
pub(super) struct Instant {
    at: Option<Timestamp>,
    text: String,
}

impl Instant {
    /// How an instant is written.
    pub(super) fn written(&mut self, at: Timestamp) -> &str {
        if self.at != Some(at) {
            self.at = Some(at);
            self.text.clear();
            let _ = write!(self.text, "{at}");
        }
        &self.text
    }
}

/// The line for an answer of the engine, but for what differs from principal to principal of whom the same is told.
#[derive(Debug)]
pub(super) struct Form {
    /// Up to the instant.
    head: String,
    /// From there up to the principal.
    middle: String,
    /// From there up to the revision.
    tail: String,
}

impl Form {
    /// What is told of an answer by its plan. Keys are sorted.
    pub(super) fn of(plan: &Plan<'_>, answer: &Answer, edition: &Edition, telling: Telling) -> Self {
        let request = plan.request();
        let exception = request.exception.as_ref().map(|claim| claim.name.as_str());
        let version = plan.policy_version().map(VersionName::as_str);
        let mut out = Object::new(1_024);
        out.text("answered_by", Some("engine"));
        let at = out.gap("at");
        out.list("categories", answer.cases.iter().map(|case| of_case(plan, case, telling)));
        out.text("decision", Some(answer.verdict.as_str()));
        out.text("exception", exception);
        out.raw("known_at", "null");
        out.list("obligations", obligations(plan, answer, edition.versions()));
        out.raw("permitted", if answer.verdict.is_permitted() { "true" } else { "false" });
        out.text("policy_digest", Some(edition.digest()));
        out.text("policy_version", version);
        let principal = out.gap("principal");
        let reason = answer.deciding().map(|(gate, said)| of_gate(gate, said));
        out.raw("reason", reason.as_deref().unwrap_or("null"));
        out.key("revision");
        let mut head = out.0;
        let mut middle = head.split_off(at);
        let tail = middle.split_off(principal - at);
        Self { head, middle, tail }
    }

    /// How many bytes it has.
    pub(super) const fn bytes(&self) -> usize {
        self.head.len() + self.middle.len() + self.tail.len()
    }

    /// The line about a principal and an instant, as of an answer's revision.
    pub(super) fn line(&self, answer: &Answer, (principal, at): (&str, &str)) -> String {
        let Self { head, middle, tail } = self;
        let room = head.len() + at.len() + middle.len() + tail.len() + principal.len() + ROOM_AROUND;
        let mut line = String::with_capacity(room);
        line.push_str(head);
        line.extend(["\"", at, "\""]);
        line.push_str(middle);
        push_text(&mut line, principal);
        line.push_str(tail);
        // Writing to a text never fails.
        let _ = write!(line, "{}}}", answer.revision.0);
        line
    }
}

/// The line for an answer of the definition.
pub(super) fn of_definition(decision: &Decision, edition: &Edition, principal: &str) -> String {
    Value::Object(told(decision, edition, principal)).to_string()
}

/// The line for an answer of the definition, with the answer in words.
pub(super) fn in_words(decision: &Decision, edition: &Edition, principal: &str) -> String {
    let in_language =
        |language: Language| (language.to_string(), json!(explain(decision, edition.versions(), language)));
    let mut told = told(decision, edition, principal);
    told.insert("words".to_owned(), Value::Object(Language::ALL.into_iter().map(in_language).collect()));
    Value::Object(told).to_string()
}

fn told(decision: &Decision, edition: &Edition, principal: &str) -> Map<String, Value> {
    let Value::Object(mut told) = decision_json(decision, edition.versions(), principal) else {
        return Map::new();
    };
    told.insert("answered_by".to_owned(), json!("definition"));
    told.insert("policy_digest".to_owned(), json!(edition.digest()));
    told
}

/// The same line where nobody knows whether it still holds: a deny, with nothing that the categories' own verdicts could be taken
/// for.
pub(super) fn stale(line: &str) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(line) else { return String::new() };
    fields.remove("words");
    fields.insert("decision".to_owned(), json!(Verdict::Deny.as_str()));
    fields.insert("permitted".to_owned(), json!(false));
    fields.insert("categories".to_owned(), json!([]));
    fields.insert("obligations".to_owned(), json!([]));
    let reason = json!({ "gate": null, "reason": STALE, "verdict": Verdict::Deny.as_str() });
    fields.insert("reason".to_owned(), reason);
    Value::Object(fields).to_string()
}

fn of_case(plan: &Plan<'_>, case: &CaseAnswer, telling: Telling) -> String {
    let era = plan.era(case);
    let instant = |instant: Option<Timestamp>| instant.map(time);
    let mut out = Object::new(512);
    out.text("acquired_before", instant(era.as_ref().and_then(|era| era.acquired_before)).as_deref());
    out.text("acquired_from", instant(era.as_ref().and_then(|era| era.acquired_from)).as_deref());
    out.text("category", plan.category(case).map(CategoryName::as_str));
    if telling == Telling::Gates {
        out.list("gates", case.gates().map(|(gate, said)| of_gate(gate, said)));
    }
    out.text("governing", era.as_ref().map(|era| era.governing.as_str()));
    out.text("verdict", Some(case.verdict.as_str()));
    out.close()
}

fn of_gate(gate: Gate, said: Said) -> String {
    let mut out = Object::new(96);
    out.text("gate", Some(gate.as_str()));
    out.text("reason", Some(said.reason.code()));
    out.text("verdict", Some(said.verdict.as_str()));
    out.close()
}

fn obligations(plan: &Plan<'_>, answer: &Answer, versions: &Versions) -> impl Iterator<Item = String> {
    plan.obligations(answer).into_iter().map(|o| obligation_json(&o, versions).to_string())
}

/// An object that is being written, field by field.
struct Object(String);

impl Object {
    fn new(room: usize) -> Self {
        Self(String::with_capacity(room))
    }

    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.extend(["\"", key, "\":"]);
    }

    fn raw(&mut self, key: &str, value: &str) {
        self.key(key);
        self.0.push_str(value);
    }

    /// A text, or null where there is none.
    fn text(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        match value {
            None => self.0.push_str("null"),
            Some(text) => push_text(&mut self.0, text),
        }
    }

    fn list(&mut self, key: &str, values: impl Iterator<Item = String>) {
        self.key(key);
        self.0.push('[');
        for (n, value) in values.enumerate() {
            if n > 0 {
                self.0.push(',');
            }
            self.0.push_str(&value);
        }
        self.0.push(']');
    }

    /// A key without a value yet, and how far that is.
    fn gap(&mut self, key: &str) -> usize {
        self.key(key);
        self.0.len()
    }

    fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn push_text(out: &mut String, text: &str) {
    if text.bytes().all(is_plain) {
        out.extend(["\"", text, "\""]);
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// Whether a byte stands in JSON as it is.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' || byte == b' '
}
