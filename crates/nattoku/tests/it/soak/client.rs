//! Calls over one connection that is kept, as programs have them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks one server, under one token.
pub(super) struct Client<'a> {
    host: &'a str,
    token: &'a str,
    connection: Option<BufReader<TcpStream>>,
}

/// What was answered, and when it was asked.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) sent: Instant,
}

/// A call to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) key: Option<&'a str>,
    pub(super) body: &'a str,
}

impl<'a> Call<'a> {
    pub(super) const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, key: None, body: "" }
    }

    pub(super) const fn post(path: &'a str, body: &'a str) -> Self {
        Self { method: "POST", path, key: None, body }
    }
}

impl<'a> Client<'a> {
    pub(super) const fn new(host: &'a str, token: &'a str) -> Self {
        Self { host, token, connection: None }
    }

    /// Sends a call, and reads the answer; nothing where the connection breaks off, or it takes too long.
    pub(super) fn call(&mut self, call: Call<'_>) -> Option<Answered> {
        let sent = Instant::now();
        let answered = self.send(call).and_then(|()| self.receive());
        if answered.is_none() {
            self.connection = None;
        }
        let (status, body) = answered?;
        Some(Answered { status, body, sent })
    }

    /// Sends a call, and goes away before it is answered.
    pub(super) fn call_and_go_away(&mut self, call: Call<'_>) {
        let _ = self.send(call);
        self.connection = None;
    }

    fn send(&mut self, call: Call<'_>) -> Option<()> {
        let Call { method, path, key, body } = call;
        let (host, token) = (self.host, self.token);
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                let stream = TcpStream::connect(host).ok()?;
                stream.set_nodelay(true).ok()?;
                stream.set_read_timeout(Some(PATIENCE)).ok()?;
                none.insert(BufReader::new(stream))
            }
        };
        let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\n{key}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.get_mut().write_all(request.as_bytes()).ok()
    }

    fn receive(&mut self) -> Option<(u16, Value)> {
        let connection = self.connection.as_mut()?;
        let mut line = String::new();
        connection.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let (mut length, mut closes) = (0, false);
        loop {
            line.clear();
            connection.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok()?,
                "connection" => closes = value.trim().eq_ignore_ascii_case("close"),
                "transfer-encoding" => panic!("an answer of unknown length: {line}"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).ok()?;
        if closes {
            self.connection = None;
        }
        // What is no JSON is told as a text.
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body)));
        Some((status, body))
    }
}
