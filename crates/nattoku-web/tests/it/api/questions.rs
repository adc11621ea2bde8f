//! `/v1/decide`, `/v1/decide/batch` and `/v1/explain`.

use axum::http::StatusCode;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::program::{Program, by_choice, by_consent, denied, site};

#[tokio::test]
async fn a_decision_says_what_and_why() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post("/v1/decide", &by_consent()).await.good();
    assert_eq!(answer["decision"], "permit");
    assert_eq!(answer["permitted"], true);
    assert_eq!(answer["principal"], "kiko");
    assert_eq!(answer["policy_version"], site.nattoku.policy().version.as_str());
    assert_eq!(answer["revision"], json!(site.nattoku.revision().unwrap().0));
    let gates = answer["categories"][0]["gates"].as_array().unwrap();
    let legal = gates.iter().find(|gate| gate["gate"] == "consent").unwrap();
    assert_eq!((&legal["reason"], &legal["verdict"]), (&json!("consent_given"), &json!("permit")), "{legal}");

    let answer = program.post("/v1/decide", &denied()).await.good();
    assert_eq!((&answer["decision"], &answer["permitted"]), (&json!("deny"), &json!(false)));
    assert_eq!(answer["reason"]["reason"], "not_necessary");
}

/// The application need not be named by whoever has a token of one alone; whoever has several names it.
#[tokio::test]
async fn a_question_is_asked_as_an_application_of_the_token() {
    let site = site();
    let mut question = by_consent();
    for (applications, named, status) in [
        (vec!["campaign_platform"], None, StatusCode::OK),
        (vec!["campaign_platform"], Some("campaign_platform"), StatusCode::OK),
        (vec!["campaign_platform"], Some("ad_platform"), StatusCode::FORBIDDEN),
        (vec!["campaign_platform", "ad_platform"], None, StatusCode::BAD_REQUEST),
        (vec!["campaign_platform", "ad_platform"], Some("ad_platform"), StatusCode::OK),
        (vec!["*"], None, StatusCode::BAD_REQUEST),
        (vec!["*"], Some("logistics"), StatusCode::OK),
        (vec![], Some("campaign_platform"), StatusCode::FORBIDDEN),
    ] {
        let program = Program::with(&site, &applications, &[CallerAct::Decide]);
        question["application"] = json!(named);
        for address in ["/v1/decide", "/v1/explain"] {
            let answer = program.post(address, &question).await;
            assert_eq!(answer.status, status, "{applications:?} {named:?}: {}", answer.body);
        }
        let batch = program.post("/v1/decide/batch", &json!({ "questions": [question] })).await.good();
        assert_eq!(batch["answers"][0].get("problem").is_none(), status == StatusCode::OK);
    }
}

#[tokio::test]
async fn a_question_reads_strictly() {
    let site = site();
    let program = Program::campaigns(&site);
    for (field, wrong) in [
        ("principal", json!(null)),
        ("principal", json!(5)),
        ("action", json!(["use"])),
        ("categories", json!([])),
        ("categories", json!("purchase")),
        ("categories", json!(vec!["purchase"; 201])),
        ("at", json!("2026-01-01")),
        ("at", json!(5)),
        ("known_at", json!("then")),
        ("min_revision", json!(-1)),
        ("exception", json!("statute")),
        ("recipients", json!(["store_partners"])),
    ] {
        let mut question = by_consent();
        question[field] = wrong.clone();
        for address in ["/v1/decide", "/v1/explain"] {
            let answer = program.post(address, &question).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field} {wrong}");
            assert_eq!((answer.problem().as_str(), &answer.json()["field"]), ("malformed", &json!(field)));
        }
    }
    let answer = program.post("/v1/decide", &json!({ "principle": "kiko" })).await.json();
    assert!(answer["detail"].as_str().unwrap().contains("did you mean `principal`?"), "{answer}");
}

#[tokio::test]
async fn a_name_that_is_not_declared_is_told_with_the_nearest() {
    let site = site();
    let program = Program::campaigns(&site);
    for (field, given, what, nearest) in [
        ("categories", json!(["purchases"]), "category", "purchase"),
        ("recipient", json!("store_partner"), "recipient", "store_partners"),
        ("purpose", json!("proposal"), "purpose", "proposals"),
        ("action", json!("provides"), "action", "provide"),
    ] {
        let mut question = by_consent();
        question[field] = given;
        let answer = program.post("/v1/decide", &question).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "undeclared"));
        let name = &answer.json()["names"][0];
        assert_eq!((&name["what"], &name["nearest"]), (&json!(what), &json!(nearest)));
    }
}

/// Each of a batch is answered or told why not, in its place.
#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut nobody = by_consent();
    nobody["principal"] = json!("nobody");
    let questions = json!({ "questions": [by_consent(), denied(), nobody, 5, null, {}, by_choice()] });
    let answer = program.post("/v1/decide/batch", &questions).await.good();
    let answers = answer["answers"].as_array().unwrap();
    let said: Vec<_> = answers
        .iter()
        .map(|one| one["decision"].as_str().or(one["problem"]["type"].as_str()).unwrap())
        .collect();
    let malformed = "urn:nattoku:problem:malformed";
    let unknown = "urn:nattoku:problem:unknown-principal";
    assert_eq!(said, ["permit", "deny", unknown, malformed, malformed, malformed, "permit"]);
    // One alone is the same as the same in a batch.
    assert_eq!(program.post("/v1/decide", &by_consent()).await.good(), answers[0]);

    assert_eq!(
        program.post("/v1/decide/batch", &json!({ "questions": [] })).await.good()["answers"],
        json!([])
    );
    for wrong in [json!({}), json!({ "questions": {} }), json!({ "questions": [], "more": 1 })] {
        assert_eq!(program.post("/v1/decide/batch", &wrong).await.problem(), "malformed", "{wrong}");
    }
    let many = |n: usize| json!({ "questions": vec![by_consent(); n] });
    assert_eq!(program.post("/v1/decide/batch", &many(1_001)).await.status, StatusCode::BAD_REQUEST);
    let most = program.post("/v1/decide/batch", &many(1_000)).await.good();
    assert!(most["answers"].as_array().unwrap().iter().all(|one| one["permitted"] == true));
}

/// An explanation names the rule of the policy and the events it rests on, and says it in words.
#[tokio::test]
async fn an_explanation_rests_on_rules_and_events() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post("/v1/explain", &by_consent()).await.good();
    assert_eq!((&answer["decision"], &answer["answered_by"]), (&json!("permit"), &json!("definition")));
    let gates = answer["categories"][0]["gates"].as_array().unwrap();
    let legal = gates.iter().find(|gate| gate["reason"] == "consent_given").unwrap();
    let granted = site.nattoku.consent("kiko", "partner_sharing").unwrap().last.unwrap();
    assert!(legal["events"].as_array().unwrap().contains(&json!(granted.revision.0)), "{legal}");
    assert_eq!(legal["rule"]["file"], "consents.kdl");
    for language in ["ja", "en"] {
        assert!(answer["words"][language].as_str().is_some_and(|words| !words.is_empty()), "{answer}");
    }
    // It is the same decision.
    let decided = program.post("/v1/decide", &by_consent()).await.good();
    for field in ["decision", "permitted", "policy_version", "revision", "policy_digest"] {
        assert_eq!(decided[field], answer[field], "{field}");
    }
}

/// Of an earlier instant, and of what was known at one.
#[tokio::test]
async fn the_past_is_asked_about_as_it_was() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut question = by_consent();
    question["at"] = json!("2026-09-11T00:00:00+09:00");
    let answer = program.post("/v1/decide", &question).await.good();
    assert_eq!((&answer["decision"], &answer["at"]), (&json!("permit"), &json!("2026-09-10T15:00:00Z")));
    question["at"] = json!("2023-01-01T00:00:00+09:00");
    let answer = program.post("/v1/decide", &question).await.good();
    assert_ne!(answer["decision"], "permit", "she had not consented yet: {answer}");
    question["at"] = Value::Null;
    question["known_at"] = json!("2026-01-01T00:00:00+09:00");
    let answer = program.post("/v1/decide", &question).await.good();
    assert_ne!(answer["decision"], "permit", "nothing was recorded before: {answer}");
}

/// G2: a revision in the future is waited for, for a bounded time, and then refused; one that comes meanwhile is answered.
#[tokio::test]
async fn a_revision_is_waited_for_and_no_longer_than_is_bearable() {
    let site = site();
    let program = Program::campaigns(&site);
    let now = site.nattoku.revision().unwrap().0;
    let mut question = by_consent();
    question["min_revision"] = json!(now);
    for address in ["/v1/decide", "/v1/explain"] {
        assert_eq!(program.post(address, &question).await.good()["revision"], json!(now));
    }
    question["min_revision"] = json!(now + 1);
    for address in ["/v1/decide", "/v1/explain"] {
        let began = std::time::Instant::now();
        let answer = program.post(address, &question).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "behind"));
        assert!(began.elapsed() < std::time::Duration::from_secs(10));
        let problem = answer.json();
        assert_eq!((&problem["revision"], &problem["min_revision"]), (&json!(now), &json!(now + 1)));
    }
    // However many ask for it in one call, the call waits as long as one of them.
    let began = std::time::Instant::now();
    let batch =
        program.post("/v1/decide/batch", &json!({ "questions": vec![question.clone(); 50] })).await.good();
    for one in batch["answers"].as_array().unwrap() {
        assert_eq!(one["problem"]["type"], "urn:nattoku:problem:behind");
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(10));
    // What another program has written meanwhile is taken in for it.
    let event = r#"{"event":"data_acquired","principal":"kiko","at":"2026-10-02T09:00:00+09:00","category":"call_history","source":"service_records"}"#;
    site.nattoku.import_events(event.as_bytes(), false, &mut |_| {}).unwrap();
    assert_eq!(program.post("/v1/decide", &question).await.good()["revision"], json!(now + 1));
}
