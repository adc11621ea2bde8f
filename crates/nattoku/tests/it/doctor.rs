//! `nattoku doctor`: each part of a deployment that is not as a server needs it is named, with what to do.

use std::net::TcpListener;

use nattoku_model::Revision;
use nattoku_store::DeadLetter;
use nattoku_testkit::Collector;
use nattoku_testkit::postgresql::Postgresql;
use serde_json::Value;

use crate::served::Deployment;

/// What gives two ledgers one name.
const ORIGIN: &str = "[ledger]\norigin = \"example.jp/log\"";

/// What is found, and the exit code.
fn examined(deployment: &Deployment, more: &[&str]) -> (Vec<Value>, Option<i32>) {
    let args = [&["doctor", "--format", "json", "--listen", "127.0.0.1:0"][..], more].concat();
    let output = deployment.nattoku(&args).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), output.status.code())
}

/// The one finding about a part that says so; it is of that grade, and if it is bad it names what to do.
#[track_caller]
fn found<'f>(findings: &'f [Value], about: &str, grade: &str, says: &str) -> &'f Value {
    let found = findings.iter().find(|finding| {
        finding["check"] == about
            && finding["finding"] == grade
            && finding["message"].as_str().is_some_and(|message| message.contains(says))
    });
    let found = found.unwrap_or_else(|| panic!("no {grade} about {about} that says {says}: {findings:#?}"));
    assert_eq!(found["remedy"].is_string(), grade != "ok", "{found}");
    found
}

#[track_caller]
fn nothing_is_bad(findings: &[Value]) {
    let bad: Vec<&Value> = findings.iter().filter(|finding| finding["finding"] != "ok").collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn a_deployment_in_order_has_nothing_but_good_findings() {
    let deployment = Deployment::in_file("doctor-good", "");
    let (findings, code) = examined(&deployment, &[]);
    nothing_is_bad(&findings);
    assert_eq!(code, Some(0));
    found(&findings, "settings", "ok", "");
    found(&findings, "policy", "ok", "neither errors nor warnings");
    found(&findings, "store", "ok", "its revision 4");
    found(&findings, "keys", "ok", "own.kek, of version 1, opens them");
    found(&findings, "state", "ok", "no node holds a lease");
    found(&findings, "tokens", "ok", "1 tokens are good; 1 of them were never used");
    found(&findings, "log", "ok", "no key is named");
    found(&findings, "clock", "ok", "time since the machine was started");
    found(&findings, "listen", "ok", "is free");
    let mut served = deployment.start();
    served.connect().decide().unwrap();
    let (findings, code) = examined(&deployment, &[]);
    found(&findings, "state", "ok", "nodes with a lease: ");
    assert_eq!(code, Some(0));
    served.tell_to_end();
    served.ended(std::time::Duration::from_secs(10));
    // Who called was noted at the end at the latest.
    found(&examined(&deployment, &[]).0, "tokens", "ok", "0 of them were never used");
}

#[test]
fn events_that_do_not_go_out_are_told() {
    let deployment = Deployment::in_file("doctor-feed", "\n[feed]\nnats = \"nats://127.0.0.1:1\"");
    let url = "https://crm.example.jp/hooks";
    for name in ["crm", "shop"] {
        deployment.said(&["subscription", "add", name, "--url", url]);
    }
    deployment.said(&["subscription", "pause", "crm"]);
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!(code, Some(0), "a server runs all the same");
    found(&findings, "feed", "warning", "the subscription crm is paused since");
    found(&findings, "feed", "warning", "events cannot be published to NATS");
    deployment.said(&["subscription", "resume", "crm"]);
    found(&examined(&deployment, &[]).0, "feed", "ok", "2 subscriptions are sent what happens");
    // One was given up.
    let letter = DeadLetter {
        subscription: "shop".to_owned(),
        revision: Revision(1),
        died: jiff::Timestamp::UNIX_EPOCH,
        attempts: 20,
        why: "timeout".to_owned(),
        again: false,
    };
    deployment.state().bury(&letter).unwrap();
    let found_now = examined(&deployment, &[]).0;
    found(&found_now, "feed", "warning", "the subscription shop has 1 dead letters");
}

#[test]
fn the_stream_of_nats_is_looked_at() {
    let Some(nats) = nattoku_testkit::nats::Nats::start("doctor", env!("CARGO_TARGET_TMPDIR")) else {
        return;
    };
    let deployment = Deployment::in_file("doctor-nats", &format!("\n[feed]\nnats = \"{}\"", nats.address()));
    found(&examined(&deployment, &[]).0, "feed", "ok", "is made when the first event is published");
    let served = deployment.start();
    let began = std::time::Instant::now();
    let is_there = || {
        let findings = examined(&deployment, &[]).0;
        findings.iter().any(|one| one["message"].as_str().unwrap().contains("goes to revision 4"))
    };
    while !is_there() {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "nothing is published");
    }
    drop(served);
}

#[test]
fn the_address_is_free_or_a_server_answers_there() {
    let deployment = Deployment::in_file("doctor-listen", "");
    let at = |address: &str| {
        let output =
            deployment.nattoku(&["doctor", "--format", "json", "--listen", address]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let served = deployment.start();
    found(&at(&served.host), "listen", "ok", "a server answers at");
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    found(&at(&other.local_addr().unwrap().to_string()), "listen", "fault", "cannot listen at");
    found(&at("nowhere"), "listen", "fault", "cannot listen at nowhere");
}

#[test]
fn settings_that_there_are_not_are_named() {
    let deployment = Deployment::in_file("doctor-settings", "");
    let file = deployment.folder.join("nattoku.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}linger_second = 3\n")).unwrap();
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!((findings.len(), code), (1, Some(1)));
    let finding = found(&findings, "settings", "fault", "there is no setting `server.linger_second`");
    assert!(finding["remedy"].as_str().unwrap().contains("linger_seconds"));
    let output = deployment.nattoku(&["doctor", "--lang", "ja"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("異常") && text.contains("という設定はありません → "), "{text}");
}

#[test]
fn a_policy_with_errors_is_a_fault() {
    let deployment = Deployment::in_file("doctor-policy", "");
    let folder = crate::folders::copy_of_carrier("doctor-policy-carrier", |_| true);
    let policy = folder.join("policy.kdl");
    let text = std::fs::read_to_string(&policy).unwrap();
    std::fs::write(&policy, format!("{text}\nnonsense \"x\"\n")).unwrap();
    let (findings, code) = examined(&deployment, &["--policy", folder.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    found(&findings, "policy", "fault", " errors and ");
    found(&findings, "store", "ok", "");
    let (findings, _) = examined(&deployment, &["--policy", "nowhere"]);
    found(&findings, "policy", "fault", "nowhere");
}

#[test]
fn stores_and_keys_that_are_not_there_are_faults() {
    let deployment = Deployment::in_file("doctor-store", "");
    let (findings, code) = examined(&deployment, &["--store", "sqlite:nowhere.sqlite"]);
    assert_eq!(code, Some(1));
    found(&findings, "store", "fault", "nowhere.sqlite");
    let kek = deployment.folder.join("own.kek");
    std::fs::rename(&kek, deployment.folder.join("elsewhere.kek")).unwrap();
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!(code, Some(1));
    found(&findings, "keys", "fault", "own.kek");
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_read_are_faults() {
    use std::os::unix::fs::PermissionsExt as _;
    let deployment = Deployment::in_file("doctor-permissions", "");
    let keys = deployment.folder.join("ledger.sqlite.keys");
    std::fs::set_permissions(keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!(code, Some(1));
    let finding = found(&findings, "keys", "fault", "others can read ledger.sqlite.keys");
    assert_eq!(finding["remedy"], "run `chmod 600 'ledger.sqlite.keys'`");
}

#[test]
fn that_nobody_may_call_is_a_warning() {
    let deployment = Deployment::in_file("doctor-tokens", "");
    deployment.said(&["token", "revoke", "test"]);
    let create = ["token", "create", "old", "--application", "*", "--act", "decide", "--expires"];
    deployment.said(&[&create[..], &["2020-01-01T00:00:00Z"]].concat());
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!(code, Some(0));
    found(&findings, "tokens", "warning", "no token is good");
    found(&findings, "tokens", "warning", "tokens that have expired: old");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(deployment.folder.join(format!("ledger.sqlite.state{suffix}")));
    }
    found(&examined(&deployment, &[]).0, "tokens", "warning", "no token is good");
    assert!(!deployment.folder.join("ledger.sqlite.state").exists(), "the doctor made what it looks for");
}

#[test]
fn a_ledger_that_does_not_continue_its_checkpoint_is_a_fault() {
    let deployment = Deployment::in_file("doctor-log", ORIGIN);
    deployment.said(&["ledger", "key", "new", "log.key"]);
    let key = ["--key", "log.key"];
    found(&examined(&deployment, &key).0, "log", "warning", "nothing was signed yet");
    deployment.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let (findings, code) = examined(&deployment, &key);
    found(&findings, "log", "ok", "which has 4 of 4 events");
    assert_eq!(code, Some(0));
    let events =
        "{\"event\":\"principal_registered\",\"principal\":\"p1\",\"at\":\"2024-05-01T00:00:00Z\"}\n";
    std::fs::write(deployment.folder.join("more.jsonl"), events).unwrap();
    deployment.said(&["ledger", "import", "more.jsonl"]);
    found(&examined(&deployment, &key).0, "log", "ok", "which has 4 of 5 events");
    let kept =
        std::fs::File::options().write(true).open(deployment.folder.join("log.key.checkpoint")).unwrap();
    let written = kept.metadata().unwrap().modified().unwrap();
    kept.set_modified(written - std::time::Duration::from_hours(2)).unwrap();
    found(&examined(&deployment, &key).0, "log", "warning", "is 120 minutes old");
    // A checkpoint of more than there is.
    deployment.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let other = Deployment::in_file("doctor-log-other", ORIGIN);
    for file in ["log.key", "log.key.checkpoint"] {
        std::fs::copy(deployment.folder.join(file), other.folder.join(file)).unwrap();
    }
    let (findings, code) = examined(&other, &key);
    let finding = found(&findings, "log", "fault", "");
    assert!(!finding["message"].as_str().unwrap().contains("the key is of"), "{finding}");
    assert_eq!(code, Some(1));
    let nameless = Deployment::in_file("doctor-log-nameless", "");
    std::fs::copy(deployment.folder.join("log.key"), nameless.folder.join("log.key")).unwrap();
    found(
        &examined(&nameless, &key).0,
        "log",
        "fault",
        "the key is of `example.jp/log`, and the ledger is `nattoku.invalid/",
    );
    let (findings, _) = examined(&other, &["--key", "nowhere.key"]);
    found(&findings, "log", "fault", "nowhere.key");
}

#[test]
fn a_deployment_in_postgresql_is_examined_likewise() {
    let Some(server) = Postgresql::start("doctor") else { return };
    server.make_database("ledger");
    let deployment = Deployment::over("doctor-postgresql", &server.address("ledger"), "");
    let (findings, code) = examined(&deployment, &[]);
    nothing_is_bad(&findings);
    assert_eq!(code, Some(0));
    found(&findings, "store", "ok", "its revision 4");
    found(&findings, "clock", "ok", "the database's clock and this machine's agree");
    found(&findings, "tokens", "ok", "1 tokens are good");
    server.stop();
    let (findings, code) = examined(&deployment, &[]);
    assert_eq!(code, Some(1));
    found(&findings, "store", "fault", "");
    found(&findings, "clock", "fault", "");
    server.start_again();
}

#[test]
fn a_collector_is_asked_whether_it_takes_traces() {
    let Some(collector) = Collector::start(env!("CARGO_TARGET_TMPDIR")) else { return };
    let traces = |address: &str, more: &str| format!("[tracing]\nendpoint = \"{address}\"\n{more}");
    let deployment = Deployment::in_file("doctor-traces", &traces(&collector.address(), ""));
    let (findings, code) = examined(&deployment, &[]);
    found(&findings, "tracing", "ok", "/v1/traces takes traces");
    assert_eq!(code, Some(0));
    // There it takes nothing.
    let elsewhere = format!("{}/elsewhere", collector.address());
    let deployment = Deployment::in_file("doctor-traces-elsewhere", &traces(&elsewhere, ""));
    found(&examined(&deployment, &[]).0, "tracing", "warning", "does not take traces");
    let file = "authorization_file = \"nothing\"";
    let deployment = Deployment::in_file("doctor-traces-file", &traces(&collector.address(), file));
    let (findings, code) = examined(&deployment, &[]);
    found(&findings, "tracing", "fault", "tracing.authorization_file");
    assert_eq!(code, Some(1));
}
