//! A served ledger is signed whenever there is something new, also after it could not be for a while.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::served::{Deployment, Served};

/// How many events the checkpoint that is published has.
fn published(served: &Served) -> u64 {
    let answer = served.connect().ask("GET", "/log/checkpoint", "").unwrap();
    answer.body.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or_default()
}

#[test]
fn a_ledger_is_signed_again_once_it_can_be() {
    let deployment = Deployment::in_file("signing", "key = \"log.key\"");
    deployment.said(&["ledger", "key", "new", "log.key"]);
    let served = deployment.start();
    assert_eq!(published(&served), 4);
    // Something is in the place of the file by which whoever signs keeps others away.
    let lock = deployment.folder.join("log.key.checkpoint.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let withdrawal = json!({"item": "partner_sharing", "act": "withdraw", "channel": "web"}).to_string();
    let answer = served.connect().ask("POST", "/v1/principals/p0/consents", &withdrawal).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(published(&served), 4);
    std::fs::remove_dir(&lock).unwrap();
    let began = Instant::now();
    while published(&served) != 5 {
        assert!(began.elapsed() < Duration::from_secs(10), "it is not signed any more");
        std::thread::sleep(Duration::from_millis(50));
    }
}
