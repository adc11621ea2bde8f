//! `/healthz`, `/readyz` and `/metrics`; and what a node answers that may not permit.

use std::time::Duration;

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::program::{Program, by_choice, by_consent, denied, site, site_on};
use crate::site::{Site, Terms};

/// A site whose node had a lease that has run out.
fn without_lease() -> Site {
    let site = site_on(Terms { lease: Duration::from_micros(100), ..Terms::default() });
    while !site.web.node.freshness().remaining.is_zero() {
        std::thread::yield_now();
    }
    site
}

/// It lives whether it may answer or not; it is ready where it has a lease.
#[tokio::test]
async fn it_says_whether_it_may_be_asked() {
    let well = site();
    let answer = well.get("/readyz").await.good();
    assert_eq!(
        (&answer["ready"], &answer["revision"]),
        (&json!(true), &json!(well.nattoku.revision().unwrap().0))
    );
    assert!(answer["lease_seconds"].as_f64().unwrap() > 3_000.0);
    assert!(answer["staleness_seconds"].as_f64().unwrap() < 600.0);

    let site = without_lease();
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((&answer.json()["ready"], &answer.json()["lease_seconds"]), (&json!(false), &json!(0.0)));
    // Before it ends, nobody is to be sent to it any more; what comes all the same is answered.
    well.web.end();
    assert_eq!(well.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        Program::campaigns(&well).post("/v1/decide", &by_consent()).await.good()["decision"],
        "permit"
    );
    for site in [well, site] {
        let alive = site.get("/healthz").await;
        assert_eq!((alive.status, alive.body.as_str()), (StatusCode::OK, "ok\n"));
    }
}

/// The figures are `OpenMetrics`: calls by address and status, with the principals' names in none of them.
#[tokio::test]
async fn figures_are_told_without_names() {
    let site = site();
    let program = Program::campaigns(&site);
    program.post("/v1/decide", &by_consent()).await.good();
    program.post("/v1/decide", &json!({})).await.problem();
    program.get("/v1/principals/kiko/history").await.good();
    program.get("/v1/nothing/of/kiko").await.problem();
    let withdraw = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" });
    program.post("/v1/principals/kiko/consents", &withdraw).await.good();
    let answer = program.get("/metrics").await;
    assert!(answer.header(header::CONTENT_TYPE).starts_with("application/openmetrics-text"));
    let count = |path: &str, status: &str| {
        let line = format!("nattoku_call_seconds_count{{path=\"{path}\",status=\"{status}\"}} ");
        answer.body.lines().find_map(|l| l.strip_prefix(&line)).map(str::to_owned)
    };
    assert_eq!(count("/v1/decide", "200").as_deref(), Some("1"), "{}", answer.body);
    assert_eq!(count("/v1/decide", "400").as_deref(), Some("1"));
    assert_eq!(count("/v1/principals/{principal}/history", "200").as_deref(), Some("1"));
    assert!(answer.body.contains("nattoku_enforcement_seconds_count 1\n"));
    let revision = site.nattoku.revision().unwrap();
    assert!(answer.body.contains(&format!("nattoku_revision {revision}\n")));
    assert!(answer.body.ends_with("# EOF\n"));
    assert!(!answer.body.contains("kiko") && !answer.body.contains(&program.secret));
}

/// A node whose lease has run out permits nothing: what it would permit is `deny` for the reason `stale`, whoever asks and how.
#[tokio::test]
async fn what_would_be_permitted_without_a_lease_is_denied_as_stale() {
    let site = without_lease();
    let program = Program::campaigns(&site);
    let is_stale = |answer: &Value| {
        assert_eq!((&answer["decision"], &answer["permitted"]), (&json!("deny"), &json!(false)), "{answer}");
        assert_eq!(answer["reason"], json!({ "gate": null, "reason": "stale", "verdict": "deny" }));
        // Nothing is left in it that could be taken for a permit.
        assert_eq!((&answer["categories"], &answer["obligations"]), (&json!([]), &json!([])));
        assert!(answer.get("words").is_none() && !answer.to_string().contains("\"permit\""), "{answer}");
    };
    for question in [by_consent(), by_choice()] {
        is_stale(&program.post("/v1/decide", &question).await.good());
        is_stale(&program.post("/v1/explain", &question).await.good());
        let batch = program.post("/v1/decide/batch", &json!({ "questions": [question] })).await.good();
        is_stale(&batch["answers"][0]);
    }
    let asked = json!({
        "subject": { "type": "application", "id": "campaign_platform" },
        "action": { "name": "provide" },
        "resource": { "type": "personal_data", "id": "kiko", "properties": { "categories": ["purchase"] } },
        "context": { "activity": "partner_offers", "recipient": "store_partners" },
    });
    let answer = program.post("/access/v1/evaluation", &asked).await.good();
    assert_eq!(answer["decision"], false);
    is_stale(&answer["context"]);
    for search in ["subject", "action"] {
        let found = program.post(&format!("/access/v1/search/{search}"), &asked).await.good();
        assert_eq!(found["results"], json!([]), "everything that is found evaluates to true");
    }
    // A list of those for whom it is permitted cannot be given: nobody is told that there is none.
    assert_eq!(program.post("/access/v1/search/resource", &asked).await.problem(), "busy");
    let mut everybody = by_consent();
    everybody.as_object_mut().unwrap().remove("principal");
    assert_eq!(
        program.post("/v1/audience", &everybody).await.good()["principals"]["permitted"],
        1,
        "a number permits nothing"
    );
    everybody["list"] = json!({});
    assert_eq!(program.post("/v1/audience", &everybody).await.problem(), "busy");
}

/// What is denied rests on no lease, and so it is answered with its reasons.
#[tokio::test]
async fn what_is_denied_is_denied_without_a_lease_too() {
    let site = without_lease();
    let program = Program::campaigns(&site);
    let answer = program.post("/v1/decide", &denied()).await.good();
    assert_eq!((&answer["decision"], &answer["reason"]["reason"]), (&json!("deny"), &json!("not_necessary")));
    assert_eq!(answer["categories"].as_array().unwrap().len(), 1);
    // With a lease again, it permits again.
    let mut nobody = by_consent();
    nobody["principal"] = json!("nobody");
    assert_eq!(program.post("/v1/decide", &nobody).await.problem(), "unknown-principal");
}

/// Reading and recording rest on no lease.
#[tokio::test]
async fn a_will_is_taken_without_a_lease_too() {
    let site = without_lease();
    let program = Program::campaigns(&site);
    let withdraw = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" });
    program.post("/v1/principals/kiko/consents", &withdraw).await.good();
    let answer = program.post("/v1/decide", &by_consent()).await.good();
    assert_eq!((&answer["decision"], &answer["reason"]["reason"]), (&json!("deny"), &json!("withdrawn")));
    let consents = program.get("/v1/principals/kiko/consents").await.good();
    assert!(consents["consents"].as_array().unwrap().iter().any(|consent| consent["status"] == "withdrawn"));
}
