//! What bad input gets: a clear refusal, the documented exit code, and nothing stored.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::folders::{folder, nattoku_that_ends};

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")
}

fn nattoku(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    command
        .env("NATTOKU_POLICY", policies())
        .env("NATTOKU_STORE", format!("sqlite:{}", store.display()))
        .env("LC_ALL", "C.UTF-8");
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn import(store: &Path, lines: &str) -> Output {
    run(nattoku(store).args(["ledger", "import", "-"]), lines)
}

fn events(store: &Path) -> u64 {
    let stats = run(nattoku(store).args(["ledger", "stats", "--format", "json"]), "");
    serde_json::from_slice::<serde_json::Value>(&stats.stdout).unwrap()["events"].as_u64().unwrap()
}

const GOOD: &str = r#"{"event":"principal_registered","principal":"p1","at":"2020-01-05T12:00:00+09:00","born":"1990-06-01"}"#;

#[test]
fn a_wrong_line_is_told_by_number_and_nothing_of_the_file_is_stored() {
    let store = folder("wrong-line").join("ledger.sqlite");
    assert!(import(&store, GOOD).status.success());
    let long = "x".repeat(10_000);
    let wrong = [
        ("{", "expected one object of JSON"),
        (
            r#"{"event":"consent_grnted","principal":"p1","at":"2020-01-05T12:00:00+09:00"}"#,
            "consent_granted",
        ),
        (
            r#"{"event":"data_acquired","principal":"p1","at":"2999-01-05T12:00:00+09:00","category":"purchase","source":"member_store"}"#,
            "future",
        ),
        (
            r#"{"event":"data_acquired","principal":"p1","at":"2020-01-05T12:00:00","category":"purchase","source":"member_store"}"#,
            "offset",
        ),
        (
            r#"{"event":"consent_granted","principal":"p1","at":"2020-01-05T12:00:00+09:00","item":"partner_sharin","text_version":"1","language":"ja","channel":"web","by":"principal"}"#,
            "partner_sharing",
        ),
        (
            r#"{"event":"consent_granted","principal":"p1","at":"2020-01-05T12:00:00+09:00","item":"partner_sharing","text_version":"9","language":"ja","channel":"web","by":"principal"}"#,
            "no text version",
        ),
        (
            r#"{"event":"choice_declined","principal":"p1","at":"2020-01-05T12:00:00+09:00","choice":"contract_work","channel":"web","by":"principal"}"#,
            "cannot be declined",
        ),
        (
            "{\"event\":\"principal_registered\",\"principal\":\"a\\u0007b\",\"at\":\"2020-01-05T12:00:00+09:00\"}",
            "principal",
        ),
        (
            &format!(
                r#"{{"event":"principal_registered","principal":"{long}","at":"2020-01-05T12:00:00+09:00"}}"#
            ),
            "principal",
        ),
    ];
    for (line, expected) in wrong {
        let output = import(&store, &format!("{}\n\n{line}\n", GOOD.replace("p1", "p2")));
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}\n{message}");
        assert!(message.contains("-:3:") && message.contains(expected), "{line}\n{message}");
        assert_eq!(events(&store), 1, "{line}");
    }
}

#[test]
fn a_line_without_end_is_refused_without_filling_the_memory() {
    let store = folder("long-line").join("ledger.sqlite");
    let output = import(&store, &"x".repeat(5_000_000));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(events(&store), 0);
}

#[test]
fn questions_with_unknown_names_exit_2_and_offer_the_nearest() {
    let store = folder("unknown-names").join("ledger.sqlite");
    assert!(import(&store, GOOD).status.success());
    let question = |replaced: &str, by: &str| {
        let mut args = vec![
            "decide",
            "--application",
            "billing_system",
            "--principal",
            "p1",
            "--action",
            "use",
            "--activity",
            "invoicing",
            "--category",
            "contact.address",
        ];
        for arg in &mut args {
            if *arg == replaced {
                *arg = by;
            }
        }
        run(nattoku(&store).args(args), "")
    };
    for (replaced, by, nearest) in [
        ("billing_system", "biling_system", "billing_system"),
        ("use", "usee", "use"),
        ("contact.address", "contact.adress", "contact.address"),
    ] {
        let output = question(replaced, by);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(&format!("did you mean `{nearest}`")), "{message}");
    }
    assert_eq!(question("p1", "p9").status.code(), Some(2), "an unknown principal is never guessed");
}

/// An activity that is not registered is referred, and never taken for the nearest one; which that is, is told beside the answer.
#[test]
fn an_unregistered_activity_is_referred_and_the_nearest_one_is_told() {
    let store = folder("unregistered").join("ledger.sqlite");
    assert!(import(&store, GOOD).status.success());
    let ask = |command: &str, activity: &str, more: &[&str]| {
        let mut args = vec![command, "--application", "billing_system", "--action", "use"];
        args.extend(["--activity", activity, "--category", "contact.address"]);
        match command {
            "audience" => {}
            "filter" => args.extend(["--dialect", "postgresql"]),
            _ => args.extend(["--principal", "p1"]),
        }
        run(nattoku(&store).args(args).args(more), "")
    };
    let told = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    for (command, code) in [("decide", 1), ("explain", 1), ("audience", 0), ("filter", 0)] {
        for (lang, said) in [
            ("en", "the activity `invoicin` is not registered; did you mean `invoicing`?\n"),
            ("ja", "利用 `invoicin` は登録されていません。`invoicing` のことでしょうか\n"),
        ] {
            let output = ask(command, "invoicin", &["--lang", lang]);
            assert_eq!((output.status.code(), told(&output).as_str()), (Some(code), said), "{command}");
        }
        let output = ask(command, "invoicin", &["--format", "json"]);
        assert_eq!((output.status.code(), told(&output)), (Some(code), String::new()), "{command}");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["nearest_activity"], "invoicing", "{command}");
        let refers = ["decision", "reasons", "kind"].map(|field| answer[field].to_string()).concat();
        assert!(refers.contains("\"refer\"") || refers.contains("\"never\""), "{command}: {answer}");
        // What is registered, and what is near to nothing.
        for activity in ["invoicing", "horoscopes"] {
            assert_eq!(told(&ask(command, activity, &[])), "", "{command}");
            let answer = ask(command, activity, &["--format", "json"]);
            let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
            assert!(answer["nearest_activity"].is_null(), "{command}: {answer}");
        }
    }
    let beside = r#"{"action": "use", "activity": "invoicng", "categories": ["contact.address"]}"#;
    let output = ask("audience", "invoicing", &["--except", beside]);
    let said = "the activity `invoicng` is not registered; did you mean `invoicing`?\n";
    assert_eq!(told(&output), said);
    let output = ask("audience", "invoicing", &["--except", beside, "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["together"]["except"][0]["nearest_activity"], "invoicing");
}

#[test]
fn a_file_of_questions_is_answered_line_by_line() {
    let store = folder("requests").join("ledger.sqlite");
    assert!(import(&store, GOOD).status.success());
    let good = r#"{"application":"billing_system","principal":"p1","action":"use","activity":"invoicing","categories":["contact.address"]}"#;
    let twice = good.replace("\"action\"", "\"action\":\"use\",\"action\"");
    let lines = format!("{good}\n{{\n{}\n{twice}\n", good.replace("billing_system", "biling_system"));
    let output = run(nattoku(&store).args(["decide", "--requests", "-"]), &lines);
    assert_eq!(output.status.code(), Some(2));
    let answers: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0]["categories"][0]["gates"].as_array().unwrap().len(), 13);
    assert_eq!(answers[1]["line"], 2);
    assert!(answers[2]["error"].as_str().unwrap().contains("billing_system"));
    assert!(answers[3]["error"].as_str().unwrap().contains("written twice"));
}

#[test]
fn a_store_from_a_newer_version_is_refused_untouched() {
    let store = folder("newer").join("ledger.sqlite");
    assert!(import(&store, GOOD).status.success());
    // The format's number stands at bytes 60 to 63 of an SQLite file, as user_version.
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    std::fs::write(&store, &bytes).unwrap();
    let output = run(nattoku(&store).args(["ledger", "stats"]), "");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(message.contains("newer"), "{message}");
    assert_eq!(std::fs::read(&store).unwrap(), bytes);
}

#[test]
fn a_tampered_ledger_is_found_out() {
    let store = folder("tampered").join("ledger.sqlite");
    let other = GOOD.replace("p1", "p2");
    assert!(import(&store, &format!("{GOOD}\n{other}\n")).status.success());
    let verify = || run(nattoku(&store).args(["ledger", "verify"]), "");
    assert_eq!(verify().status.code(), Some(0));
    let mut bytes = std::fs::read(&store).unwrap();
    let leaf = br#""event":"principal_registered""#;
    let at = bytes.windows(leaf.len()).position(|window| window == leaf).unwrap();
    bytes[at + 10] = b'q';
    std::fs::write(&store, &bytes).unwrap();
    let found = verify();
    assert_eq!(found.status.code(), Some(1), "{}", String::from_utf8_lossy(&found.stderr));
}

#[cfg(unix)]
#[test]
fn what_has_the_name_of_a_policys_file_and_is_none_is_named_with_how_to_mend_it() {
    use std::os::unix::fs::symlink;
    type Put = fn(&Path);
    let fifo: Put = |at| assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
    let wrong: [(&str, Put, &str, &str); 7] = [
        (
            "data.kdl",
            |at| symlink("nowhere.kdl", at).unwrap(),
            "is a link that leads to nothing",
            "mend the link",
        ),
        (
            "data.kdl",
            |at| symlink("data.kdl", at).unwrap(),
            "is a link that leads to nothing",
            "mend the link",
        ),
        ("data.kdl", |at| std::fs::create_dir(at).unwrap(), "is a folder", "another name"),
        ("notice.en.md", fifo, "is no file", "put a file in its place"),
        ("data.kdl", |at| symlink("/dev/zero", at).unwrap(), "is no file", "put a file in its place"),
        ("earlier", |at| symlink("nowhere", at).unwrap(), "is a link that leads to nothing", "mend the link"),
        (
            "packs/appi",
            |at| {
                std::fs::create_dir(at.parent().unwrap()).unwrap();
                symlink("nowhere", at).unwrap();
            },
            "is a link that leads to nothing",
            "mend the link",
        ),
    ];
    for (name, put, said, mended) in wrong {
        let dir = folder("no-file");
        std::fs::copy(policies().join("policy.kdl"), dir.join("policy.kdl")).unwrap();
        put(&dir.join(name));
        let check = |lang| {
            let mut command = nattoku_that_ends();
            run(command.args(["policy", "check", "--lang", lang]).arg(&dir), "")
        };
        let output = check("en");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {message}");
        assert!(message.contains(&format!("{name} {said}")) && message.contains(mended), "{name}: {message}");
        let message = String::from_utf8(check("ja").stderr).unwrap();
        assert!(message.contains(name) && message.contains("ヒント: "), "{name}: {message}");
    }
}

#[test]
fn a_policy_that_is_no_policy_gets_placed_findings_within_seconds() {
    let dir = folder("bad-policy");
    let deep = "a {".repeat(100_000);
    let huge = "x ".repeat(25_000_000);
    let many = "activity \"\" {\n".repeat(10_000);
    let unknown = "nonsense 1\n".repeat(10_000);
    for (name, text) in [
        ("deep", deep.as_bytes()),
        ("huge", huge.as_bytes()),
        ("many", many.as_bytes()),
        ("unknown", unknown.as_bytes()),
        ("latin1", b"ja \"\xe9\"\n".as_slice()),
        ("empty", b"".as_slice()),
    ] {
        std::fs::write(dir.join("policy.kdl"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
        let output = run(command.args(["policy", "check", "--format", "concise"]).arg(&dir), "");
        let found = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(found.contains("policy.kdl:"), "{name}: {}", found.chars().take(300).collect::<String>());
    }
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_steers_a_terminal_or_looks_like_another_is_refused_and_its_name_is_escaped() {
    for (name, shown) in [
        ("da\u{1b}[2Jta.kdl", "da\\u{1b}[2Jta.kdl"),
        ("a\nb.kdl", "a\\u{a}b.kdl"),
        ("notice.\u{202e}ja.md", "notice.\\u{202e}ja.md"),
        ("earlier/2015\u{200b}-10-01/policy.kdl", "2015\\u{200b}-10-01"),
    ] {
        let dir = folder("unseen-name");
        std::fs::copy(policies().join("policy.kdl"), dir.join("policy.kdl")).unwrap();
        // What is none of the policy's files may be called anything.
        std::fs::write(dir.join("read\u{202e}me.txt"), "").unwrap();
        std::fs::create_dir_all(dir.join(name).parent().unwrap()).unwrap();
        std::fs::write(dir.join(name), "").unwrap();
        for (lang, said) in [("en", "hint: give it another name"), ("ja", "ヒント: 名前を変えてください")]
        {
            let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
            let output = run(command.args(["policy", "check", "--lang", lang]).arg(&dir), "");
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name:?}: {message}");
            assert!(message.contains(shown) && message.contains(said), "{name:?}: {message:?}");
            let raw = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
            assert!(!message.contains(raw) && message.lines().count() == 2, "{message:?}");
        }
    }
}
