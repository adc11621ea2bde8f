//! A server that is told to end answers what it was asked before, gives its lease up, and is not kept by anybody.

use std::thread;
use std::time::{Duration, Instant};

use nattoku_testkit::postgresql::Postgresql;
use serde_json::json;

use crate::served::{Client, Deployment, Served, question};

/// For how long the server of the test goes on when it is told to end: longer than a lease lasts.
const LINGER: Duration = Duration::from_secs(3);

/// When a question was sent, and whether it was answered, and permitted.
struct Asked {
    sent: Instant,
    answer: Result<bool, String>,
}

/// Asks one question after another, leaves where it is told to, and comes back until nobody takes the connection any more.
fn ask_on(served: &Served) -> Vec<Asked> {
    let mut all = Vec::new();
    while let Ok(mut client) = served.try_connect() {
        loop {
            let sent = Instant::now();
            let answer = client.decide();
            let is_last = answer.as_ref().map_or(true, |answer| answer.is_last);
            let answer = answer.map(|answer| answer.body.contains("\"permitted\":true"));
            all.push(Asked { sent, answer: answer.map_err(|error| error.to_string()) });
            if is_last {
                break;
            }
        }
    }
    all
}

#[test]
fn what_was_asked_before_a_server_ends_is_answered_as_ever() {
    let deployment = Deployment::in_file("ending-load", "linger_seconds = 3");
    let mut served = deployment.start();
    assert_eq!(deployment.n_leases(), 1);
    let asked = thread::scope(|scope| {
        let clients = [(); 6].map(|()| scope.spawn(|| ask_on(&served)));
        thread::sleep(Duration::from_millis(300));
        let told = Instant::now();
        served.tell_to_end();
        // Whoever sends calls here learns of it while calls are answered still.
        while served.connect().ask("GET", "/readyz", "").unwrap().status == 200 {
            assert!(told.elapsed() < LINGER, "it goes on to call itself ready");
        }
        assert!(told.elapsed() < LINGER);
        let asked: Vec<Asked> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        assert!(asked.iter().any(|one| one.sent > told), "nothing was asked while it lingered");
        for one in asked.iter().filter(|one| one.sent < told + LINGER) {
            let after = one.sent.saturating_duration_since(told);
            assert_eq!(one.answer, Ok(true), "sent {after:?} after it was told to end");
        }
        asked
    });
    assert_eq!(served.ended(Duration::from_secs(10)), Some(0));
    assert_eq!(deployment.n_leases(), 0, "its lease goes on");
    eprintln!("{} questions", asked.len());
}

#[test]
fn what_was_sent_is_answered_though_it_ends_at_once() {
    let deployment = Deployment::in_file("ending-sent", "");
    let mut served = deployment.start();
    // Connections that were used before, and one on which nothing was asked yet.
    let mut clients: Vec<Client> = (0..20).map(|_| served.connect()).collect();
    for client in &mut clients {
        assert!(!client.decide().unwrap().is_last);
    }
    clients.push(served.connect());
    for client in &mut clients {
        let body = question();
        let head = client.head("POST", "/v1/decide");
        client.send(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).unwrap();
    }
    served.tell_to_end();
    for client in &mut clients {
        assert_eq!(client.answer().unwrap().status, 200);
    }
    assert_eq!(served.ended(Duration::from_secs(10)), Some(0));
}

#[test]
fn nobody_who_holds_a_connection_keeps_a_server_from_ending() {
    let deployment = Deployment::in_file("ending-held", "end_seconds = 1");
    let mut served = deployment.start();
    let _says_nothing = served.connect();
    let mut says_half_a_head = served.connect();
    says_half_a_head.send("POST /v1/decide HTTP/1.1\r\nHost: ").unwrap();
    let mut says_half_a_body = served.connect();
    let head = says_half_a_body.head("POST", "/v1/decide");
    says_half_a_body.send(&format!("{head}Content-Length: 100\r\n\r\n{{")).unwrap();
    served.tell_to_end();
    assert_eq!(served.ended(Duration::from_secs(10)), Some(0));
    assert_eq!(deployment.n_leases(), 0);
}

/// The steps of docs/reference/serving.md.
#[test]
fn one_server_takes_over_from_another_without_a_question_unanswered() {
    let Some(postgresql) = Postgresql::start("upgrade") else { return };
    postgresql.make_database("ledger");
    let deployment = Deployment::over("ending-upgrade", &postgresql.address("ledger"), "linger_seconds = 1");
    let mut old = deployment.start();
    assert!(old.connect().decide().unwrap().body.contains("\"permitted\":true"));
    let new = deployment.start();
    assert!(new.connect().decide().unwrap().body.contains("\"permitted\":true"));
    let withdrawal =
        json!({"item": "partner_sharing", "act": "withdraw", "channel": "web", "acknowledge": "enforced"});
    thread::scope(|scope| {
        let asked = scope.spawn(|| ask_on(&old));
        let answer =
            old.connect().ask("POST", "/v1/principals/p0/consents", &withdrawal.to_string()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("\"acknowledged\":\"enforced\""), "{}", answer.body);
        assert!(new.connect().decide().unwrap().body.contains("\"permitted\":false"));
        let told = Instant::now();
        old.tell_to_end();
        let asked = asked.join().unwrap();
        for one in asked.iter().filter(|one| one.sent < told + Duration::from_secs(1)) {
            assert!(one.answer.is_ok(), "{:?}", one.answer);
        }
    });
    assert_eq!(old.ended(Duration::from_secs(10)), Some(0));
    let answer = new.connect().decide().unwrap();
    assert!(answer.status == 200 && answer.body.contains("\"permitted\":false"), "{}", answer.body);
}
