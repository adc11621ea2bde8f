//! Subject Search, Resource Search and Action Search.

use axum::http::StatusCode;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use super::{EVALUATION, SEARCH_ACTION, SEARCH_RESOURCE, SEARCH_SUBJECT, permitted, with};
use crate::decided::KIKO;
use crate::program::{Program, site};
use crate::site::Site;

/// A site that knows so many more customers, for whom the same is permitted as for Kiko.
fn site_of(others: usize) -> Site {
    let site = site();
    let past: String = (0..others).map(|n| KIKO.replace("\"kiko\"", &format!("\"kiko-{n:03}\""))).collect();
    site.nattoku.import_events(past.trim().as_bytes(), false, &mut |_| {}).unwrap();
    site.web.node.renew().unwrap();
    site
}

/// A search for resources: the entity that is searched for has only its type.
fn for_whom() -> Value {
    let mut search = permitted();
    search["resource"].as_object_mut().unwrap().remove("id");
    search
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|result| result["id"].as_str().unwrap()).collect()
}

/// Search: subjects and resources come as `{type, id}`, actions as `{name}`; what comes with them is optional.
#[tokio::test]
async fn what_is_found_is_told_as_entities() {
    let site = site();
    let program = Program::campaigns(&site);
    let subjects = program.post(SEARCH_SUBJECT, &permitted()).await.good();
    assert_eq!(subjects["results"], json!([{ "type": "application", "id": "campaign_platform" }]));
    let resources = program.post(SEARCH_RESOURCE, &permitted()).await.good();
    assert_eq!(resources["results"], json!([{ "type": "personal_data", "id": "kiko" }]));
    let actions = program.post(SEARCH_ACTION, &permitted()).await.good();
    assert_eq!(actions["results"], json!([{ "name": "provide" }]));
}

/// Search: an id on the entity that is searched for is ignored, whatever it is, and a search for actions has no action.
#[tokio::test]
async fn the_id_of_what_is_searched_for_is_ignored() {
    let site = site();
    let program = Program::campaigns(&site);
    for (endpoint, place) in
        [(SEARCH_SUBJECT, "/subject/id"), (SEARCH_RESOURCE, "/resource/id"), (SEARCH_ACTION, "/action")]
    {
        let usual = program.post(endpoint, &permitted()).await.good();
        assert_eq!(usual["results"].as_array().unwrap().len(), 1);
        for id in [json!("nobody"), json!(5), json!(null), json!([])] {
            assert_eq!(program.post(endpoint, &with(place, id)).await.good()["results"], usual["results"]);
        }
        assert_eq!(program.post(endpoint, &super::without(place)).await.good()["results"], usual["results"]);
    }
}

/// Search: everything that is found evaluates to `true`, and nothing else does.
#[tokio::test]
async fn what_is_found_evaluates_to_true() {
    let site = site_of(3);
    let everything = Program::with(&site, &["*"], &[CallerAct::Search, CallerAct::Decide]);
    for activity in ["partner_offers", "phone_offers", "prize_delivery", "message_delivery"] {
        let mut search = with("/context/activity", json!(activity));
        for (action, category) in [("provide", "purchase"), ("use", "contact.name"), ("use", "contact.email")]
        {
            search["action"] = json!({ "name": action });
            search["resource"]["properties"]["categories"] = json!([category]);
            if action == "use" {
                search["context"].as_object_mut().unwrap().remove("recipient");
            }
            let found = everything.post(SEARCH_RESOURCE, &search).await.good();
            for id in ["kiko", "kiko-000", "kiko-001", "kiko-002", "sakura"] {
                search["resource"]["id"] = json!(id);
                let decided = everything.post(EVALUATION, &search).await.good();
                assert_eq!(decided["decision"], json!(ids(&found).contains(&id)), "{search}");
            }
            search["resource"]["id"] = json!("kiko");
            let subjects = everything.post(SEARCH_SUBJECT, &search).await.good();
            for application in site.nattoku.policy().applications.keys() {
                let mut asked = search.clone();
                asked["subject"]["id"] = json!(application.as_str());
                let decided = everything.post(EVALUATION, &asked).await.good();
                assert_eq!(
                    decided["decision"],
                    json!(ids(&subjects).contains(&application.as_str())),
                    "{asked}"
                );
            }
            let actions = everything.post(SEARCH_ACTION, &search).await.good();
            for action in nattoku_model::Action::ALL {
                let mut asked = search.clone();
                asked["action"] = json!({ "name": action.as_str() });
                let decided = everything.post(EVALUATION, &asked).await.good();
                let found = actions["results"].as_array().unwrap().contains(&asked["action"]);
                assert_eq!(decided["decision"], json!(found), "{asked}");
            }
        }
    }
}

/// Search \[cert\]: of an id or a type that is not known, nothing is found, and that is 200.
#[tokio::test]
async fn of_what_is_not_known_nothing_is_found() {
    let site = site();
    let everything = Program::with(&site, &["*"], &[CallerAct::Search]);
    for (place, unknown) in [
        ("/subject/type", "person"),
        ("/subject/id", "nobody"),
        ("/resource/type", "record"),
        ("/resource/id", "nobody"),
        ("/action/name", "fly"),
        ("/context/recipient", "nobody"),
        ("/context/activity", "nothing"),
    ] {
        for endpoint in [SEARCH_SUBJECT, SEARCH_RESOURCE, SEARCH_ACTION] {
            let is_searched_for = matches!(
                (endpoint, place),
                (SEARCH_SUBJECT, "/subject/id")
                    | (SEARCH_RESOURCE, "/resource/id")
                    | (SEARCH_ACTION, "/action/name")
            );
            if is_searched_for {
                continue;
            }
            let answer = everything.post(endpoint, &with(place, json!(unknown))).await;
            assert_eq!(answer.status, StatusCode::OK, "{endpoint} {place}: {}", answer.body);
            assert_eq!(answer.good()["results"], json!([]), "{endpoint} {place}");
        }
    }
}

/// A caller searches only as the applications of its token, and learns of those alone.
#[tokio::test]
async fn a_caller_searches_as_itself() {
    let site = site();
    let other = Program::with(&site, &["ad_platform"], &[CallerAct::Search]);
    for endpoint in [SEARCH_RESOURCE, SEARCH_ACTION] {
        let answer = other.post(endpoint, &permitted()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "not-allowed"));
    }
    assert_eq!(other.post(SEARCH_SUBJECT, &permitted()).await.good()["results"], json!([]));
}

/// Search: with `page` the parts of a search are the whole of it, once each, and an empty `next_token` is the end.
#[tokio::test]
async fn the_pages_are_the_whole() {
    let site = site_of(7);
    let program = Program::campaigns(&site);
    let whole = program.post(SEARCH_RESOURCE, &for_whom()).await.good();
    assert_eq!(ids(&whole).len(), 8);
    assert_eq!(whole["page"]["next_token"], "");
    assert_eq!(whole["page"]["count"], 8);
    for limit in [1, 2, 3, 8, 100] {
        let mut search = for_whom();
        search["page"] = json!({ "limit": limit, "properties": { "any": 1 } });
        let mut found: Vec<String> = Vec::new();
        loop {
            let answer = program.post(SEARCH_RESOURCE, &search).await;
            let answer = answer.good();
            // A response that is not the whole has a page, which says from where to go on.
            let results = ids(&answer);
            assert!(results.len() <= limit);
            assert_eq!(answer["page"]["count"], json!(results.len()));
            found.extend(results.into_iter().map(str::to_owned));
            let token = answer["page"]["next_token"].as_str().unwrap().to_owned();
            if token.is_empty() {
                break;
            }
            search["page"]["token"] = json!(token);
        }
        assert_eq!(found, ids(&whole), "{limit} at once");
    }
}

/// Search: `page` comes first.
#[tokio::test]
async fn the_page_comes_first() {
    let site = site();
    let program = Program::campaigns(&site);
    let answer = program.post(SEARCH_RESOURCE, &for_whom()).await;
    assert!(answer.body.starts_with(r#"{"page":{"#), "{}", answer.body);
    assert!(answer.good()["results"].is_array());
}

/// Search: a limit of 0 is one, and a search that has no end within its page says so.
#[tokio::test]
async fn a_limit_of_none_lists_nobody_and_is_no_end() {
    let site = site();
    let program = Program::campaigns(&site);
    let mut search = for_whom();
    search["page"] = json!({ "limit": 0 });
    let answer = program.post(SEARCH_RESOURCE, &search).await.good();
    assert_eq!((&answer["results"], &answer["page"]["count"]), (&json!([]), &json!(0)));
    let token = answer["page"]["next_token"].clone();
    assert_ne!(token, "");
    search["page"] = json!({ "token": token });
    assert_eq!(ids(&program.post(SEARCH_RESOURCE, &search).await.good()), ["kiko"]);
}

/// Search: a follow-up repeats everything else; a token is refused for another search, and so is what is none.
#[tokio::test]
async fn a_token_is_good_for_its_search_alone() {
    let site = site_of(3);
    let program = Program::with(&site, &["*"], &[CallerAct::Search]);
    let mut search = for_whom();
    search["page"] = json!({ "limit": 1 });
    let token = program.post(SEARCH_RESOURCE, &search).await.good()["page"]["next_token"].clone();
    search["page"]["token"] = token.clone();
    assert_eq!(program.post(SEARCH_RESOURCE, &search).await.status, StatusCode::OK);
    // In another order, and with another limit, it is the same search.
    let turned = format!(
        r#"{{"page":{{"token":{token},"limit":2}},"resource":{},"action":{},"subject":{},"context":{}}}"#,
        search["resource"], search["action"], search["subject"], search["context"],
    );
    assert_eq!(ids(&program.send(SEARCH_RESOURCE, turned).await.good()).len(), 2);
    for (place, other) in [
        ("/subject/id", json!("ad_platform")),
        ("/subject/properties", json!({})),
        ("/action/name", json!("use")),
        ("/resource/properties/categories", json!(["club.number"])),
        ("/context/activity", json!("phone_offers")),
        ("/extra", json!(1)),
    ] {
        let mut changed = search.clone();
        let (parent, key) = place.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[key] = other;
        let answer = program.post(SEARCH_RESOURCE, &changed).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (StatusCode::BAD_REQUEST, "malformed"),
            "{place}"
        );
        assert_eq!(answer.json()["field"], "page.token");
    }
    for token in ["x", "AAAA", "5", "no token at all", "\u{0}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        search["page"]["token"] = json!(token);
        assert_eq!(program.post(SEARCH_RESOURCE, &search).await.status, StatusCode::BAD_REQUEST, "{token}");
    }
}

/// Search: `page` has a token that is text and a limit that is a non-negative integer.
#[tokio::test]
async fn a_page_that_is_none_is_a_bad_request() {
    let site = site();
    let program = Program::campaigns(&site);
    for endpoint in [SEARCH_SUBJECT, SEARCH_RESOURCE, SEARCH_ACTION] {
        for page in [
            json!(5),
            json!("text"),
            json!([]),
            json!({ "limit": -1 }),
            json!({ "limit": 1.5 }),
            json!({ "limit": "1" }),
            json!({ "token": 5 }),
        ] {
            let answer = program.post(endpoint, &with("/page", page.clone())).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} {page}");
        }
    }
}

/// Search: what is not paged, here subjects and actions, takes a page and returns everything.
#[tokio::test]
async fn what_is_not_paged_takes_a_page_and_returns_everything() {
    let site = site();
    let everything = Program::with(&site, &["*"], &[CallerAct::Search]);
    for endpoint in [SEARCH_SUBJECT, SEARCH_ACTION] {
        let whole = everything.post(endpoint, &permitted()).await.good();
        assert_ne!(whole["results"], json!([]), "{endpoint}");
        for page in
            [json!({ "limit": 0 }), json!({ "limit": 1, "token": "" }), json!({ "properties": { "any": 1 } })]
        {
            let answer = everything.post(endpoint, &with("/page", page.clone())).await.good();
            assert_eq!(answer["results"], whole["results"], "{endpoint} {page}");
            // Where there is a page in the answer it says that this is the end.
            let next = answer.pointer("/page/next_token");
            assert!(next.is_none_or(|next| next == ""), "{endpoint} {answer}");
        }
    }
}
