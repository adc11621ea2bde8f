//! `POST /access/v1/evaluations`: several decisions, with what they have in common said once.

use axum::extract::State;
use axum::response::Response;
use nattoku_operations::{CallerAct, FieldError, Fields, Json};

use super::Asked;
use super::answer::{Decided, evaluate, evaluate_each};
use super::request::{Entities, wrong};
use crate::Web;
use crate::api::answer::raw;
use crate::api::caller::Called;
use crate::api::problem::{Kind, Problem};

/// Most evaluations at once.
const EVALUATIONS_MAX: usize = 1_000;

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Semantic {
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

pub(super) async fn post(State(web): State<Web>, called: Called, asked: Asked) -> Result<Response, Problem> {
    called.may(CallerAct::Decide)?;
    let fields = asked.fields()?;
    let object = fields.object_itself();
    let defaults = Entities::of(object, Entities::default());
    let evaluations = match object.get("evaluations") {
        None => &[],
        Some(Json::Array(evaluations)) => evaluations.as_slice(),
        Some(_) => return Err(wrong("evaluations", "array").into()),
    };
    // Then it is exactly a single evaluation, which knows of no options.
    if evaluations.is_empty() {
        return Ok(raw(evaluate(&web, &called, defaults).await?.text));
    }
    let semantic = semantic(&fields)?;
    if evaluations.len() > EVALUATIONS_MAX {
        return Err(Problem::new(
            Kind::TooLarge,
            format!("一度に {EVALUATIONS_MAX} 件までです"),
            format!("at most {EVALUATIONS_MAX} evaluations are taken at once"),
        ));
    }
    let each = evaluations.iter().map(|evaluation| match evaluation {
        Json::Object(evaluation) => Ok(Entities::of(evaluation, defaults)),
        _ => Err(wrong("evaluations", "object").into()),
    });
    let mut decided = evaluate_each(&web, &called, each.collect()).await?;
    if let Some(last) = decided.iter().position(|decided| semantic.stops_after(decided.decision)) {
        decided.truncate(last + 1);
    }
    Ok(raw(listed(&decided)))
}

/// The decisions in one answer.
fn listed(decided: &[Decided]) -> String {
    let (begin, end) = ("{\"evaluations\":[", "]}");
    let room = decided.iter().map(|decided| decided.text.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(begin.len() + room + end.len());
    text.push_str(begin);
    for (n, decided) in decided.iter().enumerate() {
        text.extend([if n > 0 { "," } else { "" }, &decided.text]);
    }
    text.push_str(end);
    text
}

/// `options.evaluations_semantic`; other options are ignored.
fn semantic(fields: &Fields<'_>) -> Result<Semantic, Problem> {
    let options = match fields.object_itself().get("options") {
        None => return Ok(Semantic::ExecuteAll),
        Some(Json::Object(options)) => options,
        Some(_) => return Err(wrong("options", "object").into()),
    };
    match options.get("evaluations_semantic").map(Json::as_text) {
        None | Some(Some("execute_all")) => Ok(Semantic::ExecuteAll),
        Some(Some("deny_on_first_deny")) => Ok(Semantic::DenyOnFirstDeny),
        Some(Some("permit_on_first_permit")) => Ok(Semantic::PermitOnFirstPermit),
        Some(_) => Err(FieldError::expected(
            "options.evaluations_semantic",
            " execute_all、deny_on_first_deny、permit_on_first_permit のどれか",
            "execute_all, deny_on_first_deny or permit_on_first_permit",
        )
        .into()),
    }
}

impl Semantic {
    fn stops_after(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}
