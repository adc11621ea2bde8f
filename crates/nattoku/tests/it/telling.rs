//! What a server tells of itself while much goes wrong: lines of JSON, and nothing that is secret or somebody's.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::served::Deployment;

/// Somebody whose name is found wherever it is told.
const PRINCIPAL: &str = "tsubaki-4711";
/// A token that was never made.
const WRONG: &str = "nattoku_5e1f00d5e1f00d5e1f00d5e1f00d5e1f00d5e1f00d5e1f00d5e1f00d5e1f00d0";
/// A sign-in link, or a session, that there is not.
const LINK: &str = "0c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee0";
/// An issuer that does not answer.
const ISSUER: &str = r#"
[[oauth.issuer]]
issuer = "http://127.0.0.1:1"
audience = "https://privacy.example.jp"

[[oauth.issuer.client]]
id = "campaigns"
applications = ["campaign_platform"]
acts = ["decide"]
"#;

/// A receiver that takes nothing, and tells of each that it was sent.
fn receiver() -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let (tell, told) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = String::new();
            let _ = BufReader::new(&stream).read_line(&mut line);
            let _ = stream.write_all(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = tell.send(());
        }
    });
    (url, told)
}

/// A deployment that knows somebody, and what must not be told of it: of a subscription the secret as well.
fn deployment(url: &str) -> (Deployment, Vec<String>) {
    let deployment = Deployment::in_file("telling", ISSUER);
    let past = [
        json!({"event": "principal_registered", "born": "1985-04-01"}),
        json!({"event": "consent_granted", "item": "partner_sharing", "text_version": "1", "language": "ja",
               "channel": "web", "by": "principal"}),
    ];
    let past = past.map(|mut event| {
        event["principal"] = json!(PRINCIPAL);
        event["at"] = json!("2024-05-01T00:00:00Z");
        format!("{event}\n")
    });
    std::fs::write(deployment.folder.join("more.jsonl"), past.concat()).unwrap();
    deployment.said(&["ledger", "import", "more.jsonl"]);
    let added = deployment.said(&["subscription", "add", "crm", "--url", url, "--format", "json"]);
    let added: Value = serde_json::from_str(&added).unwrap();
    let secret = added["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap().to_owned();
    let token = deployment.token.strip_prefix("nattoku_").unwrap().to_owned();
    let kept = ["whsec_", PRINCIPAL, "1985-04-01", "own.kek", "sqlite.keys", LINK];
    let wrong = WRONG.strip_prefix("nattoku_").unwrap();
    let kept = kept.into_iter().chain([wrong]).map(str::to_owned).chain([secret, token]).collect();
    (deployment, kept)
}

#[test]
fn a_log_is_lines_of_json_and_tells_nothing_secret_or_personal_whatever_fails() {
    let (url, sent) = receiver();
    let (deployment, secrets) = deployment(&url);
    let mut served = deployment.start_telling("debug");
    let mut program = served.connect();
    assert_eq!(served.connect_with(WRONG.to_owned()).decide().unwrap().status, 401);
    assert_eq!(
        program.ask("POST", "/v1/decide", &format!("{{\"principal\":\"{PRINCIPAL}\"")).unwrap().status,
        400
    );
    let question = crate::served::question().replace("\"p0\"", &format!("\"{PRINCIPAL}\""));
    assert_eq!(program.ask("POST", "/v1/decide", &question).unwrap().status, 200);
    let consents = format!("/v1/principals/{PRINCIPAL}/consents");
    assert_eq!(program.ask("GET", &consents, "").unwrap().status, 403);
    let act = |act: &str| json!({"item": "partner_sharing", "act": act, "channel": "shop"}).to_string();
    assert!(program.ask("POST", &consents, &act("withdraw")).unwrap().status < 300);
    sent.recv_timeout(Duration::from_secs(30)).unwrap();
    assert_eq!(served.connect().ask("GET", &format!("/sign-in/{LINK}"), "").unwrap().status, 404);
    let mut visitor = served.connect();
    visitor
        .send(&format!("GET /en/my HTTP/1.1\r\nHost: test\r\nCookie: nattoku_session={LINK}\r\n\r\n"))
        .unwrap();
    assert_eq!(visitor.answer().unwrap().status, 303);
    // Somebody who breaks off, and something that is no request at all.
    let half = format!("{}Content-Length: 100\r\n\r\n{{", program.head("POST", &consents));
    served.connect().send(&half).unwrap();
    served.connect().send(&format!("\u{1}\u{2} {PRINCIPAL}\r\n\r\n")).unwrap();
    // What would be written now nobody would read.
    let ledger = deployment.folder.join("ledger.sqlite");
    std::fs::rename(&ledger, ledger.with_extension("aside")).unwrap();
    assert_eq!(program.ask("POST", &consents, &act("grant")).unwrap().status, 500);
    std::fs::rename(ledger.with_extension("aside"), &ledger).unwrap();
    // And the state that says who is signed in, and who may call.
    let state = deployment.folder.join("ledger.sqlite.state");
    std::fs::rename(&state, state.with_extension("aside")).unwrap();
    let mut visitor = served.connect();
    visitor
        .send(&format!("GET /en/my HTTP/1.1\r\nHost: test\r\nCookie: nattoku_session={LINK}\r\n\r\n"))
        .unwrap();
    assert_eq!(visitor.answer().unwrap().status, 500);
    deployment.await_told("ERROR", "which programs may call cannot be read");
    std::fs::rename(state.with_extension("aside"), &state).unwrap();
    served.tell_to_end();
    served.ended(Duration::from_mins(1));

    let lines = deployment.log();
    for line in &lines {
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
        let line = line.to_string();
        for secret in &secrets {
            assert!(!line.contains(secret.as_str()), "{secret:?} is told: {line}");
        }
    }
    // What was brought about is told.
    deployment.await_told("ERROR", "failed");
}
