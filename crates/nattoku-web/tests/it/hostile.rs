//! What nobody well-meaning would send: it is refused or answered, and never a fault of ours.

use axum::http::{Method, StatusCode, header};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::program::{KIKO_ID, Program, by_consent, site};
use crate::site::Answer;

/// Whatever takes a body.
const TAKING: [&str; 14] = [
    "/v1/decide",
    "/v1/decide/batch",
    "/v1/explain",
    "/v1/audience",
    "/v1/changed-since",
    "/v1/principals/kiko/events",
    "/v1/principals/kiko/consents",
    "/v1/principals/kiko/choices",
    "/v1/recipients",
    "/v1/publications",
    "/access/v1/evaluation",
    "/access/v1/evaluations",
    "/access/v1/search/resource",
    "/access/v1/search/subject",
];

/// A revision in the future is refused with 503, and that is no fault of ours.
fn is_no_fault(answer: &Answer) -> bool {
    answer.status.as_u16() < 500
        || answer.status == StatusCode::SERVICE_UNAVAILABLE && answer.problem() == "behind"
}

/// Sends it everywhere, and tells the status of each. It is never a fault of ours.
async fn everywhere(program: &Program<'_>, body: &[u8]) -> Vec<StatusCode> {
    let mut statuses = Vec::new();
    for address in TAKING {
        let answer = program.send(address, body.to_vec()).await;
        assert!(is_no_fault(&answer), "{address}: {} {}", answer.status, answer.body);
        if answer.status != StatusCode::OK {
            answer.problem();
        }
        statuses.push(answer.status);
    }
    statuses
}

fn are_all(statuses: &[StatusCode], wanted: StatusCode) {
    assert!(statuses.iter().all(|status| *status == wanted), "{statuses:?}");
}

#[tokio::test]
async fn too_much_is_too_large() {
    let site = site();
    let program = Program::campaigns(&site);
    let most = 4 * 1024 * 1024;
    let body = format!("{{\"principal\":\"{}\"}}", "x".repeat(most));
    are_all(&everywhere(&program, body.as_bytes()).await, StatusCode::PAYLOAD_TOO_LARGE);
    // What is just not too much is read, and what is wrong with it is told.
    let mut body = format!("{{\"principle\":\"{}", "x".repeat(most));
    body.truncate(most - 2);
    body.push_str("\"}");
    assert_eq!(body.len(), most);
    let answer = program.send("/v1/decide", body).await;
    assert_eq!((answer.problem().as_str(), &answer.json()["field"]), ("malformed", &json!("principle")));
}

#[tokio::test]
async fn what_is_not_utf_8_is_malformed() {
    let site = site();
    let program = Program::campaigns(&site);
    let bodies: [&[u8]; 5] =
        [b"\xff", b"{\"principal\":\"\xff\"}", b"\xff\xfe{\0}\0", b"\xed\xa0\x80", b"{\"a\":\"\xc0\xaf\"}"];
    for body in bodies {
        are_all(&everywhere(&program, body).await, StatusCode::BAD_REQUEST);
    }
    // A mark of order before it is no part of JSON.
    are_all(&everywhere(&program, "\u{feff}{}".as_bytes()).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_nested_deep_is_malformed() {
    let site = site();
    let program = Program::campaigns(&site);
    for n in [200, 10_000, 1_000_000] {
        let bodies = [
            "[".repeat(n),
            "{\"a\":".repeat(n),
            format!("{{\"principal\":{}{}}}", "[".repeat(n), "]".repeat(n)),
            format!("{{\"context\":{}1{}}}", "{\"a\":".repeat(n), "}".repeat(n)),
        ];
        for body in bodies.iter().filter(|body| body.len() < 4 << 20) {
            are_all(&everywhere(&program, body.as_bytes()).await, StatusCode::BAD_REQUEST);
        }
    }
}

#[tokio::test]
async fn a_key_that_is_written_twice_is_malformed() {
    let site = site();
    let program = Program::campaigns(&site);
    for body in [
        r#"{"principal":"kiko","principal":"sakura"}"#,
        r#"{"act":"grant","act":"withdraw"}"#,
        r#"{"subject":{"type":"application","id":"campaign_platform","id":"ad_platform"}}"#,
        r#"{"anything":[{"a":1,"a":1}]}"#,
        "{\"principal\":1,\"\\u0070rincipal\":2}",
    ] {
        are_all(&everywhere(&program, body.as_bytes()).await, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn numbers_that_are_too_large_are_no_fault_of_ours() {
    let site = site();
    let program = Program::campaigns(&site);
    for number in [
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "1e308",
        "1e309",
        "-1e999999",
        "0.1e-400",
        "1.0",
        "-0",
        &"9".repeat(10_000),
        "NaN",
        "Infinity",
        "01",
        "+1",
        "0x10",
    ] {
        for field in ["min_revision", "since", "seen", "at", "list", "page", "until"] {
            let body = by_consent().to_string().replacen('{', &format!("{{\"{field}\":{number},"), 1);
            everywhere(&program, body.as_bytes()).await;
            let list = body.replace(
                &format!("\"{field}\":{number}"),
                &format!("\"list\":{{\"after\":{number},\"limit\":{number}}}"),
            );
            everywhere(&program, list.replace("\"principal\":\"kiko\",", "").as_bytes()).await;
        }
        let since = format!("{{\"since\":{number},\"principals\":[]}}");
        let answer = program.send("/v1/changed-since", since).await;
        assert!(
            // However a whole number is written, it is one.
            answer.status == StatusCode::OK && ["1.0", "-0", "0.1e-400"].contains(&number)
                || answer.status == StatusCode::BAD_REQUEST
                || answer.problem() == "behind",
            "{number}: {}",
            answer.body
        );
    }
    for at in [
        "9999-12-31T23:59:59Z",
        "-009999-01-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "2026-01-01T00:00:00+99:99",
        "0000-00-00T00:00:00Z",
    ] {
        for field in ["at", "known_at"] {
            let mut question = by_consent();
            question[field] = json!(at);
            everywhere(&program, question.to_string().as_bytes()).await;
        }
    }
}

/// A character that is no text, or that no store keeps, is refused or found nowhere.
#[tokio::test]
async fn characters_of_control_are_no_fault_of_ours() {
    let site = site();
    let program = Program::campaigns(&site);
    for odd in [
        "\u{0}",
        "a\u{0}b",
        "\u{7f}",
        "\u{202e}",
        "\u{feff}",
        "\u{10ffff}",
        "\n",
        "'; drop table events; --",
        "%00",
        "../../x",
        "",
    ] {
        let mut question = by_consent();
        question["principal"] = json!(odd);
        everywhere(&program, question.to_string().as_bytes()).await;
        for field in [
            "action",
            "activity",
            "recipient",
            "purpose",
            "item",
            "choice",
            "channel",
            "by",
            "id",
            "evidence",
        ] {
            let mut question = by_consent();
            question[field] = json!(odd);
            everywhere(&program, question.to_string().as_bytes()).await;
        }
        let will = json!({ "item": "partner_sharing", "act": "grant", "channel": odd, "evidence": odd, "by": format!("agent:{odd}") });
        everywhere(&program, will.to_string().as_bytes()).await;
        let event = json!({ "event": "data_acquired", "category": "contact.name", "source": odd, "id": odd });
        everywhere(&program, event.to_string().as_bytes()).await;
        let changed = json!({ "since": 1, "principals": [odd, odd] });
        everywhere(&program, changed.to_string().as_bytes()).await;
    }
    // NUL as it is has no place in JSON.
    are_all(&everywhere(&program, b"{\"principal\":\"\0\"}").await, StatusCode::BAD_REQUEST);
    for address in
        ["/v1/principals/%00/history", "/v1/principals/%0a/consents", "/v1/principals/%E2%80%AE/receipts"]
    {
        let answer = program.get(address).await;
        assert!(answer.status.as_u16() < 500, "{address}: {}", answer.body);
        let event = json!({ "event": "principal_registered" });
        let answer = program.post(&address.replace("history", "events"), &event).await;
        assert!(answer.status.as_u16() < 500, "{address}: {}", answer.body);
    }
}

/// As many categories as a question takes, each once and the same again.
#[tokio::test]
async fn as_many_categories_as_there_may_be_are_answered() {
    let site = site();
    let program = Program::campaigns(&site);
    let declared: Vec<&str> = site.nattoku.policy().categories.keys().map(|name| name.as_str()).collect();
    let mut question = by_consent();
    question["categories"] = declared.iter().cycle().take(200).copied().collect::<Vec<_>>().into();
    let answer = program.post("/v1/decide", &question).await.good();
    assert!(answer["categories"].as_array().unwrap().len() >= declared.len());
    assert_eq!(program.post("/v1/explain", &question).await.status, StatusCode::OK);
    question["categories"] = vec!["x"; 200].into();
    assert_eq!(program.post("/v1/decide", &question).await.problem(), "undeclared");
    question["categories"] = vec!["purchase"; 201].into();
    assert_eq!(program.post("/v1/decide", &question).await.problem(), "malformed");
}

/// A value of every type in the place of every field.
#[tokio::test]
async fn wrong_types_everywhere_are_no_fault_of_ours() {
    let site = site();
    let program = Program::campaigns(&site);
    let bodies = [
        by_consent(),
        json!({ "item": "partner_sharing", "act": "grant", "channel": "shop", "by": "principal", "language": "ja", "evidence": "x", "seen": 1, "acknowledge": "durable" }),
        json!({ "event": "consent_granted", "item": "partner_sharing", "text_version": "1", "language": "ja", "channel": "shop", "by": "principal", "id": "x" }),
        json!({ "since": 1, "principals": ["kiko"] }),
        json!({ "subject": {}, "action": {}, "resource": {}, "context": {}, "options": {}, "evaluations": [], "page": {} }),
    ];
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0.5),
        json!(""),
        json!([]),
        json!([[]]),
        json!({}),
        json!({ "": null }),
    ];
    for body in bodies {
        for key in body.as_object().unwrap().keys() {
            for value in &values {
                let mut wrong = body.clone();
                wrong[key] = value.clone();
                everywhere(&program, wrong.to_string().as_bytes()).await;
            }
        }
    }
}

#[tokio::test]
async fn odd_headers_are_no_fault_of_ours() {
    let site = site();
    let program = Program::campaigns(&site);
    for (name, value) in [
        ("authorization", &b"\xff\xfe"[..]),
        ("authorization", b"Bearer \xe3\x81\x82"),
        ("content-type", b"\xff"),
        ("content-type", b";;;"),
        ("accept-language", b"\xff, ja;q=9999999999999999999999"),
        ("idempotency-key", b"\xff"),
        ("content-length", b"5"),
        ("x-request-id", b"\xff"),
    ] {
        let value = header::HeaderValue::from_bytes(value).unwrap();
        for method in [Method::GET, Method::POST, Method::PUT, Method::HEAD, Method::OPTIONS] {
            let mut request = program.request(method, "/v1/principals/kiko/consents");
            request.headers_mut().unwrap().insert(name, value.clone());
            let answer = site.ask(request, "{}").await;
            assert!(answer.status.as_u16() < 500, "{name}: {}", answer.body);
        }
    }
}

/// Words that mean something in some place, so that what is drawn comes further than its first key.
const WORDS: [&str; 28] = [
    "subject",
    "action",
    "resource",
    "context",
    "properties",
    "type",
    "id",
    "name",
    "evaluations",
    "options",
    "page",
    "token",
    "limit",
    "application",
    "principal",
    "categories",
    "activity",
    "recipient",
    "at",
    "known_at",
    "exception",
    "min_revision",
    "purpose",
    "campaign_platform",
    "personal_data",
    KIKO_ID,
    "provide",
    "purchase",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![6 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned), 1 => ".{0,12}"]
}

/// Something like JSON.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::from),
        Just(json!("2026-01-01T00:00:00Z")),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(word(), inner, 0..6)
                .prop_map(|object| object.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// What would be answered, with something in the place of some of it.
fn nearly() -> impl Strategy<Value = Value> {
    let good = json!({
        "principal": KIKO_ID, "action": "provide", "activity": "partner_offers", "categories": ["purchase"],
        "recipient": "store_partners",
    });
    let authzen = json!({
        "subject": { "type": "application", "id": "campaign_platform" },
        "action": { "name": "provide" },
        "resource": { "type": "personal_data", "id": KIKO_ID, "properties": { "categories": ["purchase"] } },
        "context": { "activity": "partner_offers", "recipient": "store_partners" },
        "evaluations": [{}, {}],
        "options": { "evaluations_semantic": "deny_on_first_deny" },
        "page": { "limit": 1 },
    });
    let changes = prop::collection::vec((word(), word(), value(), any::<bool>()), 0..3);
    (prop::sample::select(vec![good, authzen]), changes).prop_map(|(mut body, changes)| {
        for (outer, inner, value, is_deep) in changes {
            match body.get_mut(&outer) {
                Some(Value::Object(object)) if is_deep => drop(object.insert(inner, value)),
                _ => body[outer] = value,
            }
        }
        body
    })
}

/// Whatever is asked, it is answered or refused; and what is no permit is never told as one.
#[test]
fn whatever_is_asked_is_answered_or_refused() {
    let runtime = Runtime::new().unwrap();
    let site = site();
    let program = Program::with(&site, &["campaign_platform"], &nattoku_operations::CallerAct::ALL);
    let bodies = prop_oneof![
        2 => value().prop_map(|value| value.to_string()),
        4 => nearly().prop_map(|value| value.to_string()),
        1 => nearly().prop_flat_map(|value| {
            let text = value.to_string();
            // Cut anywhere, or with a character in the place of another.
            (0..=text.chars().count(), any::<char>(), any::<bool>()).prop_map(move |(at, c, is_cut)| {
                let before: String = text.chars().take(at).collect();
                if is_cut { before } else { before + &c.to_string() + &text.chars().skip(at + 1).collect::<String>() }
            })
        }),
    ];
    let asked = [
        "/v1/decide",
        "/access/v1/evaluation",
        "/access/v1/evaluations",
        "/access/v1/search/subject",
        "/access/v1/search/resource",
        "/access/v1/search/action",
    ];
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&bodies, |body| {
        for address in asked {
            let answer = runtime.block_on(program.send(address, body.clone()));
            prop_assert!(is_no_fault(&answer), "{address}: {} {}", answer.status, answer.body);
            if answer.status == StatusCode::OK {
                prop_assert!(answer.good().is_object());
            } else {
                answer.problem();
            }
        }
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}
