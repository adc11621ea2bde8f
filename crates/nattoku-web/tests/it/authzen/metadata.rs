//! Metadata.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::{EVALUATION, EVALUATIONS, SEARCH_ACTION, SEARCH_RESOURCE, SEARCH_SUBJECT};
use crate::site::Site;

const METADATA: &str = "/.well-known/authzen-configuration";

/// Metadata: 200, `application/json`, with the identifier and every endpoint. \[cert\]: under an https address they are https.
#[tokio::test]
async fn it_says_where_everything_is() {
    let here = "https://privacy.example.jp";
    let site = Site::at(here);
    // Whoever looks for it has no token yet.
    let metadata = site.get(METADATA).await.good();
    assert_eq!(metadata["policy_decision_point"], here, "the identifier that it was fetched for, as it is");
    for (key, path) in [
        ("access_evaluation_endpoint", EVALUATION),
        ("access_evaluations_endpoint", EVALUATIONS),
        ("search_subject_endpoint", SEARCH_SUBJECT),
        ("search_resource_endpoint", SEARCH_RESOURCE),
        ("search_action_endpoint", SEARCH_ACTION),
    ] {
        assert_eq!(metadata[key], format!("{here}{path}"));
        // There is something, which wants a token.
        let answer = site.ask(Request::post(path), Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

/// Metadata: keys without values are left out, and addresses have neither query nor fragment.
#[tokio::test]
async fn it_says_nothing_that_is_empty() {
    let site = Site::at("https://privacy.example.jp");
    for (key, value) in site.get(METADATA).await.good().as_object().unwrap() {
        let text = value.as_str().unwrap_or_else(|| panic!("{key}: {value}"));
        assert!(text.starts_with("https://") && !text.contains(['?', '#']), "{key}: {text}");
    }
}

/// Metadata: a tenant's is under a path of its own behind the well-known one. There are no tenants, so nothing is there: what is of the
/// deployment is not told as a tenant's, whose identifier it would not have.
#[tokio::test]
async fn there_is_none_of_a_tenant() {
    let site = Site::at("https://privacy.example.jp");
    for tenant in ["/tenant1", "/tenant1/part", "/"] {
        let answer = site.get(&format!("{METADATA}{tenant}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tenant}");
    }
}

/// Endpoints: each takes its method alone.
#[tokio::test]
async fn each_takes_its_method_alone() {
    let site = Site::new();
    for path in super::ENDPOINTS {
        let answer = site.get(path).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, "wrong-method")
        );
    }
    let post = Request::builder().method(Method::POST).uri(METADATA);
    assert_eq!(site.ask(post, Body::empty()).await.problem(), "wrong-method");
    // There are no tenants, and nothing else under that name.
    for path in
        ["/access/v1/search", "/access/v1/evaluation/", "/access/v2/evaluation", "/access/v1/search/anything"]
    {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
