//! The demo as a newcomer starts it: what is done on a page is what the terminal decides.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A demo that is being served; it ends with the test.
struct Demo {
    process: Child,
    announced: serde_json::Value,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Demo {
    fn start(dir: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .args(["demo", "--port", "0", "--principals", "60", "--format", "json", "--dir"])
            .arg(dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, announced: serde_json::from_str(&line).unwrap() }
    }

    fn text(&self, key: &str) -> &str {
        self.announced[key].as_str().unwrap()
    }

    /// One request, its answer whole; `body` makes it a form that is posted.
    fn ask(&self, path: &str, session: &str, body: Option<&str>) -> String {
        let host = self.text("url").strip_prefix("http://").unwrap();
        let (method, body) = body.map_or(("GET", ""), |body| ("POST", body));
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: nattoku_session={session}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Opens a customer's link and gives the session's token.
    fn sign_in(&self, name: &str) -> String {
        let link = self.announced["sign_in"][name].as_str().unwrap();
        let answer = self.ask(link.strip_prefix(self.text("url")).unwrap(), "", None);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        after(&answer, "nattoku_session=").split(';').next().unwrap().to_owned()
    }

    /// Posts the form of a page with the hidden fields it holds.
    fn post_form_of(&self, path: &str, session: &str) -> String {
        let page = self.ask(path, session, None);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let main = after(&page, "<main");
        let form = main.split("<form").find(|f| f.contains("type=\"hidden\"")).unwrap();
        let fields: Vec<String> = form
            .split("type=\"hidden\"")
            .skip(1)
            .map(|field| {
                let quoted = |key: &str| after(field, key).split('"').next().unwrap().to_owned();
                format!("{}={}", quoted("name=\""), quoted("value=\""))
            })
            .collect();
        self.ask(path, session, Some(&fields.join("&")))
    }

    /// Whether member stores may have the purchases of a customer, as the terminal decides.
    fn decide(&self, principal: &str, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .args([
                "decide",
                "--application",
                "campaign_platform",
                "--principal",
                principal,
                "--action",
                "provide",
            ])
            .args(["--activity", "partner_offers", "--category", "purchase", "--recipient", "store_partners"])
            .args(["--format", "json", "--policy", self.text("policy"), "--store", self.text("store")])
            .args(more)
            .output()
            .unwrap()
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_withdrawal_on_the_page_is_denied_at_once_and_was_permitted_a_second_before() {
    let demo = Demo::start(&folder("withdrawal"));
    assert_eq!(demo.decide("sakura", &[]).status.code(), Some(0));

    let session = demo.sign_in("sakura");
    let answer = demo.post_form_of("/en/my/choices/consent/partner_sharing/stop", &session);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let receipt = after(&answer, "location: ").lines().next().unwrap().to_owned();
    let page = demo.ask(&receipt, &session, None);
    assert!(page.contains("R-0"), "the receipt has a number: {page}");

    let decided = demo.decide("sakura", &[]);
    assert_eq!(decided.status.code(), Some(1));
    let decision: serde_json::Value = serde_json::from_slice(&decided.stdout).unwrap();
    assert_eq!(decision["decision"], "deny");
    assert_eq!(decision["reason"]["reason"], "withdrawn");

    let recorded_at: jiff::Timestamp = decision["at"].as_str().unwrap().parse().unwrap();
    let before = withdrawn_at(&demo) - jiff::SignedDuration::from_secs(1);
    assert!(before < recorded_at);
    assert_eq!(demo.decide("sakura", &["--known-at", &before.to_string()]).status.code(), Some(0));
}

/// When the ledger took in the newest withdrawal.
fn withdrawn_at(demo: &Demo) -> jiff::Timestamp {
    let listed = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(["consent", "list", "--principal", "sakura", "--format", "json"])
        .args(["--policy", demo.text("policy"), "--store", demo.text("store")])
        .output()
        .unwrap();
    let lines = String::from_utf8(listed.stdout).unwrap();
    let item: serde_json::Value = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .find(|i: &serde_json::Value| i["item"] == "partner_sharing")
        .unwrap();
    assert_eq!(item["status"], "withdrawn");
    item["history"][0]["recorded_at"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_choice_declined_and_taken_back_on_the_page_is_what_the_terminal_sees() {
    let demo = Demo::start(&folder("choice"));
    let session = demo.sign_in("mei");
    assert_eq!(demo.decide("mei", &[]).status.code(), Some(0), "the guardian's consent stands");
    demo.post_form_of("/ja/my/choices/choice/partner_provision/stop", &session);
    let decision: serde_json::Value = serde_json::from_slice(&demo.decide("mei", &[]).stdout).unwrap();
    assert_eq!(decision["reason"]["reason"], "declined");
    demo.post_form_of("/ja/my/choices/choice/partner_provision/resume", &session);
    assert_eq!(demo.decide("mei", &[]).status.code(), Some(0));
}

#[test]
fn the_call_that_is_printed_is_answered() {
    for (language, mark) in [("en", "from a program"), ("ja", "プログラムから")] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .args(["demo", "--port", "0", "--principals", "60", "--lang", language, "--dir"])
            .arg(folder(&format!("printed-{language}")))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut printed = String::new();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        while !printed.contains("Ctrl-C") && lines.read_line(&mut printed).unwrap() > 0 {}
        // What the ends of the lines are escaped for, a shell takes back.
        let call = after(&printed, mark).replace("\\\n", "");
        let token = after(&call, "TOKEN=").split_whitespace().next().unwrap();
        let url = after(&call, "curl http://").split_whitespace().next().unwrap();
        let (host, path) = url.split_once('/').unwrap();
        let body = after(&call, "-d").trim_start().trim_start_matches('\'').split('\'').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "POST /{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let _ = process.kill();
        let _ = process.wait();
        assert!(answer.contains("\"decision\":\"permit\""), "{answer}");
    }
}

#[test]
fn a_second_start_uses_the_ledger_that_is_there() {
    let dir = folder("second-start");
    let root = |demo: &Demo| {
        let stats = Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .args(["ledger", "stats", "--format", "json", "--store", demo.text("store")])
            .output()
            .unwrap();
        serde_json::from_slice::<serde_json::Value>(&stats.stdout).unwrap()["root"].clone()
    };
    let first = root(&Demo::start(&dir));
    let made = std::fs::metadata(dir.join("ledger.sqlite")).unwrap().created().ok();
    assert_eq!(root(&Demo::start(&dir)), first);
    assert_eq!(std::fs::metadata(dir.join("ledger.sqlite")).unwrap().created().ok(), made);
    let elsewhere = folder("second-start-elsewhere");
    assert_eq!(root(&Demo::start(&elsewhere)), first, "the same customers come out every time");
}

#[test]
fn two_starts_at_once_make_one_whole_ledger() {
    let dir = folder("two-starts");
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .args(["demo", "--port", "0", "--principals", "60", "--format", "json", "--dir"])
            .arg(&dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut both = [start(), start()];
    for process in &mut both {
        // The one that came too late ends; the other announces itself.
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    }
    for process in &mut both {
        let _ = process.kill();
        let _ = process.wait();
    }
    let demo = Demo::start(&dir);
    assert_eq!(demo.decide("sakura", &[]).status.code(), Some(0), "the ledger is whole");
}
