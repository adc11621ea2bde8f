//! Information model, and Access Evaluation.

use axum::http::{Method, StatusCode, header};
use nattoku_operations::CallerAct;
use nattoku_store::Place;
use serde_json::{Value, json};

use super::{ENDPOINTS, EVALUATION, EVALUATIONS, denied, permitted, with, without};
use crate::program::{Program, site};

/// Endpoints: `POST /access/v1/evaluation` answers with a Decision.
#[tokio::test]
async fn a_permit_is_a_decision_that_is_true() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post(EVALUATION, &permitted()).await.good();
    assert_eq!(answer["decision"], true);
    // Information model: the context says why.
    assert_eq!(answer["context"]["decision"], "permit");
    assert_eq!(answer["context"]["principal"], "kiko");
    assert!(answer["context"]["revision"].as_u64().unwrap() > 0);
    assert_eq!(answer.as_object().unwrap().len(), 2, "a Decision has a decision and a context: {answer}");
}

/// Information model: what is permitted under conditions is `true`, and the context says what has to be done. A caller that does not
/// understand them may refuse.
#[tokio::test]
async fn a_permit_with_conditions_is_true_and_names_its_obligations() {
    let site = site();
    let program = Program::with(&site, &["privacy_office"], &[CallerAct::Decide]);
    let mut asked = permitted();
    asked["subject"]["id"] = json!("privacy_office");
    asked["action"]["name"] = json!("use");
    asked["context"] = json!({
        "activity": "legal_cooperation",
        "exception": {
            "name": "use_by_law",
            "document": "L-2026-05",
            "approver": "privacy officer",
            "assessment": "A-2026-38",
        },
    });
    let answer = program.post(EVALUATION, &asked).await.good();
    assert_eq!(answer["decision"], true, "{answer}");
    let context = &answer["context"];
    assert_eq!(context["decision"], "permit_with_conditions");
    let obligations = context["obligations"].as_array().unwrap();
    assert_eq!(obligations.len(), 1, "{context}");
    assert_eq!(
        (&obligations[0]["kind"], &obligations[0]["categories"]),
        (&json!("record"), &json!(["purchase"]))
    );
    // In a batch it is the same.
    let batch = program.post(EVALUATIONS, &json!({ "evaluations": [asked] })).await.good();
    assert_eq!(batch["evaluations"], json!([answer]));
    // What the exception requires is missing: nothing is permitted, and nothing is to be done.
    asked["context"]["exception"].as_object_mut().unwrap().remove("assessment");
    let without = program.post(EVALUATION, &asked).await.good();
    assert_eq!((&without["decision"], &without["context"]["obligations"]), (&json!(false), &json!([])));
}

/// Single evaluation: 500 is an error of ours, and no decision.
#[tokio::test]
async fn what_fails_here_is_no_decision() {
    let site = site();
    let program = Program::campaigns(&site);
    let Place::Sqlite(path) = site.place() else { panic!("it is a file") };
    // What was known earlier is read from the ledger, in which nothing can be read any more.
    let asked = with("/context/known_at", json!("2026-11-01T00:00:00+09:00"));
    program.post(EVALUATION, &asked).await.good();
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("update events set leaf = x'00'").unwrap();
    let answer = program.post(EVALUATION, &asked).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "failed"));
    assert!(answer.json().get("decision").is_none(), "{}", answer.body);
}

/// Single evaluation: a deny is 200 with `decision: false`.
#[tokio::test]
async fn a_deny_is_a_decision_that_is_false() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post(EVALUATION, &denied()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.good();
    assert_eq!(answer["decision"], false);
    assert_eq!(answer["context"]["reason"]["reason"], "not_necessary");
}

/// Single evaluation: `subject`, `action` and `resource` are required, with their required keys; so for a search, but for what is
/// searched for.
#[tokio::test]
async fn what_is_required_is_missed() {
    let site = site();
    let program = Program::campaigns(&site);
    for missing in [
        "/subject",
        "/subject/type",
        "/subject/id",
        "/action",
        "/action/name",
        "/resource",
        "/resource/type",
        "/resource/id",
    ] {
        for endpoint in ENDPOINTS {
            let is_asked_for = match endpoint {
                super::SEARCH_SUBJECT => missing != "/subject/id",
                super::SEARCH_RESOURCE => missing != "/resource/id",
                super::SEARCH_ACTION => !missing.starts_with("/action"),
                _ => true,
            };
            let answer = program.post(endpoint, &without(missing)).await;
            if is_asked_for {
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} without {missing}");
                assert_eq!(answer.problem(), "malformed");
                let field = missing.trim_start_matches('/').replace('/', ".");
                assert_eq!(answer.json()["field"], json!(field));
            } else {
                assert_eq!(answer.status, StatusCode::OK, "{endpoint} without {missing}");
            }
        }
    }
}

/// Single evaluation: `context` and `properties` are optional.
#[tokio::test]
async fn what_is_optional_is_not_missed() {
    let site = site();
    let program = Program::campaigns(&site);
    for optional in ["/context", "/resource/properties"] {
        let answer = program.post(EVALUATION, &without(optional)).await.good();
        // Nothing is permitted without the activity and the categories that stand there; and that is said.
        assert_eq!(answer["decision"], false);
        assert_eq!(answer["context"]["error"]["status"], 422, "{answer}");
    }
}

/// Single evaluation: a wrong JSON type is 400.
#[tokio::test]
async fn a_wrong_type_is_a_bad_request() {
    let site = site();
    let program = Program::campaigns(&site);
    let places = [
        "/subject",
        "/subject/type",
        "/subject/id",
        "/subject/properties",
        "/action",
        "/action/name",
        "/action/properties",
        "/resource",
        "/resource/type",
        "/resource/id",
        "/resource/properties",
        "/context",
    ];
    for place in places {
        for wrong in [json!(null), json!(5), json!(true), json!(["a"])] {
            for endpoint in [EVALUATION, EVALUATIONS] {
                let answer = program.post(endpoint, &with(place, wrong.clone())).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} {place} {wrong}");
                assert_eq!(answer.problem(), "malformed");
            }
        }
    }
    for place in ["/subject", "/action", "/resource", "/context"] {
        let answer = program.post(EVALUATION, &with(place, json!("a text"))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{place}");
    }
}

/// Single evaluation: a body that is not JSON, and an empty one, is 400 with a message.
#[tokio::test]
async fn what_is_no_object_of_json_is_a_bad_request() {
    let site = site();
    let program = Program::campaigns(&site);
    for endpoint in ENDPOINTS {
        for body in ["", " ", "{", "[]", "null", "5", "\"text\"", "subject=a", "{\"subject\":}", "{}{}"] {
            let answer = program.send(endpoint, body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} {body}");
            assert_eq!(answer.problem(), "malformed");
        }
    }
}

/// Single evaluation \[cert\]: a `Content-Type` other than `application/json` is 400, and not 415.
#[tokio::test]
async fn another_content_type_is_a_bad_request() {
    let site = site();
    let program = Program::campaigns(&site);
    for endpoint in ENDPOINTS {
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/xml"]
        {
            let request = program.request(Method::POST, endpoint).header(header::CONTENT_TYPE, kind);
            let answer = site.ask(request, permitted().to_string()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} {kind}");
            assert_eq!(answer.problem(), "malformed");
        }
        let answer = site.ask(program.request(Method::POST, endpoint), permitted().to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} without one");
        for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
            let request = program.request(Method::POST, endpoint).header(header::CONTENT_TYPE, kind);
            let answer = site.ask(request, permitted().to_string()).await;
            assert_eq!(answer.status, StatusCode::OK, "{endpoint} {kind}");
        }
    }
}

/// Information model: unknown keys are ignored, anywhere, and `properties` hold any JSON.
#[tokio::test]
async fn what_is_not_known_is_ignored() {
    let site = site();
    let program = Program::campaigns(&site);
    for place in [
        "/extra",
        "/subject/extra",
        "/action/extra",
        "/resource/extra",
        "/context/extra",
        "/resource/properties/extra",
        "/options",
        "/subject/properties",
        "/action/properties",
    ] {
        let anything = json!({ "any": [null, true, 1.5, { "deep": "text" }] });
        let answer = program.post(EVALUATION, &with(place, anything)).await.good();
        assert_eq!(answer["decision"], true, "{place}");
    }
    for value in [json!(null), json!(5), json!("purchase"), json!({ "a": 1 }), json!([5]), json!([])] {
        let answer = program.post(EVALUATION, &with("/resource/properties/categories", value)).await.good();
        assert_eq!(answer["decision"], false);
        assert_eq!(answer["context"]["error"]["field"], "resource.properties.categories", "{answer}");
    }
}

/// Single evaluation: no order of members may be assumed.
#[tokio::test]
async fn members_stand_in_any_order() {
    let site = site();
    let program = Program::campaigns(&site);
    let turned = r#"{
        "context": { "recipient": "store_partners", "activity": "partner_offers" },
        "resource": { "properties": { "categories": ["purchase"] }, "id": "kiko", "type": "personal_data" },
        "action": { "name": "provide" },
        "subject": { "id": "campaign_platform", "type": "application" }
    }"#;
    assert_eq!(program.send(EVALUATION, turned).await.good()["decision"], true);
}

/// Single evaluation \[cert\]: the same request has the same decision.
#[tokio::test]
async fn the_same_request_has_the_same_decision() {
    let site = site();
    let program = Program::campaigns(&site);
    for request in [permitted(), denied()] {
        let first = program.post(EVALUATION, &request).await.good();
        for _ in 0..3 {
            assert_eq!(program.post(EVALUATION, &request).await.good(), first);
        }
        // A single decision and a batch of one are the same.
        let batch = program.post(EVALUATIONS, &json!({ "evaluations": [request] })).await.good();
        assert_eq!(batch["evaluations"], json!([first]));
    }
}

/// What speaks of nothing that is known is no permit, and says what was near.
#[tokio::test]
async fn what_is_not_known_of_is_denied() {
    let site = site();
    let program = Program::with(&site, &["*"], &[nattoku_operations::CallerAct::Decide]);
    for (place, unknown, status) in [
        ("/subject/type", "person", 422),
        ("/subject/id", "campaign_platfrom", 422),
        ("/action/name", "provied", 422),
        ("/resource/type", "record", 422),
        ("/resource/id", "nobody", 404),
        ("/context/recipient", "nobody", 422),
        ("/context/at", "yesterday", 422),
    ] {
        let answer = program.post(EVALUATION, &with(place, json!(unknown))).await.good();
        assert_eq!(answer["decision"], false, "{place}");
        let error = &answer["context"]["error"];
        assert_eq!(error["status"], status, "{place}: {answer}");
        assert!(error["message"].as_str().is_some_and(str::is_ascii), "{answer}");
        assert!(error["message_ja"].as_str().is_some_and(|text| !text.is_ascii()), "{answer}");
    }
    let near = program.post(EVALUATION, &with("/subject/id", json!("campaign_platfrom"))).await.good();
    assert_eq!(near["context"]["error"]["names"][0]["nearest"], "campaign_platform");
    // An activity may have any name, and one that is not registered is referred, which is no permit.
    let unregistered = program.post(EVALUATION, &with("/context/activity", json!("partner_ofers"))).await;
    let unregistered = unregistered.good();
    assert_eq!(
        (&unregistered["decision"], &unregistered["context"]["decision"]),
        (&json!(false), &json!("refer"))
    );
}

/// 401 and 403 are about the caller. A caller asks only as the applications of its token.
#[tokio::test]
async fn a_caller_asks_as_itself() {
    let site = site();
    let program = Program::with(&site, &["ad_platform"], &[nattoku_operations::CallerAct::Decide]);
    let answer = program.post(EVALUATION, &permitted()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "not-allowed"));
    for address in super::ENDPOINTS {
        let request = axum::http::Request::post(address).header(header::CONTENT_TYPE, "application/json");
        let answer = site.ask(request, permitted().to_string()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNAUTHORIZED, "no-token"));
    }
    let reader = Program::with(&site, &["*"], &[nattoku_operations::CallerAct::Read]);
    for address in super::ENDPOINTS {
        let answer = reader.post(address, &permitted()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "not-allowed"));
    }
}

/// The decision is the one that the native endpoint gives.
#[tokio::test]
async fn it_is_the_decision_that_is_answered_elsewhere() {
    let site = site();
    let program = Program::campaigns(&site);
    let native = program.post("/v1/decide", &crate::program::by_consent()).await.good();
    let answer = program.post(EVALUATION, &permitted()).await.good();
    for field in ["decision", "principal", "policy_version", "revision", "obligations", "reason"] {
        assert_eq!(native[field], answer["context"][field], "{field}");
    }
    let later: Value = with("/context/min_revision", json!(u64::MAX));
    let answer = program.post(EVALUATION, &later).await.good();
    assert_eq!(answer["decision"], false);
    assert_eq!(answer["context"]["error"]["kind"], "behind");
}
