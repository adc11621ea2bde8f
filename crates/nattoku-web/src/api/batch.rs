//! `POST /v1/decide/batch`: several decisions, each answered or told why not, in their order.

use axum::extract::State;
use axum::response::Response;
use nattoku_model::Language;
use nattoku_operations::{CallerAct, Fields, Telling};
use serde_json::Value;

use super::answer::{Patience, answer, raw};
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use crate::Web;

/// Most questions at once.
const QUESTIONS_MAX: usize = 1_000;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let fields = sent.fields()?;
    fields.only(&["questions"])?;
    let questions = fields.list("questions", QUESTIONS_MAX)?;
    let patience = Patience::new();
    let mut text = String::from("{\"answers\":[");
    for (number, question) in questions.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        match one(&web, &called, question, patience).await {
            Ok(line) => text.push_str(&line),
            // In the frame a problem is said in the caller's language; within a batch it is part of the answer.
            Err(problem) => {
                text.extend(["{\"problem\":", &problem.json(Language::En).to_string(), "}"]);
            }
        }
    }
    text.push_str("]}");
    Ok(raw(text))
}

async fn one(web: &Web, called: &Called, question: &Value, patience: Patience) -> Result<String, Problem> {
    let question = called.question(&Fields::of(question)?)?;
    Ok(answer(web, question, Telling::Gates, patience).await?.text)
}
