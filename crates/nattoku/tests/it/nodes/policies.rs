//! Policies that are put in force while principals withdraw, as far as several servers promise something of it that have their policy from
//! a folder: each answer is of one policy and of one state (G4), what is withdrawn stays withdrawn, and all come to the policy that the
//! folder has. At which revision each of them does is not promised (`docs/design/lease.md`).

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nattoku_testkit::postgresql::Postgresql;

use super::deployment::Deployment;
use super::history::Moment;
use super::server::Node;
use crate::folders::copy_of_carrier;

const PRINCIPALS: usize = 24;

/// What a server answered to a question.
struct Answered {
    server: usize,
    principal: usize,
    sent: Moment,
    digest: String,
    revision: u64,
    permitted: bool,
    /// Whether it denies for want of a lease.
    stale: bool,
}

/// A withdrawal that was answered `enforced`.
struct Withdrawn {
    principal: usize,
    revision: u64,
    answered: Moment,
}

fn ask(nodes: &[Node], server: usize, principal: usize) -> Answered {
    let sent = Moment::now();
    let answer = nodes[server].decide(principal, None);
    Answered {
        server,
        principal,
        sent,
        digest: answer["policy_digest"].as_str().unwrap().to_owned(),
        revision: answer["revision"].as_u64().unwrap(),
        permitted: answer["permitted"].as_bool().unwrap(),
        stale: answer["reason"]["reason"] == "stale",
    }
}

/// Puts a policy into the folder, and gives its digest once every server answers by it.
fn put_in_force(nodes: &[Node], (file, text): (&Path, &str), before: &str) -> String {
    std::fs::write(file, text).unwrap();
    let digests = (0..nodes.len()).map(|server| {
        for _ in 0..1_000 {
            let digest = ask(nodes, server, 0).digest;
            if digest != before {
                return digest;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("server {server} never takes the policy");
    });
    let digests: Vec<String> = digests.collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    digests.into_iter().next().unwrap()
}

/// By the first policy the wording to which all have agreed counts, by the second it does not: nobody is permitted.
#[test]
fn each_answer_is_of_one_policy_and_one_state_while_both_change() {
    let Some(server) = Postgresql::start("nodes-policies") else { return };
    let policy = copy_of_carrier("nodes-policies-policy", |name| name != "tests.kdl");
    let deployment = Deployment::under(&policy, server, "nodes-policies", PRINCIPALS);
    let file = policy.join("provisions.kdl");
    let lenient = std::fs::read_to_string(&file).unwrap();
    let strict = lenient.replacen(
        "basis consent=partner_sharing\n",
        "basis consent=partner_sharing accepts=\"2\"\n",
        1,
    );
    assert_ne!(lenient, strict);
    let nodes = [(); 3].map(|()| deployment.start());
    let by_lenient = ask(&nodes, 0, 0).digest;

    let (answers, withdrawals) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let is_over = AtomicBool::new(false);
    let by_strict = thread::scope(|scope| {
        for server in 0..nodes.len() {
            let (nodes, answers, is_over) = (&nodes, &answers, &is_over);
            scope.spawn(move || {
                for n in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let answered = ask(nodes, server, n % PRINCIPALS);
                    answers.lock().unwrap().push(answered);
                }
            });
        }
        let withdraws = scope.spawn(|| {
            for principal in 0..PRINCIPALS {
                let answer = nodes[principal % nodes.len()].withdraw(principal, "enforced");
                assert_eq!(answer["acknowledged"], "enforced", "{answer}");
                let revision = answer["revision"].as_u64().unwrap();
                withdrawals.lock().unwrap().push(Withdrawn { principal, revision, answered: Moment::now() });
                // So that withdrawals come before, between and after the changes of the policy.
                thread::sleep(Duration::from_millis(150));
            }
        });
        let by_strict = put_in_force(&nodes, (&file, &strict), &by_lenient);
        assert_eq!(put_in_force(&nodes, (&file, &lenient), &by_strict), by_lenient);
        assert_eq!(put_in_force(&nodes, (&file, &strict), &by_lenient), by_strict);
        withdraws.join().unwrap();
        is_over.store(true, Ordering::Relaxed);
        by_strict
    });

    let (answers, withdrawals) = (answers.into_inner().unwrap(), withdrawals.into_inner().unwrap());
    let mut seen = [[0; 3]; 2];
    for answered in &answers {
        let Answered { server, principal, sent, digest, revision, permitted, stale } = answered;
        let withdrawn = withdrawals.iter().find(|withdrawn| withdrawn.principal == *principal).unwrap();
        let is_permitted = *digest == by_lenient && *revision < withdrawn.revision;
        assert_eq!(
            *permitted,
            is_permitted && !stale,
            "{principal} at {revision} by {digest} at server {server}"
        );
        assert!(!permitted || *sent <= withdrawn.answered, "{principal} after the withdrawal was enforced");
        assert!([&by_lenient, &by_strict].contains(&digest), "{digest} is of neither policy");
        seen[usize::from(*digest == by_strict)][*server] += 1;
    }
    assert!(seen.as_flattened().iter().all(|answers| *answers > 0), "{seen:?}");
    assert!(answers.iter().any(|answered| answered.permitted));
}
