//! Events that are sent by servers over one database, as commands say to whom.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::nodes::deployment;
use crate::nodes::server::Node;

/// A receiver that keeps what it is sent.
struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let keeps = Arc::clone(&got);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keeps = Arc::clone(&keeps);
                thread::spawn(move || {
                    while let Some(event) = receive(&stream) {
                        keeps.lock().unwrap().push(event);
                        let answered = (&stream).write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                        if answered.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, got }
    }

    /// What was sent, once there is so much of it.
    fn await_sent(&self, count: usize) -> Vec<Value> {
        for _ in 0..6_000 {
            let got = self.got.lock().unwrap().clone();
            if got.len() >= count {
                return got;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("only {:?}", self.got.lock().unwrap());
    }
}

/// The next request's body.
fn receive(stream: &TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(told) = line.strip_prefix("content-length: ") {
            length = told.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

#[test]
fn of_two_servers_one_sends_and_the_other_goes_on_when_it_ends() {
    let Some(deployment) = deployment("subscriptions", 6) else { return };
    let receiver = Receiver::start();
    let added = deployment.run(&[
        "subscription",
        "add",
        "crm",
        "--url",
        &receiver.url,
        "--event",
        "consent_withdrawn",
        "--format",
        "json",
    ]);
    let added: Value = serde_json::from_str(&added).unwrap();
    assert!(added["secret"].as_str().unwrap().starts_with("whsec_"), "{added}");
    let nodes: Vec<Node> = (0..2).map(|_| deployment.start()).collect();
    for principal in 0..4 {
        nodes[principal % 2].withdraw(principal, "durable");
    }
    let sent = receiver.await_sent(4);
    let subjects: Vec<&str> = sent.iter().map(|event| event["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["p0", "p1", "p2", "p3"]);
    assert!(sent.iter().all(|event| event["type"] == "nattoku.consent_withdrawn.v1"));

    let listed: Value =
        serde_json::from_str(&deployment.run(&["subscription", "list", "--format", "json"])).unwrap();
    assert_eq!((&listed["subscription"], &listed["dead"]), (&added["subscription"], &Value::from(0)));
    assert!(!listed.to_string().contains("whsec"), "a secret is shown once");
    deployment.run(&["subscription", "pause", "crm"]);
    nodes[0].withdraw(4, "durable");
    nodes[1].withdraw(5, "durable");
    // Whichever of the two has sent so far, the one that is left goes on.
    nodes[0].end();
    deployment.run(&["subscription", "resume", "crm"]);
    let sent = receiver.await_sent(6);
    assert_eq!(sent.len(), 6, "each event is sent once");
    assert_eq!((&sent[4]["subject"], &sent[5]["subject"]), (&Value::from("p4"), &Value::from("p5")));
}

#[test]
fn a_subscription_that_cannot_be_is_refused_with_what_to_do() {
    let Some(deployment) = deployment("subscriptions-refused", 1) else { return };
    let add = |more: &[&str]| deployment.refused(&[&["subscription", "add"], more].concat());
    let url = "https://crm.example.jp/hooks";
    for (asked, told) in [
        (["crm", "--url", "http://crm.example.jp/"].as_slice(), "https"),
        (&["crm", "--url", "https://user:word@crm.example.jp/"], "leave the user"),
        (&["crm", "--url", url, "--event", "consent_withdrawm"], "consent_withdrawn"),
        (&["c r m", "--url", url], "letters, digits"),
        (&["crm", "--url", url, "--from", "99999"], "goes to revision 4"),
    ] {
        let error = add(asked);
        assert!(error.contains(told), "{asked:?}: {error}");
        assert!(!error.contains("word@"), "{error}");
    }
    deployment.run(&["subscription", "add", "crm", "--url", url]);
    assert!(add(&["crm", "--url", url]).contains("already"));
    assert!(deployment.refused(&["subscription", "pause", "crn"]).contains("did you mean `crm`?"));
    assert!(
        deployment
            .refused(&["subscription", "replay", "crm", "--from", "99"])
            .contains("has come to revision 4")
    );
    deployment.run(&["subscription", "replay", "crm", "--from", "0"]);
    assert_eq!(deployment.run(&["subscription", "dead", "crm"]), "");
    deployment.run(&["subscription", "remove", "crm"]);
    assert_eq!(deployment.run(&["subscription", "list", "--format", "json"]), "");
}
