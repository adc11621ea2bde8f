//! `/v1/audience`, `/v1/changed-since`, `/v1/policy`, `/v1/recipients` and `/v1/publications`: what concerns everybody.

use axum::http::StatusCode;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::program::{KIKO_ID, Program, by_choice, by_consent, site};

/// A question about everybody.
fn about_everybody(question: &Value) -> Value {
    let mut question = question.clone();
    question.as_object_mut().unwrap().remove("principal");
    question
}

#[tokio::test]
async fn an_audience_is_counted_with_why_others_are_left_out() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post("/v1/audience", &about_everybody(&by_consent())).await.good();
    let principals = &answer["principals"];
    assert_eq!((&principals["all"], &principals["permitted"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&principals["by_verdict"]["permit"], &principals["by_verdict"]["deny"]),
        (&json!(1), &json!(1))
    );
    let reason = &answer["reasons"][0];
    assert_eq!((&reason["reason"], &reason["principals"]), (&json!("retention_ended"), &json!(1)));
    assert_eq!(answer["reasons"].as_array().unwrap().len(), 1);
    assert_eq!(answer["policy_version"], site.nattoku.policy().version.as_str());
    assert_eq!(answer["revision"], json!(site.nattoku.revision().unwrap().0));
}

/// A list comes a page at a time, and is the whole of those that are counted.
#[tokio::test]
async fn an_audience_is_listed_a_page_at_a_time() {
    let site = site();
    let past = crate::decided::KIKO;
    for n in 0..6 {
        let past = past.replace("\"kiko\"", &format!("\"kiko-{n}\""));
        site.nattoku.import_events(past.trim().as_bytes(), false, &mut |_| {}).unwrap();
    }
    site.web.node.renew().unwrap();
    let program = Program::campaigns(&site);
    let question = about_everybody(&by_choice());
    let counted = program.post("/v1/audience", &question).await.good();
    assert_eq!(counted["principals"]["permitted"], 7);
    for limit in [1, 2, 7, 100] {
        let mut listed: Vec<Value> = Vec::new();
        let mut list = json!({ "limit": limit });
        loop {
            let mut asked = question.clone();
            asked["list"] = list;
            let page = program.post("/v1/audience", &asked).await.good();
            let principals = page["principals"].as_array().unwrap();
            assert!(principals.len() <= limit);
            listed.extend(principals.iter().cloned());
            let Some(next) = page["next"].as_i64() else { break };
            list = json!({ "limit": limit, "after": next });
        }
        assert_eq!(listed.len(), 7, "by {limit}: {listed:?}");
        assert_eq!(listed[0], json!({ "principal": "kiko", "verdict": "permit" }));
    }
    for list in [json!(5), json!({ "limit": "1" }), json!({ "from": 1 }), json!({ "after": -1 })] {
        let mut asked = question.clone();
        asked["list"] = list;
        assert_eq!(program.post("/v1/audience", &asked).await.problem(), "malformed");
    }
}

#[tokio::test]
async fn an_audience_is_asked_for_as_a_question_about_nobody_in_particular() {
    let site = site();
    let program = Program::campaigns(&site);
    assert_eq!(program.post("/v1/audience", &by_consent()).await.problem(), "malformed", "with a principal");
    let mut other = about_everybody(&by_consent());
    other["application"] = json!("ad_platform");
    assert_eq!(program.post("/v1/audience", &other).await.status, StatusCode::FORBIDDEN);
    let mut undeclared = about_everybody(&by_consent());
    undeclared["categories"] = json!(["purchases"]);
    assert_eq!(program.post("/v1/audience", &undeclared).await.problem(), "undeclared");
    let mut later = about_everybody(&by_consent());
    later["min_revision"] = json!(u64::MAX);
    assert_eq!(program.post("/v1/audience", &later).await.problem(), "behind");
}

/// G1 covers no long job: before it uses its list it asks who has changed.
#[tokio::test]
async fn who_has_changed_since_a_list_was_taken() {
    let site = site();
    let program = Program::campaigns(&site);
    let since = site.nattoku.revision().unwrap().0;
    let asked = json!({ "since": since, "principals": [KIKO_ID, "sakura", "nobody"] });
    let answer = program.post("/v1/changed-since", &asked).await.good();
    assert_eq!(answer, json!({ "changed": ["nobody"], "everybody": false, "revision": since }));

    let withdrawal = json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop" });
    program.post(&format!("/v1/principals/{KIKO_ID}/consents"), &withdrawal).await.good();
    let answer = program.post("/v1/changed-since", &asked).await.good();
    assert_eq!((&answer["changed"], &answer["everybody"]), (&json!([KIKO_ID, "nobody"]), &json!(false)));

    let suspended = json!({ "event": "recipient_suspended", "recipient": "store_partners" });
    program.post("/v1/recipients", &suspended).await.good();
    assert_eq!(program.post("/v1/changed-since", &asked).await.good()["everybody"], true);

    let ahead = json!({ "since": since + 100, "principals": [] });
    assert_eq!(program.post("/v1/changed-since", &ahead).await.problem(), "behind");
    for wrong in [
        json!({ "principals": [] }),
        json!({ "since": since }),
        json!({ "since": "1", "principals": [] }),
        json!({ "since": since, "principals": "kiko" }),
        json!({ "since": since, "principals": [5] }),
        json!({ "since": since, "principals": [], "who": 1 }),
        json!({ "since": since, "principals": vec!["kiko"; 10_001] }),
    ] {
        assert_eq!(program.post("/v1/changed-since", &wrong).await.problem(), "malformed");
    }
}

#[tokio::test]
async fn the_policy_tells_its_names() {
    let site = site();
    let nobody_in_particular = Program::with(&site, &[], &[]);
    let answer = nobody_in_particular.get("/v1/policy").await.good();
    let policy = site.nattoku.policy();
    assert_eq!(
        (&answer["policy"], &answer["version"]),
        (&json!(policy.name), &json!(policy.version.as_str()))
    );
    assert_eq!(answer["digest"], site.nattoku.publication().sources_digest());
    let versions = answer["versions"].as_array().unwrap();
    assert_eq!(versions.len(), site.nattoku.versions().oldest_first().len());
    assert_eq!(versions.last().unwrap()["version"], answer["version"]);
    for (kind, name) in [
        ("actions", "provide"),
        ("activities", "partner_offers"),
        ("applications", "campaign_platform"),
        ("categories", "purchase"),
        ("choices", "offers"),
        ("consents", "partner_sharing"),
        ("exceptions", "use_by_law"),
        ("purposes", "proposals"),
        ("recipients", "store_partners"),
    ] {
        assert!(answer["names"][kind].as_array().unwrap().contains(&json!(name)), "{kind} {name}");
    }
}

/// A recipient that is suspended receives nothing from the next decision on.
#[tokio::test]
async fn what_is_recorded_of_a_recipient_counts_at_once() {
    let site = site();
    let program = Program::campaigns(&site);
    assert_eq!(program.post("/v1/decide", &by_consent()).await.good()["decision"], "permit");
    let of = |answer: &Value| {
        let recipients = answer["recipients"].as_array().unwrap();
        recipients.iter().find(|r| r["recipient"] == "store_partners").unwrap().clone()
    };
    let before = of(&program.get("/v1/recipients").await.good());
    assert_eq!((&before["kind"], &before["suspended"]), (&json!("third_party"), &Value::Null));
    let suspended = json!({ "event": "recipient_suspended", "recipient": "store_partners" });
    let answer = program.post("/v1/recipients", &suspended).await.good();
    assert_eq!(of(&program.get("/v1/recipients").await.good())["suspended"], answer["revision"]);
    assert_eq!(program.post("/v1/decide", &by_consent()).await.good()["decision"], "deny");
    // What is recorded there is of recipients.
    for other in
        [json!({ "event": "publication_published", "publication": "travel_points" }), json!({ "event": "" })]
    {
        assert_eq!(program.post("/v1/recipients", &other).await.problem(), "refused");
    }
    let unknown = json!({ "event": "recipient_suspended", "recipient": "store_partner" });
    assert_eq!(program.post("/v1/recipients", &unknown).await.problem(), "refused");
    assert_eq!(
        program.post("/v1/recipients", &json!({ "recipient": "store_partners" })).await.problem(),
        "malformed"
    );
}

#[tokio::test]
async fn a_publication_is_recorded_and_told() {
    let site = site();
    let program = Program::campaigns(&site);
    let of = |answer: &Value| {
        let publications = answer["publications"].as_array().unwrap();
        publications.iter().find(|p| p["publication"] == "travel_points").unwrap().clone()
    };
    assert_eq!(of(&program.get("/v1/publications").await.good())["published"], Value::Null);
    let published = json!({ "event": "publication_published", "publication": "travel_points" });
    let answer = program.post("/v1/publications", &published).await.good();
    assert_eq!(
        of(&program.get("/v1/publications").await.good())["published"]["revision"],
        answer["revision"]
    );
    let other = json!({ "event": "recipient_suspended", "recipient": "store_partners" });
    assert_eq!(program.post("/v1/publications", &other).await.problem(), "refused");
    let reader = Program::with(&site, &["campaign_platform"], &[CallerAct::Read]);
    assert_eq!(reader.post("/v1/publications", &published).await.status, StatusCode::FORBIDDEN);
}
