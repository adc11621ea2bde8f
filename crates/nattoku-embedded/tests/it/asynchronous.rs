//! Within a runtime of tokio: nothing that waits for the ledger does so on its threads, and the layer of Tower asks here.

use axum::body::Body;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Request, StatusCode};
use nattoku_client::Act;
use nattoku_embedded::{Deciding as _, Decision, Embedded, Question, RequirePermission};
use tower::ServiceExt as _;

use crate::deployment::Deployment;

fn offers(principal: &str) -> Question {
    Question::provide(principal, "partner_offers", "purchase", "store_partners")
}

async fn status(router: &Router, address: &str) -> StatusCode {
    let request = Request::builder().uri(address).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

async fn ask(embedded: Embedded) {
    for question in
        [offers("hana"), offers("hana").at("2026-05-01T14:00:00+09:00"), offers("hana").min_revision(1)]
    {
        // The second only the ledger answers.
        let [waiting, asynchronous] = [embedded.decide(&question), embedded.decision(&question).await];
        assert_eq!(waiting.unwrap().verdict, asynchronous.unwrap().verdict);
    }
    for question in [offers("nobody"), offers("hana").min_revision(1 << 40)] {
        let told = |error: nattoku_embedded::ClientError| error.problem().unwrap().kind.clone();
        let [waiting, asynchronous] = [embedded.decide(&question), embedded.decision(&question).await];
        assert_eq!(told(waiting.unwrap_err()), told(asynchronous.unwrap_err()));
    }
    embedded.explain(&offers("hana")).unwrap();
}

#[test]
fn within_a_runtime_it_opens_answers_and_ends() {
    for deployment in Deployment::each("embedded-tokio") {
        let runtimes = [
            tokio::runtime::Builder::new_current_thread().build().unwrap(),
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap(),
        ];
        for runtime in runtimes {
            runtime.block_on(async { ask(deployment.embedded()).await });
            assert_eq!(deployment.leases_of_others(), []);
        }
    }
}

#[test]
fn the_layer_lets_through_what_is_permitted_here_and_nothing_else() {
    let deployment = Deployment::in_file();
    let client = deployment.client();
    let layer = RequirePermission::new(deployment.embedded(), |request: &Request<Body>| {
        Some(offers(request.uri().path().strip_prefix("/offers/")?))
    });
    let show = |Extension(decision): Extension<Decision>| async move { decision.revision.to_string() };
    let router = Router::new().route("/offers/{principal}", get(show)).route("/other", get(|| async {}));
    let router = router.layer(layer);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = |address: &'static str| runtime.block_on(status(&router, address));
    assert_eq!(ask("/offers/hana"), StatusCode::OK);
    for denied in ["/offers/ren", "/offers/nobody", "/other"] {
        assert_eq!(ask(denied), StatusCode::FORBIDDEN, "{denied}");
    }
    client.withdraw(Act::on("hana", "partner_sharing", "app")).unwrap();
    assert_eq!(ask("/offers/hana"), StatusCode::FORBIDDEN);
}
