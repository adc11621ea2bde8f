//! What is told of calls, in the log and to a collector of somebody else's: what decided, whom it was asked by, and nothing about anybody.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use nattoku_testkit::Collector;
use serde_json::{Value, json};

use crate::served::{Deployment, Served, question};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e47";
const PARENT: &str = "00f067aa0ba902b7";
/// What stands wherever a caller may write something, and must stand nowhere else.
const MARK: &str = "marked4711";
/// Longest that a test waits for what comes by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// A deployment whose traces go there, with a server whose log is a file, and a token that may do everything.
fn deployment(name: &str, endpoint: &str, ratio: &str) -> (Deployment, Served, String) {
    let tracing = format!("[tracing]\nendpoint = \"{endpoint}\"\nratio = {ratio}\nservice = \"decisions\"");
    let deployment = Deployment::in_file(name, &tracing);
    let token = token(&deployment);
    let served = deployment.start_telling("info");
    (deployment, served, token)
}

fn token(deployment: &Deployment) -> String {
    let acts = ["decide", "search", "read", "will", "record", "feed", "metrics"];
    let acts = acts.iter().flat_map(|act| ["--act", *act]);
    let create = ["token", "create", "everything", "--application", "*"];
    let token = deployment.said(&create.into_iter().chain(acts).collect::<Vec<_>>());
    token.trim().to_owned()
}

/// An answer: its head in lower case, and its body.
struct Told {
    head: String,
    body: String,
}

impl Told {
    fn number(&self) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().trim()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Asks on a connection of its own, with more lines in the head.
fn ask(served: &Served, method: &str, address: &str, more: &[String], body: &str) -> Told {
    let mut stream = TcpStream::connect(&served.host).unwrap();
    let lines = more.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect::<String>();
    let length = body.len();
    let request = format!(
        "{method} {address} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{lines}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) =
        answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} {address}: {answer}"));
    Told { head: head.to_lowercase(), body: body.to_owned() }
}

fn as_program(token: &str) -> Vec<String> {
    vec![format!("Authorization: Bearer {token}"), "Content-Type: application/json".to_owned()]
}

/// What a span has under a key.
fn noted<'s>(span: &'s Value, key: &str) -> &'s Value {
    let attributes = span["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|one| one["key"] == key);
    found.map_or(&Value::Null, |one| one["value"].as_object().unwrap().values().next().unwrap())
}

fn find<'s>(spans: &'s [Value], trace: &str, name: &str) -> &'s Value {
    let found = spans.iter().find(|span| span["traceId"] == trace && span["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} of {trace} in {spans:#?}"))
}

#[test]
fn a_decision_is_a_span_of_its_callers_trace_with_its_id_and_what_decided_it() {
    let Some(collector) = Collector::start(env!("CARGO_TARGET_TMPDIR")) else { return };
    let (_deployment, mut served, token) = deployment("tracing-decision", &collector.address(), "0");
    let asking = |n: u8, address: &str, body: &str| {
        let mut head = as_program(&token);
        head.push(format!("traceparent: 00-{TRACE}{n:02x}-{PARENT}-01"));
        let told = ask(&served, "POST", address, &head, body);
        assert_eq!(told.number(), format!("{TRACE}{n:02x}"));
        told.json()
    };
    let mut question: Value = serde_json::from_str(&question()).unwrap();
    question["application"] = json!("campaign_platform");
    let question = question.to_string();
    let permitted = asking(1, "/v1/decide", &question);
    let withdraw = json!({"item": "partner_sharing", "act": "withdraw", "channel": "web"}).to_string();
    let withdrawn = asking(2, "/v1/principals/p0/consents", &withdraw);
    let denied = asking(3, "/v1/decide", &question);
    let batch = format!("{{\"questions\":[{question},{question}]}}");
    asking(4, "/v1/decide/batch", &batch);
    // Nobody said that this one is recorded, and of a hundred none is by itself.
    ask(&served, "POST", "/v1/decide", &as_program(&token), &question);
    served.tell_to_end();
    assert_eq!(served.ended(PATIENCE), Some(0));

    let spans =
        collector.spans_when(|spans| spans.iter().any(|span| span["name"] == "POST /v1/decide/batch"));
    let of = |n: u8, name: &str| find(&spans, &format!("{TRACE}{n:02x}"), name).clone();
    for (n, answer, verdict, reason) in
        [(1, &permitted, "permit", "on_consent"), (3, &denied, "deny", "withdrawn")]
    {
        let span = of(n, "POST /v1/decide");
        assert_eq!((&answer["decision"], &span["parentSpanId"]), (&json!(verdict), &json!(PARENT)));
        assert_eq!(noted(&span, "nattoku.decision"), verdict);
        assert_eq!(noted(&span, "nattoku.decision.id"), &format!("{TRACE}{n:02x}"));
        assert_eq!(noted(&span, "nattoku.revision"), &answer["revision"].to_string());
        assert_eq!(noted(&span, "nattoku.caller"), "everything");
        assert!(noted(&span, "nattoku.reason").as_str().unwrap().contains(reason), "{span}");
        assert_eq!(noted(&span, "http.response.status_code"), "200");
    }
    let span = of(2, "POST /v1/principals/{principal}/consents");
    assert_eq!(noted(&span, "http.route"), "/v1/principals/{principal}/consents");
    assert_eq!(noted(&span, "nattoku.acknowledged"), "enforced");
    assert_eq!(noted(&span, "nattoku.revision"), &withdrawn["revision"].to_string());
    for below in ["append", "enforce"] {
        assert_eq!(of(2, below)["parentSpanId"], span["spanId"], "{below}");
    }
    assert_eq!(noted(&of(4, "POST /v1/decide/batch"), "nattoku.decisions"), "2");
    assert!(spans.iter().all(|span| span["traceId"].as_str().unwrap().starts_with(TRACE)), "{spans:#?}");
    assert!(!collector.text().contains("p0"), "{}", collector.text());
}

/// A head in which all that a caller may say is the mark.
fn marked_head(authorization: &str) -> Vec<String> {
    let mut head = as_program(authorization);
    head.extend([
        format!("X-Request-ID: {MARK}"),
        format!("Idempotency-Key: {MARK}"),
        format!("User-Agent: {MARK}"),
        format!("Referer: http://test/{MARK}"),
        format!("Cookie: nattoku_session={MARK}; {MARK}=1"),
        format!("traceparent: 00-{MARK}"),
        format!("tracestate: {MARK}=1"),
        format!("baggage: principal={MARK}"),
        format!("Last-Event-ID: {MARK}"),
        format!("Accept-Language: {MARK}"),
    ]);
    head
}

/// Bodies that say the mark wherever they may, for every endpoint.
fn marked_bodies() -> [String; 9] {
    let question = json!({"application": "campaign_platform", "principal": MARK, "action": "provide",
        "activity": "partner_offers", "categories": ["purchase"], "recipient": "store_partners"});
    let mut undeclared = question.clone();
    undeclared["activity"] = json!(MARK);
    undeclared["categories"] = json!([MARK]);
    [
        question.to_string(),
        undeclared.to_string(),
        json!({"questions": [question, undeclared]}).to_string(),
        json!({"subject": {"type": "application", "id": "campaign_platform"}, "action": {"name": "provide"},
            "resource": {"type": "personal_data", "id": MARK, "properties": {"categories": ["purchase"]}},
            "context": {"activity": "partner_offers", "recipient": "store_partners"}})
        .to_string(),
        json!({"item": "partner_sharing", "act": "grant", "channel": MARK, "by": format!("guardian:{MARK}"),
            "evidence": MARK})
        .to_string(),
        json!({"choice": "offers", "act": "decline", "channel": MARK}).to_string(),
        json!({"since": 0, "principals": [MARK]}).to_string(),
        json!({MARK: MARK}).to_string(),
        format!("{{\"{MARK}"),
    ]
}

/// Everywhere a caller may write something stands what must come out nowhere: in the log, or at the collector.
#[test]
fn nothing_about_a_principal_or_of_a_callers_own_words_is_told() {
    let Some(collector) = Collector::start(env!("CARGO_TARGET_TMPDIR")) else { return };
    let (deployment, mut served, token) = deployment("tracing-marks", &collector.address(), "1");
    let known = ["principal_registered", "data_acquired"].map(|event| {
        let mut event = json!({"event": event, "at": "2024-05-01T00:00:00Z"});
        if event["event"] == "data_acquired" {
            event["category"] = json!("purchase");
            event["source"] = json!("member_store");
        }
        event
    });
    let known = json!({"events": known}).to_string();
    let told = ask(&served, "POST", &format!("/v1/principals/{MARK}/events"), &marked_head(&token), &known);
    assert!(told.head.contains(" 200 "), "{} {}", told.head, told.body);
    let bodies = marked_bodies();
    for (path, methods) in nattoku_web::endpoints() {
        let address = path.replace("{principal}", MARK).replace("{revision}", "5");
        for method in methods.iter().map(|method| method.to_uppercase()) {
            let bodies = if method == "POST" { &bodies[..] } else { &bodies[..1] };
            for body in bodies {
                ask(
                    &served,
                    &method,
                    &format!("{address}?after={MARK}&{MARK}={MARK}"),
                    &marked_head(&token),
                    body,
                );
            }
            ask(&served, &method, &address, &marked_head(&token), &bodies[0]);
            ask(&served, &method, &address, &marked_head(&format!("nattoku_{MARK}")), &bodies[0]);
        }
    }
    for page in
        ["", "v1/", "access/", "en/", "en/my/choices/consent/", "sign-in/", "log/tile/", "en/privacy/"]
    {
        for method in ["GET", "POST", "DELETE", "MARKED4711"] {
            ask(&served, method, &format!("/{page}{MARK}?{MARK}={MARK}"), &marked_head(&token), MARK);
        }
    }
    // What fails is told of in the log.
    let ledger = deployment.folder.join("ledger.sqlite");
    std::fs::rename(&ledger, ledger.with_extension("moved")).unwrap();
    let event =
        json!({"event": "data_acquired", "category": "purchase", "source": "member_store"}).to_string();
    let head = [as_program(&token), vec![format!("X-Request-ID: {MARK}")]].concat();
    let failed = ask(&served, "POST", &format!("/v1/principals/{MARK}/events"), &head, &event);
    let problem = failed.json();
    assert_eq!(problem["type"], "urn:nattoku:problem:failed", "{problem}");
    std::fs::rename(ledger.with_extension("moved"), &ledger).unwrap();
    served.tell_to_end();
    assert_eq!(served.ended(PATIENCE), Some(0));

    let number = problem["instance"].as_str().unwrap().strip_prefix("urn:nattoku:call:").unwrap();
    let spans =
        collector.spans_when(|spans| spans.iter().any(|span| span["traceId"] == number && span["kind"] == 2));
    let (log, exported) = (log(&deployment), collector.text());
    for told in [&log, &exported] {
        assert!(!told.to_lowercase().contains(MARK), "{told}");
        assert!(!told.contains(&token) && !told.contains("p0"), "{told}");
    }
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of_call = |line: &&Value| line["trace_id"] == number && line["level"] == "ERROR";
    assert!(lines.iter().any(|line| of_call(&line)), "{number}: {log}");
    let span = find(&spans, number, "POST /v1/principals/{principal}/events");
    assert_eq!(noted(span, "nattoku.problem"), "failed");
    for (path, methods) in nattoku_web::endpoints() {
        for method in methods.iter().map(|method| method.to_uppercase()) {
            let name = format!("{method} {path}");
            assert!(spans.iter().any(|span| span["name"] == name), "nothing was told of {name}");
        }
    }
}

fn log(deployment: &Deployment) -> String {
    std::fs::read_to_string(deployment.folder.join("server.log")).unwrap()
}

#[test]
fn where_the_collector_is_away_calls_are_answered_as_ever_and_it_is_said_once() {
    // Nobody listens there.
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (deployment, mut served, token) = deployment("tracing-away", &format!("http://{away}"), "1");
    let began = Instant::now();
    let mut client = served.connect();
    loop {
        let answer = client.decide().unwrap();
        assert!(answer.status == 200 && answer.body.contains("\"permitted\":true"), "{}", answer.body);
        let figures = ask(&served, "GET", "/metrics", &as_program(&token), "").body;
        let failed =
            figures.lines().find_map(|line| line.strip_prefix("nattoku_spans_total{outcome=\"failed\"} "));
        // More than one batch, so that it could have been said more than once.
        if failed.is_some_and(|failed| failed.parse::<u64>().unwrap() > 600) {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{figures}");
    }
    served.tell_to_end();
    assert_eq!(served.ended(PATIENCE), Some(0));
    let log = log(&deployment);
    assert_eq!(log.matches("traces do not reach the collector").count(), 1, "{log}");
}
