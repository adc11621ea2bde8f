//! Access Evaluations.

use axum::http::StatusCode;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use super::{EVALUATION, EVALUATIONS, KIKO_ID, denied, permitted};
use crate::program::{Program, site};

/// The decisions of a batch, in their order.
async fn decisions(program: &Program<'_>, batch: &Value) -> Vec<bool> {
    let answer = program.post(EVALUATIONS, batch).await.good();
    // Batch: a top-level `decision` is left out.
    assert!(answer.get("decision").is_none(), "{answer}");
    let evaluations = answer["evaluations"].as_array().unwrap();
    evaluations.iter().map(|evaluation| evaluation["decision"].as_bool().unwrap()).collect()
}

/// Batch: the response has the same length and order.
#[tokio::test]
async fn each_is_answered_in_its_place() {
    let site = site();
    let program = Program::campaigns(&site);
    let batch = json!({ "evaluations": [permitted(), denied(), denied(), permitted()] });
    assert_eq!(decisions(&program, &batch).await, [true, false, false, true]);
}

/// Batch: what stands at the top is the default of each element, and `{}` inherits all.
#[tokio::test]
async fn an_element_inherits_what_it_does_not_say() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut batch = permitted();
    batch["evaluations"] = json!([
        {},
        { "action": { "name": "use" } },
        { "context": { "activity": "phone_offers" } },
        { "resource": { "type": "personal_data", "id": "kiko", "properties": { "categories": ["club.number"] } } },
    ]);
    let answer = program.post(EVALUATIONS, &batch).await.good();
    let decided = answer["evaluations"].as_array().unwrap();
    assert_eq!(decided[0]["decision"], true);
    assert_eq!(decided[1]["decision"], false);
    assert_eq!(decided[2]["decision"], false);
    assert_eq!(decided[3]["context"]["categories"][0]["category"], "club.number");
    // What is said at the top is not needed where each element says it all.
    let mut batch = json!({ "subject": 5, "resource": [], "evaluations": [permitted()] });
    assert_eq!(decisions(&program, &batch).await, [true]);
    batch["evaluations"] = json!([permitted(), {}]);
    assert_eq!(decisions(&program, &batch).await, [true, false]);
}

/// Batch \[cert\]: what an element says takes the place of the default as a whole; nothing is merged.
#[tokio::test]
async fn an_elements_object_stands_for_the_whole_default() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut batch = permitted();
    batch["evaluations"] = json!([
        // No properties: the default's categories are not taken over.
        { "resource": { "type": "personal_data", "id": "kiko" } },
        // No type: the default's is not taken over.
        { "subject": { "id": "campaign_platform" } },
        // No activity.
        { "context": { "recipient": "store_partners" } },
        // No recipient: what is provided to nobody in particular is not what was asked above.
        { "context": { "activity": "partner_offers" } },
        { "action": null },
        {},
    ]);
    let answer = program.post(EVALUATIONS, &batch).await.good();
    let decided = answer["evaluations"].as_array().unwrap();
    assert_eq!(decided[0]["context"]["error"]["field"], "resource.properties.categories");
    assert_eq!(decided[1]["context"]["error"]["field"], "subject.type");
    assert_eq!(decided[2]["context"]["error"]["field"], "context.activity");
    assert_eq!(decided[4]["context"]["error"]["field"], "action");
    let decisions: Vec<_> = decided.iter().map(|one| one["decision"].as_bool().unwrap()).collect();
    assert_eq!(decisions, [false, false, false, false, false, true]);
}

/// Batch: where `evaluations` is absent or empty, it is exactly the single endpoint.
#[tokio::test]
async fn a_batch_of_none_is_a_single_evaluation() {
    let site = site();
    let program = Program::campaigns(&site);
    for request in [permitted(), denied()] {
        let single = program.post(EVALUATION, &request).await.good();
        assert_eq!(program.post(EVALUATIONS, &request).await.good(), single);
        let mut empty = request;
        empty["evaluations"] = json!([]);
        assert_eq!(program.post(EVALUATIONS, &empty).await.good(), single);
        // The single endpoint does not know of options, so whatever they are is ignored.
        for options in [json!(5), json!({ "evaluations_semantic": "as_you_like" })] {
            empty["options"] = options;
            assert_eq!(program.post(EVALUATION, &empty).await.good(), single);
            assert_eq!(program.post(EVALUATIONS, &empty).await.good(), single);
        }
    }
    // So are its faults.
    let answer = program.post(EVALUATIONS, &json!({ "evaluations": [] })).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "malformed"));
    let other = Program::with(&site, &["ad_platform"], &[CallerAct::Decide]);
    assert_eq!(other.post(EVALUATIONS, &permitted()).await.status, StatusCode::FORBIDDEN);
}

/// Batch: `options.evaluations_semantic`; those that stop give the results up to and including the one that decides.
/// Unknown options are ignored.
#[tokio::test]
async fn a_semantic_says_when_to_stop() {
    let site = site();
    let program = Program::campaigns(&site);
    let (yes, no) = (permitted(), denied());
    let fault = json!({ "subject": 5 });
    for (semantic, asked, decided) in [
        (None, json!([yes, no, yes]), vec![true, false, true]),
        (Some("execute_all"), json!([yes, no, yes]), vec![true, false, true]),
        (Some("deny_on_first_deny"), json!([yes, no, yes]), vec![true, false]),
        (Some("deny_on_first_deny"), json!([yes, yes]), vec![true, true]),
        (Some("deny_on_first_deny"), json!([yes, fault, yes]), vec![true, false]),
        (Some("permit_on_first_permit"), json!([no, yes, no]), vec![false, true]),
        (Some("permit_on_first_permit"), json!([no, fault, no]), vec![false, false, false]),
    ] {
        let mut batch = json!({ "evaluations": asked, "options": { "something_else": 1 } });
        if let Some(semantic) = semantic {
            batch["options"]["evaluations_semantic"] = json!(semantic);
        }
        assert_eq!(decisions(&program, &batch).await, decided, "{semantic:?}");
    }
    for options in
        [json!(5), json!([]), json!({ "evaluations_semantic": 5 }), json!({ "evaluations_semantic": "all" })]
    {
        let batch = json!({ "evaluations": [yes], "options": options });
        let answer = program.post(EVALUATIONS, &batch).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "malformed"));
    }
}

/// Batch \[cert\]: an element that cannot be evaluated is `decision: false` with the error in its context, and the call is 200.
#[tokio::test]
async fn an_element_that_cannot_be_evaluated_is_denied() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut foreign = permitted();
    foreign["subject"]["id"] = json!("ad_platform");
    let mut unknown = permitted();
    unknown["resource"]["id"] = json!("nobody");
    let batch = json!({ "evaluations": [
        permitted(), {}, 5, null, [], "text", { "subject": { "type": "application" } }, foreign, unknown, permitted(),
    ] });
    let answer = program.post(EVALUATIONS, &batch).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.good();
    let decided = answer["evaluations"].as_array().unwrap();
    assert_eq!(decided.len(), 10);
    for (place, one) in decided.iter().enumerate() {
        let is_well = place == 0 || place == 9;
        assert_eq!(one["decision"], json!(is_well), "{place}");
        assert_eq!(one["context"].get("error").is_none(), is_well, "{place}");
        if !is_well {
            assert!(
                one["context"]["error"]["status"].is_u64() && one["context"]["error"]["message"].is_string()
            );
        }
    }
    // A caller asks only as the applications of its token.
    assert_eq!(decided[7]["context"]["error"]["status"], 403);
    assert_eq!(decided[8]["context"]["error"]["status"], 404);
}

/// A revision in the future is waited for as long as for one, however many ask for it.
#[tokio::test]
async fn a_batch_waits_no_longer_than_one() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut batch = permitted();
    batch["context"]["min_revision"] = json!(u64::MAX);
    batch["evaluations"] = vec![json!({}); 50].into();
    let began = std::time::Instant::now();
    assert_eq!(decisions(&program, &batch).await, [false; 50]);
    assert!(began.elapsed() < std::time::Duration::from_secs(10));
}

/// Batch: what is wrong with the whole stays an error of the whole.
#[tokio::test]
async fn what_is_wrong_with_the_whole_is_an_error() {
    let site = site();
    let program = Program::campaigns(&site);
    for evaluations in [json!(5), json!({}), json!("text"), json!(null), json!(true)] {
        let mut batch = permitted();
        batch["evaluations"] = evaluations;
        let answer = program.post(EVALUATIONS, &batch).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "malformed"));
    }
    let mut batch = permitted();
    batch["evaluations"] = vec![json!({}); 1_001].into();
    let answer = program.post(EVALUATIONS, &batch).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    batch["evaluations"] = vec![json!({}); 1_000].into();
    assert_eq!(decisions(&program, &batch).await, [true; 1_000]);
}

/// Batch: elements that ask the same of one principal after another are answered as each by itself, and so are those between them that do
/// not.
#[tokio::test]
async fn what_is_alike_is_answered_as_each_by_itself() {
    let site = site();
    let program = Program::campaigns(&site);
    let of = |id: Value, category: &str| json!({ "type": "personal_data", "id": id, "properties": { "categories": [category] } });
    let elements = [
        json!({ "resource": of(json!(KIKO_ID), "purchase") }),
        json!({ "resource": of(json!("sakura"), "purchase") }),
        json!({ "resource": of(json!(KIKO_ID), "club.number") }),
        json!({ "resource": of(json!(KIKO_ID), "club.number"), "action": { "name": "use" } }),
        json!({ "resource": of(json!("nobody"), "purchase") }),
        json!({ "resource": of(json!(KIKO_ID), "purchase") }),
        json!({ "resource": of(json!("k".repeat(4_001)), "purchase") }),
        json!({ "resource": of(json!("sakura"), "purchase") }),
        json!({ "resource": of(json!("sakura"), "no_such_category") }),
        json!({ "resource": of(json!(KIKO_ID), "no_such_category") }),
    ];
    let told = |mut evaluation: Value| {
        // Of when it was asked, they differ.
        if let Some(context) = evaluation["context"].as_object_mut() {
            context.remove("at");
        }
        evaluation
    };
    // By the engine at once, with who cannot be looked up without the ledger, and with what is wrong.
    for elements in [&elements[..4], &elements[..6], &elements[..]] {
        // Once before: they have been met.
        for _ in 0..2 {
            let mut batch = permitted();
            batch["evaluations"] = json!(elements);
            let answer = program.post(EVALUATIONS, &batch).await.good();
            let evaluations = answer["evaluations"].as_array().unwrap();
            assert_eq!(evaluations.len(), elements.len());
            for (element, evaluation) in elements.iter().zip(evaluations) {
                let mut alone = permitted();
                for (key, value) in element.as_object().unwrap() {
                    alone[key] = value.clone();
                }
                let alone = program.post(EVALUATION, &alone).await.good();
                assert_eq!(told(evaluation.clone()), told(alone), "{element}");
            }
        }
    }
}
