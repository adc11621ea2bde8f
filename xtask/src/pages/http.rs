//! As much of HTTP as finding pages needs: a GET to this machine.
//!
//! HTTP/1.0 is asked for, so that an answer comes whole, without chunks, and ends with the connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::steps::{Failure, Outcome};

const TIMEOUT: Duration = Duration::from_secs(20);

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// The values of a header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_page(&self) -> bool {
        self.status == 200 && self.header("content-type").any(|kind| kind.starts_with("text/html"))
    }
}

/// A session: the cookie as `name=value`, and the path of the page one lands on.
pub(crate) struct Entry {
    pub(crate) cookie: String,
    pub(crate) landing: String,
}

/// Follows a sign-in link as a browser does and keeps the cookie it is given.
pub(crate) fn sign_in(link: &str) -> Outcome<Entry> {
    let (origin, path) = split(link)?;
    let answer = get(&origin, &path, None)?;
    let cookie = answer.header("set-cookie").find_map(|value| {
        let pair = value.split(';').next().unwrap_or(value).trim();
        pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()).then(|| pair.to_owned())
    });
    let cookie = cookie.ok_or_else(|| {
        Failure::new(format!("the sign-in link answered {} without a session cookie", answer.status))
    })?;
    let landing = answer.header("location").next().unwrap_or(&path);
    let landing = landing.strip_prefix(origin.as_str()).unwrap_or(landing).to_owned();
    Ok(Entry { cookie, landing })
}

/// Asks `origin` for `path`, signed in by `cookie` where one is given.
pub(crate) fn get(origin: &str, path: &str, cookie: Option<&str>) -> Outcome<Answer> {
    let said = |error: std::io::Error| Failure::new(format!("GET {origin}{path}: {error}"));
    let host = origin.strip_prefix("http://").unwrap_or(origin);
    let mut stream = TcpStream::connect(host).map_err(said)?;
    stream.set_read_timeout(Some(TIMEOUT)).map_err(said)?;
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\n{cookie}\r\n");
    stream.write_all(request.as_bytes()).map_err(said)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(said)?;
    parse(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| Failure::new(format!("GET {origin}{path}: the answer is not HTTP")))
}

/// Splits an address into its origin and its path.
pub(crate) fn split(address: &str) -> Outcome<(String, String)> {
    let rest = address.strip_prefix("http://");
    let rest = rest.ok_or_else(|| Failure::new(format!("not an http address: {address}")))?;
    let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    Ok((format!("http://{host}"), if path.is_empty() { "/".to_owned() } else { path.to_owned() }))
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Answer { status, headers, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_parsed() {
        let answer =
            parse("HTTP/1.0 303 See Other\r\nSet-Cookie: sid=a; Path=/\r\nLOCATION: /ja/my\r\n\r\nx")
                .unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (303, "x"));
        assert_eq!(answer.header("location").next(), Some("/ja/my"));
        assert!(!answer.is_page());
        assert!(parse("nothing").is_none());
    }

    #[test]
    fn an_address_is_split() {
        let parts = |address: &str| split(address).unwrap();
        assert_eq!(parts("http://127.0.0.1:9/a?b=c"), ("http://127.0.0.1:9".to_owned(), "/a?b=c".to_owned()));
        assert_eq!(parts("http://127.0.0.1:9").1, "/");
        assert!(split("https://a/").is_err());
    }
}
