//! `POST /access/v1/search/…`: for which principals, by which application, or what may be done at all.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use nattoku_model::request::Action;
use nattoku_operations::{CallerAct, Node, Question, Telling};
use serde_json::{Value, json};

use super::answer::{error_json, may_ask_as};
use super::request::{Entities, Searched};
use super::token::PageAsked;
use super::{APPLICATION, Asked, PERSONAL_DATA};
use crate::Web;
use crate::api::answer::{blocking, json as answer_json, permitted, raw};
use crate::api::audience::{ASKED_MAX, LISTED_MAX};
use crate::api::caller::Called;
use crate::api::problem::{Kind, Problem};

/// As many resources are listed at once unless somebody says otherwise.
const LISTED_USUAL: u64 = 1_000;

/// The applications by which it may be done. A caller learns of those as which it may ask.
pub(super) async fn subject(
    State(web): State<Web>,
    called: Called,
    asked: Asked,
) -> Result<Response, Problem> {
    called.may(CallerAct::Search)?;
    let fields = asked.fields()?;
    PageAsked::read(&fields)?;
    let question =
        match Entities::of(fields.object_itself(), Entities::default()).question(Searched::Subject)? {
            Ok(question) => question,
            Err(problem) => return Ok(nothing(&problem)),
        };
    let applications: Vec<String> = web
        .node
        .following()
        .standing()
        .nattoku()
        .policy()
        .applications
        .keys()
        .map(ToString::to_string)
        .filter(|application| called.caller.is(application))
        .collect();
    let questions = applications.into_iter().map(|application| {
        let result = json!({ "type": APPLICATION, "id": &application });
        (result, Question { application, ..question.clone() })
    });
    each(&web, questions.collect()).await
}

/// What may be done.
pub(super) async fn action(
    State(web): State<Web>,
    called: Called,
    asked: Asked,
) -> Result<Response, Problem> {
    called.may(CallerAct::Search)?;
    let fields = asked.fields()?;
    PageAsked::read(&fields)?;
    let question =
        match Entities::of(fields.object_itself(), Entities::default()).question(Searched::Action)? {
            Ok(question) => question,
            Err(problem) => return Ok(nothing(&problem)),
        };
    may_ask_as(&web, &called, &question.application)?;
    let questions = Action::ALL.map(|action| {
        let result = json!({ "name": action.as_str() });
        (result, Question { action: action.as_str().to_owned(), ..question.clone() })
    });
    each(&web, questions.into()).await
}

/// The principals for whom it may be done.
pub(super) async fn resource(
    State(web): State<Web>,
    called: Called,
    asked: Asked,
) -> Result<Response, Problem> {
    called.may(CallerAct::Search)?;
    let fields = asked.fields()?;
    let page = PageAsked::read(&fields)?;
    let question =
        match Entities::of(fields.object_itself(), Entities::default()).question(Searched::Resource)? {
            Ok(question) => question,
            Err(problem) => return Ok(nothing(&problem)),
        };
    may_ask_as(&web, &called, &question.application)?;
    let most = page.limit.unwrap_or(LISTED_USUAL).min(LISTED_MAX);
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    let found = match permitted(&web, question, page.after, most, ASKED_MAX).await {
        Ok(found) => found,
        Err(problem) if is_of_names(&problem) => return Ok(nothing(&problem)),
        Err(problem) => return Err(problem),
    };
    let results: Vec<Value> =
        found.principals.iter().map(|(id, _)| json!({ "type": PERSONAL_DATA, "id": id })).collect();
    // The page comes first, so that a reader of a stream knows it before what may be long.
    let page = json!({ "next_token": page.next(found.next), "count": results.len() });
    let (results, context) = (Value::Array(results), json!({ "revision": found.revision.0 }));
    Ok(raw(format!("{{\"page\":{page},\"results\":{results},\"context\":{context}}}")))
}

/// Those of several questions that are permitted.
async fn each(web: &Web, questions: Vec<(Value, Question)>) -> Result<Response, Problem> {
    let node = Arc::clone(&web.node);
    let results = blocking(web, move || those_permitted(&node, questions)).await?;
    match results {
        Ok(results) => Ok(answer_json(&json!({ "results": results }))),
        Err(problem) if is_of_names(&problem) => Ok(nothing(&problem)),
        Err(problem) => Err(problem),
    }
}

fn those_permitted(node: &Node, questions: Vec<(Value, Question)>) -> Result<Vec<Value>, Problem> {
    let mut results = Vec::new();
    for (result, question) in questions {
        let line = node.answer(&question, Telling::Verdicts)?;
        if line.verdict.is_permitted() {
            results.push(result);
        }
    }
    Ok(results)
}

/// Whether somebody is asked about whom, or something of which, nothing is known.
fn is_of_names(problem: &Problem) -> bool {
    matches!(problem.kind(), Kind::Undeclared | Kind::UnknownPrincipal)
}

/// Nothing is found, and why.
fn nothing(problem: &Problem) -> Response {
    answer_json(&json!({ "results": [], "context": { "error": error_json(problem) } }))
}
