//! For tests: a server on this machine that answers as badly as it is told to, which no real issuer does.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

/// Its address, once it answers. What it has no answer for is never answered.
pub(crate) fn answering(answers: impl FnOnce(&str) -> Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answers: HashMap<&str, String> = answers(&address).into_iter().collect();
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).unwrap_or(0) > 0 {}
            let path = head.split(' ').nth(1).unwrap_or_default();
            match answers.get(path) {
                // Whoever has heard enough goes away.
                Some(answer) => drop(stream.get_mut().write_all(answer.as_bytes())),
                None => held.push(stream),
            }
        }
    });
    address
}

/// An answer with JSON.
pub(crate) fn json(body: &serde_json::Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// An answer of a status and nothing else.
pub(crate) fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}
