//! The layer of Tower: what is not clearly permitted does not reach the service.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Request, Response, StatusCode};
use nattoku_client::{Act, Client, Decision, Denial, Question, RequirePermission};
use tower::ServiceExt as _;

use crate::server::Server;

/// `/offers/hana` asks about hana.
fn question(request: &Request<Body>) -> Option<Question> {
    let principal = request.uri().path().strip_prefix("/offers/")?;
    Some(Question::provide(principal, "partner_offers", "purchase", "store_partners"))
}

async fn show(Path(principal): Path<String>, Extension(decision): Extension<Decision>) -> String {
    format!("{principal} at {}", decision.revision)
}

fn service() -> Router {
    Router::new().route("/offers/{principal}", get(show)).route("/other", get(|| async { "reached" }))
}

async fn ask(router: &Router, address: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(address).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn what_is_permitted_reaches_the_service_and_nothing_else_does() {
    let mut server = Server::start();
    let client = Client::new(server.settings().cache_for(Duration::ZERO)).unwrap();
    let router = service().layer(RequirePermission::new(client.clone(), question));
    let (status, body) = ask(&router, "/offers/hana").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "hana at 6"));

    let (status, body) = ask(&router, "/other").await;
    assert_eq!(status, StatusCode::FORBIDDEN, "no question: {body}");
    let (status, _) = ask(&router, "/offers/nobody").await;
    assert_eq!(status, StatusCode::FORBIDDEN);

    client.withdraw(Act::on("hana", "partner_sharing", "app")).await.unwrap();
    let (status, body) = ask(&router, "/offers/hana").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&problem["decision"], &problem["reason"]), (&"deny".into(), &"withdrawn".into()));

    client.grant(Act::on("hana", "partner_sharing", "app")).await.unwrap();
    assert_eq!(ask(&router, "/offers/hana").await.0, StatusCode::OK);
    server.stop();
    assert_eq!(ask(&router, "/offers/hana").await.0, StatusCode::FORBIDDEN, "no server");
}

#[tokio::test]
async fn a_denial_is_answered_as_the_service_wants() {
    let server = Server::start();
    let client = Client::new(server.settings_with("nattoku_00")).unwrap();
    let layer = RequirePermission::new(client, question).answering(|denial| {
        let mut response = Response::new(Body::from(format!("{denial:?}")));
        if matches!(denial, Denial::Failed(_)) {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        response
    });
    let router = service().layer(layer);
    let (status, body) = ask(&router, "/offers/hana").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("unknown-token"), "{body}");
}
