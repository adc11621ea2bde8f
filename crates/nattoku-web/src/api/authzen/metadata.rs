//! `GET /.well-known/authzen-configuration`: where everything is.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::Web;
use crate::api::answer::json as answer_json;

pub(super) const PATH: &str = "/.well-known/authzen-configuration";
pub(super) const EVALUATION: &str = "/access/v1/evaluation";
pub(super) const EVALUATIONS: &str = "/access/v1/evaluations";
pub(super) const SEARCH_SUBJECT: &str = "/access/v1/search/subject";
pub(super) const SEARCH_RESOURCE: &str = "/access/v1/search/resource";
pub(super) const SEARCH_ACTION: &str = "/access/v1/search/action";

pub(super) async fn get(State(web): State<Web>) -> Response {
    let here = &web.settings.public_address;
    let at = |path: &str| format!("{here}{path}");
    answer_json(&json!({
        "policy_decision_point": here,
        "access_evaluation_endpoint": at(EVALUATION),
        "access_evaluations_endpoint": at(EVALUATIONS),
        "search_subject_endpoint": at(SEARCH_SUBJECT),
        "search_resource_endpoint": at(SEARCH_RESOURCE),
        "search_action_endpoint": at(SEARCH_ACTION),
    }))
}
