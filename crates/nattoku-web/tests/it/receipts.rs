//! Receipts: what a customer takes along, and what anybody is told who checks one.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use nattoku_ledger::{Kind, Receipt, SigningKey};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::log::sign;
use crate::site::{Answer, Site, log_key};

/// Her consent on paper, of which something is kept outside the ledger.
const PAPER: &str = r#"{"event":"consent_granted","principal":"sakura","at":"2024-01-20T10:02:00+09:00","item":"partner_sharing","text_version":"1","language":"ja","channel":"shop","by":"principal","evidence":"form 12"}"#;
/// The page of its receipt.
const CONSENT: &str = "my/receipts/12";

/// A site where the customer is signed in.
async fn unsigned() -> Site {
    let site = Site::signed_in().await;
    site.nattoku.import_events(PAPER.as_bytes(), false, &mut |_| {}).unwrap();
    site
}

/// The same with its ledger signed.
async fn signed() -> Site {
    let site = unsigned().await;
    sign(&site);
    site
}

async fn receipt(site: &Site) -> String {
    let answer = site.get(&format!("/en/{CONSENT}/receipt.json")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// Sends a form as a browser does in which a file was chosen, or nothing, beside what was pasted.
async fn send(site: &Site, address: &str, file: &[u8], pasted: &str) -> Answer {
    let mut body = Vec::new();
    let mut part = |name: &str, of: &str, bytes: &[u8]| {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{of}\r\n\r\n").as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    };
    part("file", "; filename=\"receipt.json\"\r\nContent-Type: application/json", file);
    part("pasted", "", pasted.as_bytes());
    body.extend(b"--x--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri(address)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin");
    site.ask(request, Body::from(body)).await
}

/// The states of the steps, in order, as the page marks them: `on`, `warn` or `off`.
fn steps(page: &Answer) -> Vec<String> {
    let tags = page.tags();
    let states = tags.iter().filter_map(|tag| tag.get("class")?.strip_prefix("state ").map(str::to_owned));
    states.collect()
}

/// What stands in the field for pasting.
fn kept(page: &Answer) -> String {
    let field = page.body.split("<textarea").nth(1).unwrap();
    let field = field.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    field.trim().replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

#[tokio::test]
async fn a_receipt_is_taken_along_as_a_signed_file() {
    let site = unsigned().await;
    let early = site.get(&format!("/en/{CONSENT}")).await;
    assert!(early.body.contains("once the ledger has been signed"), "{}", early.body);
    let early = site.get(&format!("/en/{CONSENT}/receipt.json")).await;
    assert_eq!(early.header(header::LOCATION), format!("/en/{CONSENT}"));

    sign(&site);
    let page = site.get(&format!("/en/{CONSENT}")).await;
    let links = ["receipt.json", "to-show.json"].map(|name| format!("href=\"/en/{CONSENT}/{name}\""));
    assert!(links.iter().all(|link| page.body.contains(link)), "{}", page.body);
    let answer = site.get(&format!("/en/{CONSENT}/receipt.json")).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(
        answer.header(header::CONTENT_DISPOSITION),
        "attachment; filename=\"receipt-R-0000000012.json\""
    );
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let shown = Receipt::parse(&answer.body).unwrap().verify(log_key().verifying_key(), &[]).unwrap();
    assert_eq!((shown.revision, shown.event.as_str()), (12, "consent_granted"));

    let to_show = site.get(&format!("/ja/{CONSENT}/to-show.json")).await;
    let to_show = Receipt::parse(&to_show.body).unwrap();
    assert!(to_show.opening.is_none() && to_show.verify(log_key().verifying_key(), &[]).is_ok());
}

#[tokio::test]
async fn only_ones_own_receipts_are_given() {
    let mut site = signed().await;
    for revision in ["1", "6", "999", "x"] {
        let answer = site.get(&format!("/en/my/receipts/{revision}/receipt.json")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{revision}");
    }
    let other = r#"{"event":"principal_registered","principal":"ren","at":"2020-01-01T00:00:00Z","born":"1990-01-01","unknown_relationships":[]}"#;
    site.nattoku.import_events(other.as_bytes(), false, &mut |_| {}).unwrap();
    site.sign_in("ren").await;
    for name in ["receipt.json", "to-show.json"] {
        assert_eq!(site.get(&format!("/en/{CONSENT}/{name}")).await.status, StatusCode::NOT_FOUND);
    }
}

/// Rule 23: the number to quote and whom to ask stand beside each other.
#[tokio::test]
async fn whom_to_ask_stands_beside_the_number() {
    let page = signed().await.get(&format!("/ja/{CONSENT}")).await;
    let beside = page.body.split("class=\"beside\"").nth(1).unwrap().split("<dl").next().unwrap();
    assert!(beside.contains("R-0000000012") && beside.contains("href=\"tel:"), "{beside}");
}

#[tokio::test]
async fn anybody_verifies_a_receipt() {
    let mut stranger = signed().await;
    let file = receipt(&stranger).await;
    let to_show = stranger.get(&format!("/en/{CONSENT}/to-show.json")).await.body;
    let without = stranger.get("/en/my/receipts/7/receipt.json").await.body;
    stranger.forget_cookie();
    let found = stranger.get("/verify").await;
    assert_eq!(found.status, StatusCode::FOUND);
    for (language, genuine) in [("ja", "この控えは本物です"), ("en", "This receipt is genuine")] {
        let address = format!("/{language}/verify");
        let page = stranger.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&log_key().verifying_key().to_string()), "{}", page.body);
        for (file, pasted) in [(file.as_bytes(), ""), (b"".as_slice(), file.as_str())] {
            let answer = send(&stranger, &address, file, pasted).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
            assert!(answer.body.contains(genuine) && answer.body.contains("R-0000000012"), "{}", answer.body);
            assert_eq!(steps(&answer), ["on", "on", "on", "on", "on"]);
            assert_eq!(kept(&answer), "", "nothing of it is shown again");
        }
        // As a form without a file sends it.
        let pasted = utf8_percent_encode(&file, NON_ALPHANUMERIC).to_string();
        let answer = stranger.post(&address, &[("pasted", &pasted)]).await;
        assert!(answer.body.contains(genuine), "{}", answer.body);
    }
    let answer = send(&stranger, "/en/verify", to_show.as_bytes(), "").await;
    assert!(answer.body.contains("This receipt leaves it out, so it was not checked."), "{}", answer.body);
    assert_eq!(steps(&answer), ["on", "on", "on", "off", "on"]);
    let answer = send(&stranger, "/en/verify", without.as_bytes(), "").await;
    assert!(answer.body.contains("This entry has nothing personal to be checked."), "{}", answer.body);
}

/// Both are withdrawals in the ledger; whoever looks at a receipt alone is told which of the two it was.
#[tokio::test]
async fn what_was_declined_without_ever_being_allowed_is_not_told_as_taken_back() {
    const DECLINED: &str = r#"{"event":"consent_withdrawn","principal":"sakura","at":"2024-02-20T10:02:00+09:00","item":"location_use","channel":"shop","by":"principal"}
{"event":"consent_withdrawn","principal":"sakura","at":"2024-02-21T10:02:00+09:00","item":"partner_sharing","channel":"shop","by":"principal"}"#;
    let site = unsigned().await;
    site.nattoku.import_events(DECLINED.as_bytes(), false, &mut |_| {}).unwrap();
    sign(&site);
    let package = crate::package::opened(&site.get("/en/my/download/package.zip").await);
    for (revision, told) in [(13, "Declined"), (14, "Permission withdrawn")] {
        let file = site.get(&format!("/en/my/receipts/{revision}/to-show.json")).await.body;
        let of_package = &package[&format!("receipts/R-00000000{revision}.json")];
        for file in [&file, of_package] {
            let answer = send(&site, "/en/verify", file.as_bytes(), "").await;
            assert!(answer.body.contains(&format!("<dd>{told}</dd>")), "{told}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn what_was_changed_fails_at_its_step_and_is_kept() {
    let site = signed().await;
    let file = receipt(&site).await;
    let genuine = Receipt::parse(&file).unwrap();
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = genuine.clone();
        change(&mut receipt);
        receipt.to_json()
    };
    let cases = [
        (file.replacen("\"purpose\"", "\"porpoise\"", 1), ["warn", "off", "off", "off", "off"]),
        (with(&|r| r.leaf = r.leaf.replace("shop", "post")), ["on", "warn", "off", "off", "off"]),
        (with(&|r| r.proof.index -= 1), ["on", "warn", "off", "off", "off"]),
        (file.replace("form 12", "form 13"), ["on", "on", "on", "warn", "off"]),
    ];
    for (changed, states) in cases {
        let answer = send(&site, "/en/verify", changed.as_bytes(), "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("This receipt does not hold"), "{}", answer.body);
        assert_eq!(steps(&answer), states, "{changed}");
        assert_eq!(kept(&answer), changed.trim());
    }
}

/// A receipt that its own key signed, of a tree that this ledger never had.
#[tokio::test]
async fn a_tree_that_the_ledger_does_not_continue_is_named() {
    let (site, other) = (signed().await, unsigned().await);
    let more = r#"{"event":"relationship_ended","principal":"sakura","at":"2026-11-01T00:00:00Z","relationship":"club"}"#;
    other.nattoku.import_events(more.as_bytes(), false, &mut |_| {}).unwrap();
    sign(&other);
    let answer = send(&site, "/en/verify", receipt(&other).await.as_bytes(), "").await;
    assert!(answer.body.contains("does not continue the one by which"), "{}", answer.body);
    assert!(answer.body.contains("This receipt does not hold"), "{}", answer.body);
    assert_eq!(steps(&answer).last().map(String::as_str), Some("warn"));
    // Its own ledger goes on, and it stays true.
    let newer = r#"{"event":"relationship_started","principal":"sakura","at":"2026-11-02T00:00:00Z","relationship":"club"}"#;
    let before = receipt(&site).await;
    site.nattoku.import_events(newer.as_bytes(), false, &mut |_| {}).unwrap();
    let answer = send(&site, "/en/verify", before.as_bytes(), "").await;
    assert!(answer.body.contains("This receipt is genuine"), "{}", answer.body);
}

#[tokio::test]
async fn a_receipt_of_another_ledger_says_so() {
    let site = signed().await;
    let key = SigningKey::new("example.org/other", Kind::Ed25519, [2; 32]).unwrap();
    let signed = |file: &str| {
        let Receipt { record, leaf, opening, proof, .. } = Receipt::parse(file).unwrap();
        Receipt::issue(record, leaf, opening, proof, &key).unwrap().to_json()
    };
    let file = receipt(&site).await;
    let other = signed(&file.replace("example.jp/log", "example.org/other"));
    let answer = send(&site, "/en/verify", other.as_bytes(), "").await;
    assert!(answer.body.contains("This receipt was not signed by our ledger"), "{}", answer.body);
    assert_eq!(steps(&answer), Vec::<String>::new());
    // One that says it is of this ledger, and that another has signed, does not hold.
    let answer = send(&site, "/en/verify", signed(&file).as_bytes(), "").await;
    assert!(answer.body.contains("This receipt does not hold"), "{}", answer.body);
    assert_eq!(steps(&answer), ["warn", "off", "off", "off", "off"]);
}

/// Rule 28: what is wrong has its words, and what was sent is there to be mended.
#[tokio::test]
async fn what_is_no_receipt_says_what_was_expected_and_keeps_what_was_pasted() {
    let site = signed().await;
    let file = receipt(&site).await;
    let unknown = file.replacen("\"format\"", "\"note\": \"<b>\", \"format\"", 1);
    let cases = [
        ("", "", "There is no receipt."),
        ("", "hello <b>", "This is no JSON."),
        ("[1]", "", "This is no JSON."),
        ("", "{\"a\": \"b\"}", "This is JSON, and no receipt."),
        ("", unknown.as_str(), "It cannot be read as a receipt"),
        (file.as_str(), "{}", "Send one of the two."),
    ];
    for (file, pasted, told) in cases {
        let answer = send(&site, "/en/verify", file.as_bytes(), pasted).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{pasted}");
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
        assert_eq!(kept(&answer), if pasted.is_empty() { file } else { pasted.trim() });
        assert!(answer.body.contains("role=\"alert\"") && answer.body.contains("aria-invalid"));
        let japanese = send(&site, "/ja/verify", file.as_bytes(), pasted).await;
        assert!(japanese.body.contains("確かめられませんでした"), "{}", japanese.body);
    }
    // What the proof lacks is told in the language of the page.
    let lacking = file.replacen("\\nindex ", "\\nplace ", 1);
    assert_ne!(lacking, file);
    for (language, told) in
        [("en", "expected the line `index` with a number"), ("ja", "必要なもの: `index` と番号の行")]
    {
        let answer = send(&site, &format!("/{language}/verify"), lacking.as_bytes(), "").await;
        assert!(answer.body.contains(told), "{}", answer.body);
    }
    let binary = send(&site, "/en/verify", b"\xff\xfe", "").await;
    assert!(binary.body.contains("This file is no text."), "{}", binary.body);
}

#[tokio::test]
async fn more_than_a_receipt_has_is_not_read() {
    let site = signed().await;
    for size in [1_000_001, 2_000_000] {
        let answer = send(&site, "/en/verify", &vec![b' '; size], "").await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{size}");
        assert!(answer.body.contains("A receipt has 1 MB at most."), "{}", answer.body);
    }
    let answer = site.post("/en/verify", &[("pasted", &"x".repeat(2_000_000))]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("A receipt has 1 MB at most."), "{}", answer.body);
    let broken = Request::builder()
        .method(Method::POST)
        .uri("/en/verify")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin");
    let answer = site.ask(broken, "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{").await;
    assert!(answer.body.contains("It did not arrive whole"), "{}", answer.body);
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_sent_is_neither_kept_nor_logged() {
    let told = Told::default();
    let writes = told.clone();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    lines.with_writer(move || writes.clone()).init();
    let site = signed().await;
    let before = site.nattoku.revision().unwrap();
    let file = receipt(&site).await;
    for sent in [&file, &file.replace("form 12", "form 12 of another"), &format!("form 12 {file}")] {
        let answer = send(&site, "/en/verify", sent.as_bytes(), "").await;
        assert!(answer.status == StatusCode::OK || answer.status == StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(site.nattoku.revision().unwrap(), before);
    let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
    assert!(!told.is_empty() && !told.contains("form 12"), "{told}");
}

/// A server that does not sign the ledger has no key to check by, and gives no file; it says whom to ask instead.
#[tokio::test]
async fn where_the_ledger_is_not_signed_that_is_said() {
    let site = signed().await;
    let mut beside = site.beside();
    beside.take_cookie(&site);
    let page = beside.get("/en/verify").await;
    assert!(page.body.contains("so it cannot verify receipts") && !page.body.contains("<textarea"));
    let page = beside.get(&format!("/en/{CONSENT}")).await;
    assert!(page.body.contains("No receipts are given as files here."), "{}", page.body);
    let file = beside.get(&format!("/en/{CONSENT}/receipt.json")).await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
}
