//! `/ja/my` as fifty people who are signed in view it at once, beside an empty page of the same server.
//!
//! Each of them has a connection of their own and waits for a page before they ask for the next. Every answer has to be the page. The
//! server is a process of its own, so that what counts is its processor time alone.
#![expect(clippy::print_stdout, reason = "it tells where it is, and who is signed in")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use jiff::Timestamp;
use nattoku_store::NewEvent;
use nattoku_web::session::Opened;

use crate::cpu::seconds_of;
use crate::http::server;
use crate::people::People;
use crate::report::{Report, float};

/// The word after which this program is the server that is asked.
pub const SERVE: &str = "serve";

/// How many customers there are.
const PRINCIPALS: u32 = 10_000;
/// How many of them look at their page at once.
const VIEWERS: u32 = 50;
/// The page that is measured, and the one beside it.
const OWN: &str = "/ja/my";
const EMPTY: &str = "/empty-page";
/// A page with nothing on it.
const NOTHING: &str = "<!DOCTYPE html><html lang=\"ja\"><title>-</title></html>";
/// How often both are viewed, in turns; what counts is the best of each.
const ROUNDS: u32 = 3;

/// Serves until whoever started it ends it: tells its address, and then the session of each viewer.
pub fn serve() {
    let people = People::new(1);
    let web = server::web(|_| {
        let of = |number| {
            let recorded = people.get(number).events.into_iter();
            recorded.map(move |told| NewEvent::about(name(number), told.at, told.event))
        };
        (0..PRINCIPALS).flat_map(of).collect()
    });
    let now = web.node.following().standing().nattoku().now();
    let sessions: Vec<String> = (0..VIEWERS).map(|viewer| sign_in(&web, viewer, now)).collect();
    let router = nattoku_web::router(web).merge(Router::new().route(EMPTY, get(|| async { Html(NOTHING) })));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        println!("{}", listener.local_addr().expect("it has an address"));
        for session in &sessions {
            println!("{session}");
        }
        axum::serve(listener, router).await.expect("it serves");
    });
}

fn name(number: u32) -> String {
    format!("c{number:07}")
}

/// A session of somebody who is not erased, one for each viewer.
fn sign_in(web: &nattoku_web::Web, viewer: u32, now: Timestamp) -> String {
    let apart = PRINCIPALS / VIEWERS;
    let opened = (0..apart).find_map(|next| {
        let link = web.sessions.issue_link(&name(viewer * apart + next), now);
        match web.sessions.open(&web.node, &link, now) {
            Ok(Opened::Session(token)) => Some(token),
            _ => None,
        }
    });
    opened.expect("somebody is there")
}

/// Has the page viewed so often, and an empty one as often.
pub fn run(views: u32) {
    let server = Served::start();
    let report = Report::of("pages");
    // Once before: a server that runs has met those who look.
    server.view(EMPTY, VIEWERS);
    server.view(OWN, VIEWERS);
    let (mut empty, mut own) = (server.view(EMPTY, views), server.view(OWN, views));
    for _ in 1..ROUNDS {
        empty = empty.better(server.view(EMPTY, views));
        own = own.better(server.view(OWN, views));
    }
    report.figure("views", float(views), "in a round, each answered with the page");
    report.figure("empty/cpu", empty.cpu_us, "µs of processor time a page");
    report.figure("my/cpu", own.cpu_us, "µs of processor time a page");
    report.figure("my/ratio", own.cpu_us / empty.cpu_us, "times the empty page");
    report.figure("my/rate", own.a_second, "a second");
    report.figure("my/p99", own.p99_ms, "ms");
    report.figure("my/bytes", float(own.bytes), "in a page, not compressed");
}

/// What viewing a page came to.
struct Viewed {
    cpu_us: f64,
    a_second: f64,
    p99_ms: f64,
    bytes: usize,
}

impl Viewed {
    /// The one that cost the server less: what else the machine does makes a page cost more, and never less.
    fn better(self, other: Self) -> Self {
        if self.cpu_us <= other.cpu_us { self } else { other }
    }
}

/// The server, in a process of its own.
struct Served {
    child: Child,
    host: String,
    sessions: Vec<String>,
}

impl Served {
    fn start() -> Self {
        let program = std::env::current_exe().expect("the program knows itself");
        let child = Command::new(program).arg(SERVE).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the server starts");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut lines = lines.map(|line| line.expect("in UTF-8"));
        let host = lines.next().expect("the server tells where it is");
        let sessions = lines.take(VIEWERS as usize).collect();
        Self { child, host, sessions }
    }

    /// Has everybody view a page in turn, so often by all together.
    fn view(&self, page: &str, views: u32) -> Viewed {
        let of_each = views.div_ceil(VIEWERS);
        let (before, began) = (seconds_of(self.child.id()), Instant::now());
        let viewed: Vec<(f64, usize)> = std::thread::scope(|scope| {
            let viewing: Vec<_> = self
                .sessions
                .iter()
                .map(|session| scope.spawn(|| Viewer::connect(&self.host, session).view(page, of_each)))
                .collect();
            viewing
                .into_iter()
                .flat_map(|viewing| viewing.join().expect("every answer is the page"))
                .collect()
        });
        let seconds = began.elapsed().as_secs_f64();
        let cpu = seconds_of(self.child.id()) - before;
        let mut times: Vec<f64> = viewed.iter().map(|(ms, _)| *ms).collect();
        times.sort_by(f64::total_cmp);
        Viewed {
            cpu_us: cpu * 1e6 / float(viewed.len()),
            a_second: float(viewed.len()) / seconds,
            p99_ms: times.get(times.len() * 99 / 100).copied().unwrap_or_default(),
            bytes: viewed.iter().map(|(_, bytes)| *bytes).max().unwrap_or_default(),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who looks at pages over one connection.
struct Viewer<'a> {
    stream: BufReader<TcpStream>,
    host: &'a str,
    session: &'a str,
}

impl<'a> Viewer<'a> {
    fn connect(host: &'a str, session: &'a str) -> Self {
        let stream = TcpStream::connect(host).expect("the server takes connections");
        stream.set_nodelay(true).expect("a socket");
        Self { stream: BufReader::new(stream), host, session }
    }

    /// Views a page so often; gives how long each view took, in milliseconds, and how many bytes the page has.
    fn view(mut self, page: &str, times: u32) -> Vec<(f64, usize)> {
        let Self { host, session, .. } = self;
        let request =
            format!("GET {page} HTTP/1.1\r\nHost: {host}\r\nCookie: nattoku_session={session}\r\n\r\n");
        (0..times)
            .map(|_| {
                let began = Instant::now();
                self.stream.get_mut().write_all(request.as_bytes()).expect("it can be asked");
                let bytes = self.answer();
                (began.elapsed().as_secs_f64() * 1e3, bytes)
            })
            .collect()
    }

    /// Reads an answer, which has to be a page.
    fn answer(&mut self) -> usize {
        let (mut is_first, mut length) = (true, None);
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line).expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if is_first {
                assert!(line.starts_with("HTTP/1.1 200"), "every answer is the page: {line}");
                is_first = false;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length.expect("a page tells its length")];
        self.stream.read_exact(&mut body).expect("a whole page");
        assert!(body.starts_with(b"<!DOCTYPE html>"), "it is a page");
        body.len()
    }
}
