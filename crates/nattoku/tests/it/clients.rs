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

#[test]
fn two_thousand_idle_connections_keep_nobody_from_an_answer() {
    let count = 2_000;
    let deployment = Deployment::in_file("clients-many", "");
    // Started before the test raises its own limit: the server sees to its own.
    let served = deployment.start();
    if !may_open(count + 500) {
        eprintln!("SKIPPED: the system lets a program open too few files for {count} connections");
        return;
    }
    let idle: Vec<Client> = (0..count).map(|_| served.connect()).collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..50 {
        let began = Instant::now();
        let answer = served.connect().decide().unwrap();
        assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    drop(idle);
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
fn may_open(count: u64) -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised =
        Rlimit { current: Some(limit.current.unwrap_or(u64::MAX).max(count)), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).is_ok()
}
