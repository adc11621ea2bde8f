//! `POST /v1/decide/batch`: several decisions, each answered or told why not, in their order.

use axum::extract::State;
use axum::response::Response;
use nattoku_model::Language;
use nattoku_operations::{CallerAct, Fields, Json, Line, Question, Telling};
use nattoku_trace::current_number;

use super::answer::raw;
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use super::several::Several;
use crate::Web;

/// Most questions at once.
const QUESTIONS_MAX: usize = 1_000;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let fields = sent.fields()?;
    fields.only(&["questions"])?;
    let mut several = Several::default();
    for question in fields.list("questions", QUESTIONS_MAX)? {
        several.push(read(&called, question));
    }
    let answers = several.answer(&web, Telling::Gates).await?;
    let answers: Vec<String> = answers.into_iter().map(text).collect();
    Ok(raw(format!("{{\"answers\":[{}]}}", answers.join(","))))
}

fn read(called: &Called, question: &Json<'_>) -> Result<Question, Problem> {
    called.question(&Fields::of(question)?)
}

fn text(answer: Result<Line, Problem>) -> String {
    match answer {
        Ok(line) => line.text,
        // In the frame a problem is said in the caller's language; within a batch it is part of the answer.
        Err(problem) => format!("{{\"problem\":{}}}", problem.json(Language::En, current_number())),
    }
}
