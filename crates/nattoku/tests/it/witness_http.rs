//! A witness that logs ask over HTTP, as C2SP tlog-witness has it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::log::Given;

/// A witness that is being served; it ends with the test.
struct Served {
    process: Child,
    host: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer: its status, the kind of its body, its body.
type Answer = (u16, String, String);

impl Served {
    fn start(given: &Given) -> Self {
        let mut command = given.command(&["ledger", "witness", "--serve", "127.0.0.1:0", "--format", "json"]);
        command.args(["--key", "w.key", "--log", "log.key.pub", "--state", "witnessed"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let announced: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = announced["url"].as_str().unwrap();
        let host = url.strip_prefix("http://").and_then(|url| url.strip_suffix("/add-checkpoint")).unwrap();
        Self { host: host.to_owned(), process }
    }

    fn ask(&self, method: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let (host, length) = (&self.host, body.len());
        let head = format!(
            "{method} /add-checkpoint HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        // A body that is refused unread may close the connection before it is sent.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let kind = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        (status, kind.map_or_else(String::new, |(_, kind)| kind.to_owned()), body.to_owned())
    }

    fn post(&self, body: &str) -> Answer {
        self.ask("POST", body.as_bytes())
    }
}

/// The request that a log makes, which has told what it has signed.
fn request(given: &Given, old: &str) -> String {
    given.said(&["ledger", "prove", "consistency", old, "--checkpoint", "log.key.checkpoint"])
}

#[test]
fn a_witness_answers_over_http_and_refuses_a_fork() {
    let given = Given::new("witness-http");
    given.said(&["ledger", "key", "new", "log.key"]);
    given.said(&["ledger", "key", "new", "w.key", "--for", "witness", "--name", "witness.example/w1"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    given.copy("ledger.sqlite", "backup.sqlite");
    let served = Served::start(&given);
    let (text, size) = ("text/plain; charset=utf-8", "text/x.tlog.size");

    let first = request(&given, "0");
    let (status, kind, lines) = served.post(&first);
    assert_eq!((status, kind.as_str()), (200, text), "{lines}");
    assert!(lines.starts_with("— witness.example/w1 ") && lines.ends_with('\n'), "{lines}");
    given.write("lines", &lines);
    let add = ["ledger", "checkpoint", "--key", "log.key", "--add", "lines", "--witness", "w.key.pub"];
    assert!(given.said(&add).contains("— witness.example/w1 "), "the lines verify");

    given.grow("offers");
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let (eight, nine) = ("8\n".to_owned(), "9\n".to_owned());
    assert_eq!(served.post(&request(&given, "0")), (409, size.to_owned(), eight), "it tells from where");
    let second = request(&given, "8");
    let wrong = second.replacen("old 8\n", "old 8\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 1);
    assert_eq!(served.post(&wrong).0, 422);
    assert_eq!(served.post(&second.replacen("\n9\n", "\n10\n", 1)).0, 403, "nobody signed that");
    assert_eq!(served.post(&second).0, 200);

    // The operator goes back, and signs another history where the first is forgotten.
    given.copy("backup.sqlite", "ledger.sqlite");
    given.grow("offers");
    std::fs::remove_file(given.folder.join("log.key.checkpoint")).unwrap();
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(served.post(&request(&given, "9")), (409, size.to_owned(), nine), "the log has forked");
    given.grow("surveys");
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(served.post(&request(&given, "9")).0, 422, "and what is built on the fork continues nothing");

    let stranger = second.replacen("nattoku.invalid/", "stranger.invalid/", 1);
    assert_eq!(served.post(&stranger).0, 404);
    let (status, kind, why) = served.post("old x\n");
    assert_eq!((status, kind.as_str()), (400, text), "{why}");
    assert_eq!(served.post(&second.replacen("old 8", "old 10", 1)).0, 400);
    assert_eq!(served.ask("GET", b"").0, 405);
}
