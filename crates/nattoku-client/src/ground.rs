//! What both clients stand on: everything but how bytes are sent.

use std::time::Instant;

use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;

use crate::call::{Call, base};
use crate::memory::{Asked, Memory};
use crate::reply::Reply;
use crate::{ClientError, Decision, Problem, Question, Settings};

/// Under this name a write is known again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Who asks, for the server's log.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("nattoku-client/", env!("CARGO_PKG_VERSION")));

pub(crate) struct Ground {
    pub(crate) settings: Settings,
    pub(crate) base: String,
    pub(crate) memory: Memory,
    bearer: HeaderValue,
}

/// The questions of a batch: what is known of each, and what is sent for the others.
pub(crate) struct Batch<'q> {
    known: Vec<(&'q Question, Result<Decision, Asked>)>,
    pub(crate) sent: Vec<Value>,
}

impl Ground {
    pub(crate) fn new(settings: Settings) -> Result<Self, ClientError> {
        let base = base(&settings)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", settings.token));
        let mut bearer = bearer.map_err(|_| ClientError::Token)?;
        bearer.set_sensitive(true);
        let memory = Memory::new(settings.cache_age, settings.cache_answers);
        Ok(Self { settings, base, memory, bearer })
    }

    /// A call as HTTP has it.
    pub(crate) fn request(&self, call: &Call) -> Result<Request<String>, ClientError> {
        let (method, body) = match &call.body {
            Some(body) => (Method::POST, body.clone()),
            None => (Method::GET, String::new()),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{}", self.base, call.path))
            .header(header::AUTHORIZATION, self.bearer.clone())
            .header(header::ACCEPT_LANGUAGE, self.settings.language)
            .header(header::USER_AGENT, AGENT);
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(key) = &call.key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        let wrong = |_| ClientError::Address {
            address: format!("{}{}", self.base, call.path),
            why: "no request can be made of it",
        };
        request.body(body).map_err(wrong)
    }

    /// Reads the answer to a question, and remembers it.
    pub(crate) fn decided(
        &self,
        question: &Question,
        asked: Asked,
        reply: Reply,
    ) -> Result<Decision, ClientError> {
        let decision =
            accepted(question, asked, reply.read(|json| Decision::read(json, question.principal()))?)?;
        self.memory.keep(question, asked, &decision);
        Ok(decision)
    }

    /// What of several questions is known already.
    pub(crate) fn batch<'q>(&self, questions: &'q [Question], now: Instant) -> Batch<'q> {
        let known: Vec<_> = questions.iter().map(|q| (q, self.memory.recall(q, now))).collect();
        let unknown = known.iter().filter_map(|(question, known)| Some((question, known.as_ref().err()?)));
        let sent = unknown.map(|(question, asked)| question.json(asked.known)).collect();
        Batch { known, sent }
    }

    /// Puts the answers of a batch together with what was known.
    pub(crate) fn batch_decided(
        &self,
        batch: Batch<'_>,
        reply: Option<Reply>,
    ) -> Result<Vec<Result<Decision, ClientError>>, ClientError> {
        let count = batch.sent.len();
        let answers = match reply {
            None => Vec::new(),
            Some(reply) => reply.read(|json| match json.get("answers").and_then(Value::as_array) {
                Some(answers) if answers.len() == count => Ok(answers.clone()),
                _ => Err(format!("`answers` is no list of {count}")),
            })?,
        };
        let mut answers = answers.into_iter();
        let decided = batch.known.into_iter().map(|(question, known)| match known {
            Ok(decision) => Ok(decision),
            Err(asked) => {
                let answer = one_of_batch(question, answers.next().unwrap_or_default())?;
                let decision = accepted(question, asked, answer)?;
                self.memory.keep(question, asked, &decision);
                Ok(decision)
            }
        });
        Ok(decided.collect())
    }
}

/// Reads an answer that explains itself, which is not remembered.
pub(crate) fn explained(question: &Question, asked: Asked, reply: Reply) -> Result<Decision, ClientError> {
    accepted(question, asked, reply.read(|json| Decision::read(json, question.principal()))?)
}

/// An answer, where it is of no less a revision than was asked for.
fn accepted(question: &Question, asked: Asked, decision: Decision) -> Result<Decision, ClientError> {
    let want = question.least(asked.known);
    if decision.revision < want {
        return Err(ClientError::Old { have: decision.revision, want });
    }
    Ok(decision)
}

/// One answer of a batch: a decision, or the problem with that question.
fn one_of_batch(question: &Question, mut answer: Value) -> Result<Decision, ClientError> {
    let unreadable = |why| ClientError::Unreadable { status: 200, why };
    if let Some(problem) = answer.get_mut("problem") {
        let problem = Problem::read(problem.take());
        return Err(problem.map_or_else(|| unreadable("it is no problem".to_owned()), ClientError::Refused));
    }
    Decision::read(answer, question.principal()).map_err(unreadable)
}
