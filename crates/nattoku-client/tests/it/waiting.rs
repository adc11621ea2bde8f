//! Servers that are slow, busy or say nonsense: bare sockets.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use nattoku_client::{Act, Client, ClientError, Question, Settings, blocking};

const RECEIPT: &str =
    r#"{"receipt":"R-1","revision":9,"recorded_at":"2026-11-24T01:12:00Z","acknowledged":"durable"}"#;
const BUSY: &str = r#"{"type":"urn:nattoku:problem:busy","title":"t","status":503,"detail":"d"}"#;
const PERMIT: &str = r#"{"decision":"permit","permitted":true,"principal":"hana","obligations":[],"revision":8,
    "categories":[{"category":"contact","verdict":"permit"}]}"#;

fn question() -> Question {
    Question::r#use("hana", "invoicing", "contact")
}

fn settings(listener: &TcpListener) -> Settings {
    Settings::new(format!("http://{}", listener.local_addr().unwrap()), "t")
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// Answers one connection after another with what is written down, and tells what was sent.
fn scripted(answers: Vec<String>) -> (Settings, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings(&listener);
    let (sender, sent) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            sender.send(read_request(&mut stream)).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (settings, sent)
}

fn read_request(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).unwrap();
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let lower = text.to_lowercase();
        let Some((head, body)) = lower.split_once("\r\n\r\n") else { continue };
        let length = header(head, "content-length").map_or(0, |length| length.parse().unwrap());
        if read == 0 || body.len() >= length {
            return lower;
        }
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn a_server_that_never_answers_is_no_permit_after_the_time_that_was_set() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = || settings(&listener).wait_for_questions(Duration::from_millis(150));
    let began = Instant::now();
    let late = Client::new(settings()).unwrap().decide(&question()).await;
    assert!(matches!(late, Err(ClientError::Late { .. })), "{late:?}");
    let waits = blocking::Client::new(settings()).unwrap();
    let late = tokio::task::spawn_blocking(move || waits.decide(&question())).await.unwrap();
    assert!(matches!(late, Err(ClientError::Late { .. })), "{late:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// Answers one connection with an answer that goes on and on, a byte at a time.
fn dripping() -> Settings {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings(&listener).wait_for_questions(Duration::from_millis(300));
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
        // Ends when whoever asked has gone.
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    settings
}

#[tokio::test]
async fn a_server_that_answers_drop_by_drop_is_no_permit() {
    let began = Instant::now();
    let late = Client::new(dripping()).unwrap().decide(&question()).await;
    assert!(late.is_err(), "{late:?}");
    let waits = blocking::Client::new(dripping()).unwrap();
    let late = tokio::task::spawn_blocking(move || waits.decide(&question())).await.unwrap();
    assert!(late.is_err(), "{late:?}");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_busy_server_is_asked_again_after_the_time_it_says_and_a_write_keeps_its_name() {
    let busy = answer("503 Service Unavailable", "retry-after: 1\r\n", BUSY);
    let (settings, sent) = scripted(vec![busy, answer("200 OK", "", RECEIPT)]);
    let nattoku = Client::new(settings).unwrap();
    let began = Instant::now();
    let receipt = nattoku.withdraw(Act::on("hana", "partner_sharing", "app")).await.unwrap();
    assert_eq!(receipt.revision, 9);
    assert!(began.elapsed() >= Duration::from_secs(1));
    let keys: Vec<String> =
        sent.iter().take(2).map(|sent| header(&sent, "idempotency-key").unwrap().to_owned()).collect();
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn a_busy_server_is_asked_again_by_a_program_that_waits() {
    let busy = answer("429 Too Many Requests", "", BUSY);
    let (settings, sent) = scripted(vec![busy, answer("200 OK", "", PERMIT)]);
    assert!(blocking::Client::new(settings).unwrap().decide(&question()).unwrap().is_permitted());
    assert_eq!(sent.iter().count(), 2);
}

#[test]
fn a_server_that_stays_busy_is_no_permit() {
    let busy = || answer("503 Service Unavailable", "", BUSY);
    let (settings, sent) = scripted(vec![busy(), busy(), busy()]);
    let error = blocking::Client::new(settings).unwrap().decide(&question()).unwrap_err();
    assert_eq!(error.problem().unwrap().kind, "busy");
    assert_eq!(sent.iter().count(), 3);
}

#[tokio::test]
async fn what_is_no_answer_is_no_permit() {
    let permit = |from: &str, to: &str| answer("200 OK", "", &PERMIT.replace(from, to));
    let answers = vec![
        answer("200 OK", "", "<html>permit</html>"),
        answer("302 Found", "location: http://127.0.0.1:1/\r\n", PERMIT),
        answer("500 Internal Server Error", "", PERMIT),
        answer("200 OK", "", ""),
        permit("hana", "ren"),
        permit("\"permitted\":true", "\"permitted\":\"true\""),
        permit("\"permit\"", "\"permit"),
    ];
    let count = answers.len();
    let (settings, _sent) = scripted(answers.clone());
    let nattoku = Client::new(settings).unwrap();
    for number in 0..count {
        let decided = nattoku.decide(&question()).await;
        assert!(matches!(decided, Err(ClientError::Unreadable { .. })), "{number}: {decided:?}");
    }
    let (settings, _sent) = scripted(answers);
    let waits = blocking::Client::new(settings).unwrap();
    for number in 0..count {
        let decided = waits.decide(&question());
        assert!(matches!(decided, Err(ClientError::Unreadable { .. })), "{number}: {decided:?}");
    }
}

#[tokio::test]
async fn an_answer_of_before_what_this_client_wrote_is_no_permit() {
    let (settings, sent) = scripted(vec![answer("200 OK", "", RECEIPT), answer("200 OK", "", PERMIT)]);
    let nattoku = Client::new(settings).unwrap();
    nattoku.withdraw(Act::on("hana", "partner_sharing", "app")).await.unwrap();
    let old = nattoku.decide(&question()).await;
    assert!(matches!(old, Err(ClientError::Old { have: 8, want: 9 })), "{old:?}");
    assert!(sent.iter().nth(1).unwrap().contains("\"min_revision\":9"));
}
