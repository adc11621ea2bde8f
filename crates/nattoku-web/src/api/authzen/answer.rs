//! The answer to one evaluation.

use nattoku_model::Language;
use nattoku_operations::{Line, Question, Telling};
use serde_json::{Map, Value, json};

use crate::Web;
use crate::api::answer::{Deadline, answer};
use crate::api::caller::Called;
use crate::api::problem::{Kind, Problem};
use crate::api::several::Several;

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
pub(super) async fn evaluate(web: &Web, called: &Called, entities: Entities<'_>) -> Result<Decided, Problem> {
    let question = match entities.question(Searched::Nothing)? {
        Ok(question) => question,
        Err(problem) => return Ok(refused(&problem)),
    };
    may_ask_as(web, called, &question.application)?;
    match answer(web, question, Telling::Gates, Deadline::new()).await {
        Ok(line) => Ok(decided(line)),
        Err(problem) if is_about_the_question(&problem) => Ok(refused(&problem)),
        Err(problem) => Err(problem),
    }
}

/// Evaluates several, which are sent together: whatever is wrong with one, the others are answered all the same.
///
/// # Errors
/// The server cannot answer.
pub(super) async fn evaluate_each(
    web: &Web,
    called: &Called,
    evaluations: Vec<Result<Entities<'_>, Problem>>,
) -> Result<Vec<Decided>, Problem> {
    let mut several = Several::default();
    let mut before = None;
    for entities in evaluations {
        let entities = match entities {
            Ok(entities) => entities,
            Err(problem) => {
                several.push(Err(problem));
                before = None;
                continue;
            }
        };
        // Most ask the same of one principal after another.
        if let Some(principal) = before.and_then(|before| entities.principal_alone_differs(before)) {
            several.push_alike(principal);
            continue;
        }
        let question = question(web, called, entities);
        before = question.is_ok().then_some(entities);
        several.push(question);
    }
    let answers = several.answer(web, Telling::Gates).await?;
    let told = |answer: Result<Line, Problem>| answer.map_or_else(|problem| refused(&problem), decided);
    Ok(answers.into_iter().map(told).collect())
}

/// The question that an evaluation is, where this caller may ask it.
fn question(web: &Web, called: &Called, entities: Entities<'_>) -> Result<Question, Problem> {
    let question = entities.question(Searched::Nothing)??;
    may_ask_as(web, called, &question.application)?;
    Ok(question)
}

/// Holds the application against those that the token is for. One that the policy does not declare is nobody's, and is refused by its
/// name.
pub(super) fn may_ask_as(web: &Web, called: &Called, application: &str) -> Result<(), Problem> {
    let is_declared =
        || web.node.following().look().nattoku().policy().applications.contains_key(application);
    match called.may_ask_as(application) {
        Err(problem) if is_declared() => Err(problem),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn decided(line: Line) -> Decided {
    let decision = line.verdict.is_permitted();
    let mut text = line.text;
    text.insert_str(0, "{\"context\":");
    text.push_str(if decision { ",\"decision\":true}" } else { ",\"decision\":false}" });
    Decided { decision, text }
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
