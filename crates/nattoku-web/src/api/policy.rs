//! `GET /v1/policy`: which policy stands, and the names that requests may use (R74, R77).

use axum::extract::State;
use axum::response::Response;
use nattoku_model::Policy;
use nattoku_model::name::{
    ActivityName, ApplicationName, CategoryName, ChoiceName, ConsentName, ExceptionName, PurposeName,
    RecipientName, RoleName, ViewReasonName,
};
use nattoku_model::request::Action;
use serde_json::{Value, json};

use super::answer::json as answer_json;
use super::caller::Called;
use super::problem::Problem;
use crate::Web;

pub(crate) async fn get(State(web): State<Web>, _called: Called) -> Result<Response, Problem> {
    let standing = web.node.following().standing();
    let publication = standing.nattoku().publication();
    let versions: Vec<Value> = publication
        .versions()
        .oldest_first()
        .into_iter()
        .map(|policy| {
            json!({
                "version": policy.version.as_str(),
                "announced": policy.announced.map(|day| day.to_string()),
                "effective": policy.effective.to_string(),
                "digest": publication.digest(&policy.version),
                "text_absent": policy.text_absent,
            })
        })
        .collect();
    let policy = publication.current();
    Ok(answer_json(&json!({
        "policy": policy.name,
        "version": policy.version.as_str(),
        "digest": publication.sources_digest(),
        "versions": versions,
        "names": names(policy),
        "revision": standing.revision().0,
    })))
}

/// The names that a request may use.
fn names(policy: &Policy) -> Value {
    json!({
        "actions": Action::ALL.map(Action::as_str),
        "activities": policy.activities.keys().map(ActivityName::as_str).collect::<Vec<_>>(),
        "applications": policy.applications.keys().map(ApplicationName::as_str).collect::<Vec<_>>(),
        "categories": policy.categories.keys().map(CategoryName::as_str).collect::<Vec<_>>(),
        "choices": policy.choices.keys().map(ChoiceName::as_str).collect::<Vec<_>>(),
        "consents": policy.consents.keys().map(ConsentName::as_str).collect::<Vec<_>>(),
        "departments": policy.departments.iter().map(|(name, department)| {
            json!({ "name": name.as_str(), "roles": department.roles.keys().map(RoleName::as_str).collect::<Vec<_>>() })
        }).collect::<Vec<_>>(),
        "exceptions": policy.exceptions.keys().map(ExceptionName::as_str).collect::<Vec<_>>(),
        "purposes": policy.purposes.keys().map(PurposeName::as_str).collect::<Vec<_>>(),
        "view_reasons": policy.view_reasons.keys().map(ViewReasonName::as_str).collect::<Vec<_>>(),
        "recipients": policy.recipients.keys().map(RecipientName::as_str).collect::<Vec<_>>(),
    })
}
