//! Clients that are slow, and clients that are many, keep a server from nothing.

use std::thread;
use std::time::{Duration, Instant};

use crate::served::{Client, Deployment, question};

#[test]
fn a_client_that_is_slow_is_given_up() {
    let deployment = Deployment::in_file("clients-slow", "idle_seconds = 1\nbody_seconds = 2");
    let served = deployment.start();
    let (mut half_a_head, mut says_nothing) = (served.connect(), served.connect());
    half_a_head.send("POST /v1/decide HTTP/1.1\r\nHost: ").unwrap();
    // A byte of its body comes now and again, so that it never falls silent.
    let mut drips = served.connect();
    let head = drips.head("POST", "/v1/decide");
    drips.send(&format!("{head}Content-Length: 1000\r\n\r\n")).unwrap();
    let (began, mut sent) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(6) && drips.send("{").is_ok() {
        sent += 1;
        thread::sleep(Duration::from_millis(200));
        assert_eq!(served.connect().decide().unwrap().status, 200, "others are answered");
    }
    assert!(sent >= 5, "it was given up after {sent} bytes");
    assert!(began.elapsed() < Duration::from_secs(6), "it is listened to for ever");
    for client in [&mut half_a_head, &mut says_nothing] {
        assert!(client.is_closed_within(Duration::from_secs(5)));
    }
}

/// Most memory that a connection may take on which nothing happens.
#[cfg(target_os = "linux")]
const IDLE_BYTES_MAX: u64 = 32 * 1024;

#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_idle_connections_keep_nobody_from_an_answer() {
    let count: u32 = 10_000;
    let deployment = Deployment::in_file("clients-many", "connections_max = 10_100\nidle_seconds = 600");
    // Started before the test raises its own limit: the server sees to its own.
    let served = deployment.start();
    if !may_open(u64::from(count) + 500) {
        assert!(std::env::var_os("NATTOKU_INSTALLED").is_none(), "a program may open too few files");
        eprintln!("SKIPPED: the system lets a program open too few files for {count} connections");
        return;
    }
    served.connect().decide().unwrap();
    let before = served.resident();
    let mut idle: Vec<Client> = Vec::new();
    for number in 0..count {
        let mut client = served.connect();
        // Half of them have asked something before they fell silent.
        if number % 2 == 0 {
            assert_eq!(client.ask("GET", "/healthz", "").unwrap().status, 200);
        }
        idle.push(client);
    }
    while served.n_files() < 10_000 {
        thread::sleep(Duration::from_millis(10));
    }
    let each = served.resident().saturating_sub(before) / u64::from(count);
    eprintln!("{each} bytes of memory a connection");
    assert!(each <= IDLE_BYTES_MAX, "{each} bytes of memory a connection");
    let mut slowest = Duration::ZERO;
    for _ in 0..50 {
        let began = Instant::now();
        let answer = served.connect().decide().unwrap();
        assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    // Those who were silent are answered as well.
    for client in idle.iter_mut().step_by(1_000) {
        assert_eq!(client.decide().unwrap().status, 200);
    }
    drop(idle);
}

/// Thousands come and go, in the midst of whatever they were about.
#[cfg(target_os = "linux")]
#[test]
fn a_flood_of_clients_that_break_off_keeps_nobody_from_an_answer() {
    let deployment = Deployment::in_file("clients-flood", "connections_max = 500");
    let served = deployment.start();
    served.connect().decide().unwrap();
    let (files, memory) = (served.n_files(), served.resident());
    let floods: Vec<_> = (0..4)
        .map(|kind| {
            let door = served.door();
            thread::spawn(move || {
                for _ in 0..1_500 {
                    let Ok(mut client) = door.connect() else { continue };
                    let head = client.head("POST", "/v1/decide");
                    let body = question();
                    let _ = match kind {
                        0 => Ok(()),
                        1 => client.send(&head),
                        2 => client.send(&format!("{head}Content-Length: 1000\r\n\r\n{{")),
                        // The answer comes to somebody who is gone.
                        _ => client.send(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())),
                    };
                }
            })
        })
        .collect();
    let mut answered = 0;
    while floods.iter().any(|flood| !flood.is_finished()) {
        let answer = served.connect().decide().unwrap();
        assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
        answered += 1;
    }
    assert!(answered > 10, "{answered} answers");
    for flood in floods {
        flood.join().unwrap();
    }
    // Nothing of them is left.
    let began = Instant::now();
    while served.n_files() > files + 5 {
        assert!(began.elapsed() < Duration::from_secs(30), "{} files are open", served.n_files());
        thread::sleep(Duration::from_millis(50));
    }
    assert!(served.resident() < memory + (64 << 20), "it grew by {} bytes", served.resident() - memory);
}

/// A body that is larger than any may be is refused, and neither read to its end nor kept.
#[cfg(target_os = "linux")]
#[test]
fn a_huge_body_is_refused_however_it_is_sent() {
    let deployment = Deployment::in_file("clients-huge", "");
    let served = deployment.start();
    served.connect().decide().unwrap();
    let memory = served.resident();
    // Told at the beginning: refused before any of it has come.
    let mut told = served.connect();
    let head = told.head("POST", "/v1/decide");
    told.send(&format!("{head}Content-Length: 100000000000\r\n\r\n{{")).unwrap();
    assert_eq!(told.answer().unwrap().status, 413);
    // Told by nothing, in parts, and without an end.
    let mut parts = served.connect();
    parts.send(&format!("{head}Transfer-Encoding: chunked\r\n\r\n")).unwrap();
    let part = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    let mut sent = 0_u64;
    while sent < (1 << 30) && parts.send(&part).is_ok() {
        sent += 0x1_0000;
    }
    assert!(sent < (128 << 20), "{sent} bytes were taken");
    // A form of a page is smaller still.
    let mut form = served.connect();
    form.send("POST /en/sign-out HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000000000\r\n\r\na=b").unwrap();
    assert!(form.answer().is_ok_and(|answer| answer.status < 500));
    // In parts is as good as whole where it is as small as it may be.
    let (mut small, body) = (served.connect(), question());
    let (first, second) = body.split_at(20);
    let chunked = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    small
        .send(&format!(
            "{head}Transfer-Encoding: chunked\r\n\r\n{}{}0\r\n\r\n",
            chunked(first),
            chunked(second)
        ))
        .unwrap();
    let answer = small.answer().unwrap();
    assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
    assert!(served.resident() < memory + (64 << 20), "it grew by {} bytes", served.resident() - memory);
}

#[test]
fn beyond_the_bound_a_client_waits_for_another_to_go() {
    let deployment = Deployment::in_file("clients-bound", "connections_max = 8");
    let served = deployment.start();
    let mut held: Vec<Client> = (0..8).map(|_| served.connect()).collect();
    for client in &mut held {
        assert_eq!(client.decide().unwrap().status, 200);
    }
    let mut waits = served.connect();
    let body = question();
    let head = waits.head("POST", "/v1/decide");
    waits.send(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).unwrap();
    waits.stream.get_ref().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(waits.answer().is_err(), "a ninth connection was served");
    drop(held.pop());
    waits.stream.get_ref().set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(waits.answer().unwrap().status, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_reads_nothing_is_given_up() {
    let deployment = Deployment::in_file("clients-deaf", "connections_max = 1\nidle_seconds = 2");
    let served = deployment.start();
    let mut deaf = served.connect();
    // Answers of more bytes than the system keeps for a client that does not take them.
    let one = format!("{}\r\n", deaf.head("GET", "/openapi.json"));
    deaf.send(&one.repeat(1_000)).unwrap();
    let began = Instant::now();
    let mut other = served.connect();
    other.stream.get_ref().set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    assert_eq!(other.decide().unwrap().status, 200, "after {:?}", began.elapsed());
}

/// Has the system let this test open so many files, where it will.
#[cfg(target_os = "linux")]
fn may_open(count: u64) -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised =
        Rlimit { current: Some(limit.current.unwrap_or(u64::MAX).max(count)), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).is_ok()
}
