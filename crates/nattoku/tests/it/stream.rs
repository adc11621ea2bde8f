//! `nattoku decide --requests - --follow`: what the definition answers one by one, while the ledger and the policy move on.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::folders::{carrier, copy_of_carrier, demo_ledger, folder};

/// Who asks, to do what, for which activity, with which categories, for whom.
type Shape = (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);

/// What is asked: agreement, consent, exception's evidence or not, derived data, and an activity that nobody registered.
const SHAPES: [Shape; 6] = [
    ("campaign_platform", "use", "campaign_news", &["contact.email", "purchase"], None),
    ("campaign_platform", "provide", "partner_offers", &["purchase"], Some("store_partners")),
    ("campaign_platform", "combine", "recommendations", &["interest"], None),
    ("shop_terminal", "use", "rate_proposal_by_calls", &["call_history"], None),
    ("analytics_platform", "use", "usage_analysis", &["contract"], None),
    ("campaign_platform", "use", "horoscopes", &["purchase"], None),
];

fn question(principal: &str, shape: usize) -> Value {
    let (application, action, activity, categories, recipient) = SHAPES[shape];
    let mut question = json!({
        "application": application, "action": action, "activity": activity, "categories": categories,
        "principal": principal,
    });
    if let Some(recipient) = recipient {
        question["recipient"] = json!(recipient);
    }
    question
}

/// A `nattoku` over a policy and a store.
fn nattoku(policy: &Path, store: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    command.env("NATTOKU_POLICY", policy).env("NATTOKU_STORE", store).env("LC_ALL", "C.UTF-8");
    command
}

/// A stream that is being asked.
struct Stream {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Stream {
    fn open(policy: &Path, store: &str) -> Self {
        let mut process = nattoku(policy, store)
            .args(["decide", "--requests", "-", "--follow"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, questions, answers }
    }

    fn ask(&mut self, line: &str) -> Value {
        writeln!(self.questions.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// Asks until an answer is as it should be: a policy is compiled beside, so that answers go on meanwhile.
    fn ask_until(&mut self, line: &str, mut is_it: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let answer = self.ask(line);
            if is_it(&answer) {
                return answer;
            }
        }
    }

    /// Ends the questions, and gives the exit code with what was told on the side.
    fn close(mut self) -> (Option<i32>, String) {
        drop(self.questions.take());
        let mut told = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (self.process.wait().unwrap().code(), told)
    }
}

/// Everybody in the ledger.
fn everybody(store: &str) -> Vec<String> {
    let exported = nattoku(&carrier(), store).args(["ledger", "export"]).output().unwrap();
    let mut all: Vec<String> = Vec::new();
    for line in String::from_utf8(exported.stdout).unwrap().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        if let Some(principal) = event["principal"].as_str()
            && !all.iter().any(|known| known == principal)
        {
            all.push(principal.to_owned());
        }
    }
    all
}

/// The definition's answer without what the engine leaves out.
fn as_far_as_the_engine_knows(decision: &Value) -> Value {
    let gate =
        |gate: &Value| json!({ "gate": gate["gate"], "verdict": gate["verdict"], "reason": gate["reason"] });
    let mut known = decision.clone();
    let fields = known.as_object_mut().unwrap();
    fields.remove("known_later");
    fields.remove("nearest_activity");
    fields["reason"] = gate(&decision["reason"]);
    for category in fields["categories"].as_array_mut().unwrap() {
        category.as_object_mut().unwrap().remove("holdings");
        let gates: Vec<Value> = category["gates"].as_array().unwrap().iter().map(gate).collect();
        category["gates"] = json!(gates);
    }
    known
}

#[test]
fn each_answer_is_the_definitions_as_far_as_the_engine_knows_it() {
    let dir = folder("stream");
    let store = demo_ledger(&dir.join("demo"), 100);
    let file = dir.join("questions.jsonl");
    let mut questions = String::new();
    for principal in everybody(&store) {
        for shape in 0..SHAPES.len() {
            let mut question = question(&principal, shape);
            question["at"] = json!("2027-01-01T00:00:00Z");
            questions.extend([question.to_string(), "\n".to_owned()]);
        }
    }
    std::fs::write(&file, &questions).unwrap();
    let answers = |more: &[&str]| {
        let asked = ["decide", "--requests", file.to_str().unwrap()];
        let output = nattoku(&carrier(), &store).args(asked).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let (by_definition, followed) = (answers(&[]), answers(&["--follow"]));
    let explained = answers(&["--follow", "--explain"]);
    assert_eq!((followed.len(), explained.len()), (questions.lines().count(), questions.lines().count()));
    for ((decision, mut answer), mut explained) in by_definition.into_iter().zip(followed).zip(explained) {
        for (answer, by) in [(&mut answer, "engine"), (&mut explained, "definition")] {
            let fields = answer.as_object_mut().unwrap();
            assert_eq!(fields.remove("answered_by"), Some(json!(by)));
            assert_eq!(fields.remove("policy_digest").unwrap().as_str().unwrap().len(), 64);
        }
        assert_eq!(answer, as_far_as_the_engine_knows(&decision));
        assert_eq!(explained, decision);
    }
}

#[test]
fn what_the_ledger_has_taken_in_counts_for_the_next_question() {
    let dir = folder("stream-ledger");
    let store = demo_ledger(&dir.join("demo"), 20);
    let mut stream = Stream::open(&carrier(), &store);
    let offers = question("sakura", 0).to_string();
    let before = stream.ask(&offers);
    let declined = nattoku(&carrier(), &store)
        .args(["choice", "decline", "offers", "--principal", "sakura"])
        .output()
        .unwrap();
    assert!(declined.status.success(), "{}", String::from_utf8_lossy(&declined.stderr));
    let after = stream.ask(&offers);
    assert_eq!((&before["decision"], &after["decision"]), (&json!("permit"), &json!("deny")));
    assert_eq!(after["reason"]["reason"], "declined");
    assert!(before["revision"].as_u64() < after["revision"].as_u64());
    let (code, told) = stream.close();
    assert_eq!(code, Some(1));
    assert!(told.contains("2 by the engine, 0 by the definition, 0 refused"), "{told}");
}

#[test]
fn a_policy_is_changed_in_the_middle_and_a_broken_one_changes_nothing() {
    let dir = folder("stream-change");
    let store = demo_ledger(&dir.join("demo"), 20);
    let policy = copy_of_carrier("stream-change-policy", |name| name != "tests.kdl");
    let (file, law) = (policy.join("policy.kdl"), policy.join("law.kdl"));
    let source = std::fs::read_to_string(&file).unwrap();
    let news = question("sakura", 0).to_string();
    let mut stream = Stream::open(&policy, &store);
    let first = stream.ask(&news);
    assert_eq!((&first["policy_version"], &first["decision"]), (&json!("2019-12-11"), &json!("permit")));

    // A broken policy is told, and the one that stands goes on answering.
    std::fs::write(&file, format!("{source}\nnonsense {{")).unwrap();
    let mut told = BufReader::new(stream.process.stderr.take().unwrap());
    let mut lines = Vec::new();
    assert_eq!(stream.ask(&news)["policy_digest"], first["policy_digest"]);
    while !lines.last().is_some_and(|line: &String| line.contains("answers go on by version 2019-12-11")) {
        lines.push(String::new());
        told.read_line(lines.last_mut().unwrap()).unwrap();
    }
    assert!(lines.concat().contains("unexpected-node"), "{lines:?}");

    // Another version, by which everybody's state is asked for the same.
    let changed = source.replace("version=\"2019-12-11\"", "version=\"2026-10-01\"");
    let changed = changed.replace("effective \"2019-12-11T", "effective \"2026-10-01T");
    std::fs::write(&file, &changed).unwrap();
    let second = stream.ask_until(&news, |answer| answer["policy_version"] == "2026-10-01");
    assert_ne!(second["policy_digest"], first["policy_digest"]);
    assert_eq!(second["decision"], "permit");

    // One that asks for another transition, for which everybody's state is read anew.
    let of_law = std::fs::read_to_string(&law).unwrap();
    std::fs::write(&law, of_law.replace("acquired before=\"2019-12-11T", "acquired before=\"2019-12-12T"))
        .unwrap();
    let third = stream.ask_until(&news, |answer| answer["policy_digest"] != second["policy_digest"]);
    assert_eq!(third["decision"], "permit");
    let bounds = |answer: &Value| answer["categories"][0]["acquired_from"].clone();
    assert_eq!(bounds(&third), bounds(&second));
    drop(stream.questions.take());
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("stands from now on: version 2026-10-01"), "{rest}");
    assert_eq!(rest.matches("everybody's state was read anew").count(), 1, "{rest}");
    assert!(rest.contains("editions of the policy: 3"), "{rest}");
    assert_eq!(stream.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_line_that_cannot_be_answered_is_told_by_its_number_and_the_stream_goes_on() {
    let dir = folder("stream-wrong");
    let store = demo_ledger(&dir.join("demo"), 20);
    let mut stream = Stream::open(&carrier(), &store);
    let news = question("sakura", 0).to_string();
    assert_eq!(stream.ask("{nonsense")["line"], 1);
    let mut unknown = question("sakura", 0);
    unknown["categories"] = json!(["purchases"]);
    assert_eq!(
        stream.ask(&unknown.to_string()),
        json!({ "line": 2, "error": "the category `purchases` is not declared; did you mean `purchase`?" })
    );
    let longest = format!("{news}{}", " ".repeat(65_536 - news.len()));
    assert_eq!(stream.ask(&longest)["decision"], "permit");
    let long = format!("{{\"application\": \"{}\"}}", "x".repeat(100_000));
    assert_eq!(stream.ask(&long), json!({ "line": 4, "error": "the line is longer than 65536 bytes" }));
    assert_eq!(stream.ask(&question("nobody_here", 0).to_string())["line"], 5);
    let mut behind = question("sakura", 0);
    behind["min_revision"] = json!(1_000_000);
    assert_eq!(stream.ask(&behind.to_string())["line"], 6);
    let mut earlier = question("sakura", 0);
    earlier["at"] = json!("2021-01-01T00:00:00Z");
    assert_eq!(stream.ask(&earlier.to_string())["answered_by"], "definition");
    assert_eq!(stream.ask(&news)["answered_by"], "engine");
    let (code, told) = stream.close();
    assert_eq!(code, Some(2));
    assert!(told.contains("8 answered") && told.contains("5 refused"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_ledger_that_is_moved_away_or_replaced_ends_the_stream() {
    let dir = folder("stream-moved");
    let store = demo_ledger(&dir.join("demo"), 20);
    let ledger = Path::new(store.strip_prefix("sqlite:").unwrap());
    let kept = dir.join("kept.sqlite");
    let news = question("sakura", 0).to_string();
    for replace in [false, true] {
        let mut stream = Stream::open(&carrier(), &store);
        assert_eq!(stream.ask(&news)["decision"], "permit");
        if replace {
            // As restoring a copy does that is made beside and renamed.
            std::fs::copy(ledger, &kept).unwrap();
            std::fs::rename(&kept, ledger).unwrap();
        } else {
            std::fs::rename(ledger, &kept).unwrap();
        }
        writeln!(stream.questions.as_mut().unwrap(), "{news}").unwrap();
        let mut rest = String::new();
        stream.answers.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "nothing is answered out of it");
        let (code, told) = stream.close();
        assert_eq!(code, Some(3));
        let expected =
            format!("the store at `{}` was moved away or replaced while it was open", ledger.display());
        assert!(told.contains(&expected), "{told}");
        if !replace {
            std::fs::rename(&kept, ledger).unwrap();
        }
    }
}
