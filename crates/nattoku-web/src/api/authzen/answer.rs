//! The answer to one evaluation.

use nattoku_model::Language;
use nattoku_operations::Telling;
use serde_json::{Map, Value, json};

use crate::Web;
use crate::api::answer::{Patience, answer};
use crate::api::caller::Called;
use crate::api::problem::{Kind, Problem};

use super::request::{Entities, Searched};

/// A decision with its context, as it is sent.
pub(super) struct Decided {
    pub(super) decision: bool,
    pub(super) text: String,
}

/// Evaluates; what cannot be evaluated is no permit, and says why.
///
/// # Errors
/// What is asked is malformed, is not for this caller to ask, or the server cannot answer: then there is no decision at all.
pub(super) async fn evaluate(
    web: &Web,
    called: &Called,
    entities: Entities<'_>,
    patience: Patience,
) -> Result<Decided, Problem> {
    let question = match entities.question(Searched::Nothing)? {
        Ok(question) => question,
        Err(problem) => return Ok(refused(&problem)),
    };
    called.may_ask_as(&question.application)?;
    match answer(web, question, Telling::Verdicts, patience).await {
        Ok(line) => {
            let decision = line.verdict.is_permitted();
            Ok(Decided { decision, text: format!("{{\"context\":{},\"decision\":{decision}}}", line.text) })
        }
        Err(problem) if is_about_the_question(&problem) => Ok(refused(&problem)),
        Err(problem) => Err(problem),
    }
}

/// Whether it is the question that cannot be answered, and not the server that cannot answer.
fn is_about_the_question(problem: &Problem) -> bool {
    matches!(problem.kind(), Kind::Undeclared | Kind::UnknownPrincipal | Kind::Refused | Kind::Behind)
}

/// No permit, with why.
pub(super) fn refused(problem: &Problem) -> Decided {
    let text = json!({ "decision": false, "context": { "error": error_json(problem) } }).to_string();
    Decided { decision: false, text }
}

/// What is wrong, in both languages, with the nearest names.
pub(super) fn error_json(problem: &Problem) -> Value {
    let mut error: Map<String, Value> = problem.more().clone();
    error.insert("status".to_owned(), json!(problem.kind().status().as_u16()));
    error.insert("kind".to_owned(), json!(problem.kind().name()));
    error.insert("message".to_owned(), json!(problem.detail(Language::En)));
    error.insert("message_ja".to_owned(), json!(problem.detail(Language::Ja)));
    Value::Object(error)
}
