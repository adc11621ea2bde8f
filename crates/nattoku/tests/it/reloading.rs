//! A server whose policy changes while it is asked.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::folders::copy_of_carrier;
use crate::served::{Deployment, Served};

/// Puts another text in the place of the policy's first file, at once as a whole.
fn put(policy: &Path, text: &str) {
    let aside = policy.with_extension("aside");
    std::fs::write(&aside, text).unwrap();
    std::fs::rename(aside, policy.join("policy.kdl")).unwrap();
}

fn digest(served: &Served) -> String {
    let answer = served.connect().ask("GET", "/v1/policy", "").unwrap();
    let policy: Value = serde_json::from_str(&answer.body).unwrap();
    policy["digest"].as_str().unwrap().to_owned()
}

fn await_another(served: &Served, than: &str) -> String {
    let began = Instant::now();
    loop {
        let digest = digest(served);
        if digest != than {
            return digest;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the former policy goes on to stand");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Sets it when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_policy_that_changes_under_load_is_put_in_force_and_one_that_is_broken_is_not() {
    let deployment = Deployment::in_file("reloading", "");
    let policy = copy_of_carrier("reloading-carrier", |_| true);
    deployment.is_governed_by(&policy);
    let served = deployment.start_telling("info");
    let (is_over, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        // However this ends, nobody asks any more.
        let _ends = Ends(&is_over);
        for _ in 0..3 {
            scope.spawn(|| {
                let mut program = served.connect();
                while !is_over.load(Ordering::Relaxed) {
                    let answer = program.decide().unwrap();
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let text = std::fs::read_to_string(policy.join("policy.kdl")).unwrap();
        let first = digest(&served);
        put(&policy, &format!("{text}\n// The same, in other words.\n"));
        let second = await_another(&served, &first);
        deployment.await_told("INFO", &second);
        // One that cannot be used changes nothing, and is told with what is wrong with it.
        put(&policy, &format!("{text}\nnonsense \"x\"\n"));
        deployment.await_told("ERROR", "cannot be used; answers go on by version");
        deployment.await_told("ERROR", "nonsense");
        assert_eq!(digest(&served), second);
        let until = asked.load(Ordering::Relaxed) + 100;
        let began = Instant::now();
        while asked.load(Ordering::Relaxed) < until {
            assert!(began.elapsed() < Duration::from_secs(20), "nothing is answered any more");
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(digest(&served), second);
        put(&policy, &text);
        assert_eq!(await_another(&served, &second), first);
    });
    assert!(asked.load(Ordering::Relaxed) > 100);
}
