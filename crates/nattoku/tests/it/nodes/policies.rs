//! Policies that are put in force while principals withdraw, at several servers (`docs/design/lease.md`).
//!
//! Where the ledger puts them in force, a revision is one policy and one state, whichever server answers (G4). Where each server has its
//! policy from a folder, each answer is of one policy and of one state, what is withdrawn stays withdrawn, and all come to the policy that
//! the folder has; at which revision each of them does is not promised.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nattoku_testkit::postgresql::Postgresql;
use serde_json::{Value, json};

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

/// Nothing, where the server does not answer, or not now.
fn ask(nodes: &[Node], server: usize, principal: usize) -> Option<Answered> {
    let sent = Moment::now();
    let answer = nodes[server].try_decide(principal)?;
    Some(Answered {
        server,
        principal,
        sent,
        digest: answer["policy_digest"].as_str().unwrap().to_owned(),
        revision: answer["revision"].as_u64().unwrap(),
        permitted: answer["permitted"].as_bool().unwrap(),
        stale: answer["reason"]["reason"] == "stale",
    })
}

/// Puts a policy into the folder, and gives its digest once every server answers by it.
fn put_in_folder(nodes: &[Node], (file, text): (&Path, &str), before: &str) -> String {
    // At once as a whole: without half of its text it is a policy, too.
    let aside = file.with_extension("aside");
    std::fs::write(&aside, text).unwrap();
    std::fs::rename(aside, file).unwrap();
    let digests = (0..nodes.len()).map(|server| {
        for _ in 0..1_000 {
            let digest = ask(nodes, server, 0).unwrap().digest;
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

/// A copy of the reference policy, its file of provisions, and a text for that by which the wording to which all have agreed counts no more.
fn two_policies(name: &str) -> (PathBuf, PathBuf, [String; 2]) {
    let policy = copy_of_carrier(name, |name| name != "tests.kdl");
    let file = policy.join("provisions.kdl");
    let lenient = std::fs::read_to_string(&file).unwrap();
    let strict = lenient.replacen(
        "basis consent=partner_sharing\n",
        "basis consent=partner_sharing accepts=\"2\"\n",
        1,
    );
    assert_ne!(lenient, strict);
    (policy, file, [lenient, strict])
}

/// Sets it when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Asks every server about everybody, and has everybody withdraw at the first two, while `change` puts policies in force.
fn course<T>(nodes: &[Node], change: impl FnOnce() -> T) -> (Vec<Answered>, Vec<Withdrawn>, T) {
    let (answers, withdrawals) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let is_over = AtomicBool::new(false);
    let changed = thread::scope(|scope| {
        // However this ends, nobody asks any more.
        let _ends = Ends(&is_over);
        for server in 0..nodes.len() {
            let (answers, is_over) = (&answers, &is_over);
            scope.spawn(move || {
                for n in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    if let Some(answered) = ask(nodes, server, n % PRINCIPALS) {
                        answers.lock().unwrap().push(answered);
                    }
                }
            });
        }
        let withdraws = scope.spawn(|| {
            for principal in 0..PRINCIPALS {
                let answer = nodes[principal % 2].withdraw(principal, "enforced");
                assert_eq!(answer["acknowledged"], "enforced", "{answer}");
                let revision = answer["revision"].as_u64().unwrap();
                withdrawals.lock().unwrap().push(Withdrawn { principal, revision, answered: Moment::now() });
                // So that withdrawals come before, between and after the changes of the policy.
                thread::sleep(Duration::from_millis(150));
            }
        });
        let changed = change();
        withdraws.join().unwrap();
        changed
    });
    (answers.into_inner().unwrap(), withdrawals.into_inner().unwrap(), changed)
}

/// Holds each answer to the one policy by which something is permitted, and to the withdrawals; gives how often each server answered by
/// each of the two policies.
fn hold(answers: &[Answered], withdrawals: &[Withdrawn], [lenient, strict]: [&str; 2]) -> [[usize; 3]; 2] {
    let mut seen = [[0; 3]; 2];
    for answered in answers {
        let Answered { server, principal, sent, digest, revision, permitted, stale } = answered;
        let withdrawn = withdrawals.iter().find(|withdrawn| withdrawn.principal == *principal).unwrap();
        let is_permitted = digest == lenient && *revision < withdrawn.revision;
        assert_eq!(
            *permitted,
            is_permitted && !stale,
            "{principal} at {revision} by {digest} at server {server}"
        );
        assert!(!permitted || *sent <= withdrawn.answered, "{principal} after the withdrawal was enforced");
        assert!([lenient, strict].contains(&digest.as_str()), "{digest} is of neither policy");
        seen[usize::from(digest == strict)][*server] += 1;
    }
    assert!(answers.iter().any(|answered| answered.permitted));
    seen
}

#[test]
fn each_answer_is_of_one_policy_and_one_state_while_both_change() {
    let Some(server) = Postgresql::start("nodes-policies") else { return };
    let (policy, file, [lenient, strict]) = two_policies("nodes-policies-policy");
    let deployment = Deployment::under(&policy, server, "nodes-policies", PRINCIPALS);
    let nodes = [(); 3].map(|()| deployment.start());
    let by_lenient = ask(&nodes, 0, 0).unwrap().digest;
    let (answers, withdrawals, by_strict) = course(&nodes, || {
        let by_strict = put_in_folder(&nodes, (&file, &strict), &by_lenient);
        assert_eq!(put_in_folder(&nodes, (&file, &lenient), &by_strict), by_lenient);
        assert_eq!(put_in_folder(&nodes, (&file, &strict), &by_lenient), by_strict);
        by_strict
    });
    let seen = hold(&answers, &withdrawals, [&by_lenient, &by_strict]);
    assert!(seen.as_flattened().iter().all(|answers| *answers > 0), "{seen:?}");
}

/// One server is killed meanwhile, and another starts by what the ledger has in force.
#[test]
fn where_the_ledger_puts_policies_in_force_a_revision_is_one_policy_at_every_server() {
    let Some(server) = Postgresql::start("nodes-in-force") else { return };
    let (policy, file, [_, strict]) = two_policies("nodes-in-force-policy");
    let deployment = Deployment::under(&policy, server, "nodes-in-force", PRINCIPALS);
    deployment.set("[server]\nin_force_by = \"ledger\"\n");
    let folder = policy.display().to_string();
    let put = |words: &[&str]| -> (u64, String) {
        let told = deployment.run(&[&["policy", "activate", "--format", "json"], words].concat());
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&told["changed"], &told["nodes"]), (&json!(true), &told["nodes_ready"]), "{told}");
        (told["in_force_from"].as_u64().unwrap(), told["digest"].as_str().unwrap().to_owned())
    };
    let first = put(&[&folder]);
    let nodes = [(); 3].map(|()| deployment.start());
    let (answers, withdrawals, in_force) = course(&nodes, || {
        // What lies in the folder is nothing yet.
        std::fs::write(&file, &strict).unwrap();
        thread::sleep(Duration::from_millis(400));
        let second = put(&[&folder]);
        nodes[2].kill();
        let third = put(&["--kept", &first.1[..12]]);
        nodes[2].start_again();
        nodes[2].await_readiness();
        thread::sleep(Duration::from_millis(400));
        let fourth = put(&["--kept", &second.1]);
        thread::sleep(Duration::from_millis(400));
        vec![first.clone(), second, third, fourth]
    });
    let [lenient, strict] = [&in_force[0].1, &in_force[1].1];
    let seen = hold(&answers, &withdrawals, [lenient, strict]);
    assert!(seen.as_flattened().iter().all(|answers| *answers > 0), "{seen:?}");
    let mut of_terms = vec![0; in_force.len()];
    for answered in &answers {
        let term = in_force.iter().rposition(|(from, _)| *from <= answered.revision).unwrap();
        assert_eq!(
            answered.digest, in_force[term].1,
            "at {} at server {}",
            answered.revision, answered.server
        );
        of_terms[term] += 1;
    }
    assert!(of_terms.iter().all(|answers| *answers > 0), "{of_terms:?}");

    let listed: Value =
        serde_json::from_str(&deployment.run(&["policy", "activations", "--format", "json"])).unwrap();
    let listed: Vec<(u64, String)> = listed["activations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["revision"].as_u64().unwrap(), one["digest"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(listed, in_force);
}

/// Nothing is put in force while a server is not ready for it, unless that is what is wanted; and no program does.
#[test]
fn a_policy_is_put_in_force_by_one_command_once_all_are_ready() {
    let Some(server) = Postgresql::start("nodes-ready") else { return };
    let (policy, file, [_, strict]) = two_policies("nodes-ready-policy");
    let deployment = Deployment::under(&policy, server, "nodes-ready", 2);
    let folder = policy.display().to_string();
    let by_folder = deployment.start();
    std::fs::write(&file, &strict).unwrap();
    let told = deployment.fails(&["policy", "activate", &folder, "--wait", "0"]);
    assert!(told.contains("0 of 1 nodes are ready; nothing was put in force"), "{told}");
    assert!(deployment.run(&["policy", "activations"]).contains("no policy in force yet"));
    by_folder.end();

    deployment.set("[server]\nin_force_by = \"ledger\"\n");
    let told = deployment.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        told.contains("put no policy in force yet") && told.contains("nattoku policy activate"),
        "{told}"
    );
    let told = deployment.run(&["policy", "activate", &folder, "--prepare"]);
    assert!(told.contains("is kept; 0 of 0 nodes are ready"), "{told}");
    assert!(deployment.run(&["policy", "activate", &folder]).contains("is in force from revision"));
    assert!(deployment.run(&["policy", "activate", &folder]).contains("has been in force since revision"));
    for (begins, wrong) in
        [("zz", "no beginning of a digest"), ("", "no beginning"), ("0000", "no policy is kept")]
    {
        let told = deployment.refused(&["policy", "activate", "--kept", begins]);
        assert!(told.contains(wrong) && told.contains("policy activations"), "{told}");
    }

    let node = deployment.start();
    assert!(!node.permits(0), "by the strict one");
    let event = json!({ "event": "policy_published", "version": "2022-04-01", "digest": "0".repeat(64) });
    for address in ["/v1/recipients", "/v1/publications", "/v1/principals/p0/events"] {
        let answer = node.post(address, &event);
        assert_eq!(answer.status, 422, "{}", answer.body);
    }

    // The text is gone: what answers goes on, and none starts before it is there again.
    deployment.ask_database("delete from nattoku_state.policies");
    assert!(deployment.fails(&["serve", "--listen", "127.0.0.1:0"]).contains("no text is kept"));
    assert!(deployment.run(&["policy", "activate", &folder]).contains("has been in force since"));
    drop(deployment.start());
}
