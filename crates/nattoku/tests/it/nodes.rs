//! Several servers over one database: what is withdrawn at one of them is respected by all (G1 to G3), while servers are stopped, paused,
//! killed and cut off from the database.
//!
//! A history is kept of what was asked and answered, with when it was sent and received on one clock, and looked through at the end: no
//! question that was sent after a withdrawal was answered `enforced` is permitted, whichever server is asked.

mod broken;
pub(crate) mod deployment;
mod history;
mod network;
mod policies;
pub(crate) mod server;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nattoku_testkit::postgresql::Postgresql;
use serde_json::json;

use deployment::Deployment;
use history::{History, Moment, Withdrawn};
use network::Network;
use server::{Node, Place};

/// The bound within which what is answered `durable` is respected (S): lease and drift.
const BOUND: Duration = Duration::from_millis(2_100);

/// How many withdrawals are made, unless `NATTOKU_WITHDRAWALS` says otherwise.
fn withdrawals() -> usize {
    std::env::var("NATTOKU_WITHDRAWALS").ok().map_or(30, |n| n.parse().expect("a number of withdrawals"))
}

pub(crate) fn deployment(name: &str, principals: usize) -> Option<Deployment> {
    let server = Postgresql::start(name)?;
    Some(Deployment::new(server, name, principals))
}

#[test]
fn what_is_withdrawn_at_one_server_is_denied_by_all_from_its_answer_on() {
    let count = withdrawals();
    let Some(deployment) = deployment("nodes-healthy", count) else { return };
    let nodes = [(); 3].map(|()| deployment.start());
    let mut took = Vec::new();
    for principal in 0..count {
        assert!(nodes.iter().all(|node| node.permits(principal)), "all had agreed");
        let began = Instant::now();
        // Twice at each: who writes after somebody else has to wait for their turn.
        let answer = nodes[principal / 2 % 3].withdraw(principal, "enforced");
        took.push(began.elapsed());
        assert_eq!(answer["acknowledged"], "enforced", "{answer}");
        assert!(!nodes.iter().any(|node| node.permits(principal)), "principal {principal}");
    }
    took.sort_unstable();
    let of = |hundredths: usize| took[(took.len() - 1) * hundredths / 100];
    eprintln!(
        "of {count} withdrawals half were enforced in {:?}, 99 of 100 in {:?}, all in {:?}",
        of(50),
        of(99),
        of(100)
    );
}

#[test]
fn a_server_that_was_paused_permits_nothing_by_what_it_knew() {
    let Some(deployment) = deployment("nodes-paused", 8) else { return };
    let [one, other] = [(); 2].map(|()| deployment.start());
    for principal in 0..8 {
        assert!(other.permits(principal));
        other.pause();
        let began = Instant::now();
        let answer = one.withdraw(principal, "enforced");
        // The one that was paused could not tell that it had heard of it: its lease had to run out.
        assert_eq!(answer["acknowledged"], "enforced", "{answer}");
        assert!(began.elapsed() > Duration::from_millis(500), "{:?}", began.elapsed());
        // A question waits in its socket, and is read as soon as it goes on.
        let asked = thread::scope(|scope| {
            let asked = scope.spawn(|| other.permits(principal));
            thread::sleep(Duration::from_millis(50));
            other.go_on();
            asked.join().unwrap()
        });
        assert!(!asked, "principal {principal}");
        other.await_readiness();
    }
}

#[test]
fn a_question_with_the_revision_of_a_write_sees_it_at_every_server() {
    let Some(deployment) = deployment("nodes-revisions", 20) else { return };
    let nodes = [(); 2].map(|()| deployment.start());
    for principal in 0..20 {
        let answer = nodes[0].withdraw(principal, "durable");
        let revision = answer["revision"].as_u64().unwrap();
        let decided = nodes[1].decide(principal, Some(revision));
        assert!(decided["revision"].as_u64().unwrap() >= revision, "{decided}");
        assert_eq!(decided["permitted"], false, "{decided}");
    }
    let ahead = nodes[1].post("/v1/decide", &nodes[1].question(0, Some(u64::MAX >> 1)));
    assert_eq!((ahead.status, ahead.body["type"].as_str()), (503, Some("urn:nattoku:problem:behind")));
}

/// How many servers listen.
const LISTENING: &str = "select count(*) from pg_stat_activity where application_name = 'nattoku listening'";
const DEAFEN: &str = "select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity
    where application_name = 'nattoku listening'";

/// Asks until the answer is the one that is awaited.
fn await_answer(deployment: &Deployment, sql: &str, awaited: &str) {
    for _ in 0..3_000 {
        if deployment.ask_database(sql) == awaited {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{sql} never answers {awaited}");
}

#[test]
fn servers_that_hear_nothing_more_follow_all_the_same_and_listen_again() {
    let Some(deployment) = deployment("nodes-deaf", 9) else { return };
    let nodes = [(); 2].map(|()| deployment.start());
    for round in 0..3 {
        await_answer(&deployment, LISTENING, "2");
        for (node, other) in [(0, 1), (1, 0)] {
            let principal = round * 3 + node;
            assert!(nodes[other].permits(principal));
            assert_eq!(nodes[node].withdraw(principal, "enforced")["acknowledged"], "enforced");
            assert!(!nodes[other].permits(principal));
        }
        assert_eq!(deployment.ask_database(DEAFEN), "2");
        let deaf = round * 3 + 2;
        assert_eq!(nodes[0].withdraw(deaf, "enforced")["acknowledged"], "enforced");
        assert!(!nodes[1].permits(deaf));
    }
    for node in &nodes {
        // Each took in what was written at the other.
        assert!(node.figure("nattoku_taking_in_seconds_count") >= 3.0);
    }
}

#[test]
fn servers_that_are_killed_and_paused_break_no_promise() {
    let count = withdrawals();
    let Some(deployment) = deployment("nodes-faults", count) else { return };
    let nodes: Vec<Node> = (0..3).map(|_| deployment.start()).collect();
    hold_to_promises(&nodes, count, &|round| {
        let node = &nodes[round % nodes.len()];
        if round % 2 == 0 { pause(node, round % 4 == 0) } else { kill(node) }
    });
}

/// The link between a server and the database is cut, and nobody is told: what either sends is lost.
#[test]
fn servers_that_are_cut_off_from_the_database_break_no_promise() {
    let count = withdrawals();
    let Some(network) = Network::new(3) else { return };
    let Some(server) = network.database("nodes-network") else { return };
    let deployment = Deployment::new(server, "nodes-network", count);
    let place =
        |node| Place { namespace: Some(network.name(node).to_owned()), store: Some(Network::store(node)) };
    let nodes: Vec<Node> =
        (0..3).map(|node| deployment.start_at(place(node), &Network::listen(node))).collect();
    hold_to_promises(&nodes, count, &|round| {
        let node = &nodes[round % nodes.len()];
        match round % 4 {
            0 | 2 => {
                network.cut(round % nodes.len());
                thread::sleep(if round % 4 == 0 { SHORT } else { LONG });
                network.mend(round % nodes.len());
            }
            1 => pause(node, round % 8 == 1),
            _ => kill(node),
        }
    });
}

/// Within a lease, and for longer than one lasts.
const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_millis(2_600);

fn pause(node: &Node, is_short: bool) {
    node.pause();
    thread::sleep(if is_short { SHORT } else { LONG });
    node.go_on();
}

fn kill(node: &Node) {
    node.kill();
    node.start_again();
}

/// Ends what the others do where one has found a fault, so that it is told.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.fetch_or(thread::panicking(), Ordering::Relaxed);
    }
}

/// As many withdraw at once, where there is much to withdraw. Most of them wait, for a server that is paused.
const WITHDRAWING_MAX: usize = 256;
/// As many ask each server at once: most wait where it is paused.
const ASKERS: usize = 6;
/// How many of those who have begun to withdraw last are asked about.
const NEWEST: usize = 384;

/// Withdraws for everybody while one server after another is disturbed and all are asked about those who withdraw, and holds the history
/// to what is promised.
fn hold_to_promises(nodes: &[Node], count: usize, disturb: &(dyn Fn(usize) + Sync)) {
    let history = History::default();
    let is_over = AtomicBool::new(false);
    let (begun, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for (node, asker) in nodes.iter().flat_map(|node| (0..ASKERS).map(move |asker| (node, asker))) {
            let (history, is_over, begun) = (&history, &is_over, &begun);
            scope.spawn(move || {
                for n in (asker..).step_by(ASKERS) {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    // Those who have just withdrawn, and those who are about to.
                    let principal =
                        (begun.load(Ordering::Relaxed) + 5 + n * 7 % NEWEST).saturating_sub(NEWEST) % count;
                    let revision = history.revision_of(principal).filter(|_| n % 8 == 0);
                    let sent = Moment::now();
                    match (node.try_permits(principal, revision), revision) {
                        (Some(permitted), None) => history.asked(principal, sent, permitted),
                        (Some(permitted), Some(_)) => history.asked_by_revision(principal, permitted),
                        (None, _) => {}
                    }
                }
            });
        }
        scope.spawn(|| {
            for round in 0.. {
                thread::sleep(Duration::from_millis(300));
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                disturb(round);
            }
        });
        for _ in 0..(count / 10).clamp(1, WITHDRAWING_MAX) {
            let (history, begun, done, is_over) = (&history, &begun, &done, &is_over);
            scope.spawn(move || {
                let _ends = Ends(is_over);
                loop {
                    let principal = begun.fetch_add(1, Ordering::Relaxed);
                    if principal >= count {
                        return;
                    }
                    withdraw_somewhere(nodes, history, principal);
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    if done % 1_000 == 0 {
                        eprintln!("{done} withdrawals");
                    }
                    is_over.fetch_or(done == count, Ordering::Relaxed);
                }
            });
        }
    });
    let counts = history.check(BOUND).unwrap_or_else(|breach| panic!("{breach}"));
    eprintln!("{counts}");
    assert!(counts.asked > count && counts.withdrawn == count);
}

/// Withdraws at whichever server answers, under one name, so that a second try does nothing a second time.
fn withdraw_somewhere(nodes: &[Node], history: &History, principal: usize) {
    for attempt in principal.. {
        let node = &nodes[attempt % nodes.len()];
        let Some(answer) = node.try_withdraw(principal, "enforced") else { continue };
        if answer.status == 200 {
            let revision = answer.body["revision"].as_u64().unwrap();
            let is_enforced = answer.body["acknowledged"] == "enforced";
            history.withdrawn(principal, Withdrawn { answered: Moment::now(), revision, is_enforced });
            return;
        }
        assert!(answer.status >= 500, "{}: {}", answer.status, answer.body);
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_answer_names_what_kept_it() {
    let Some(deployment) = deployment("nodes-names", 1) else { return };
    let node = deployment.start();
    let decided = node.decide(0, None);
    assert_eq!(decided["answered_by"], json!("engine"));
    assert_eq!(decided["permitted"], json!(true));
}
