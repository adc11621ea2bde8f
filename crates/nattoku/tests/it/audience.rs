//! `nattoku audience` counts whom `nattoku decide` permits, one by one: the engine's answer about everybody is the
//! definition's about each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::folders::{carrier, demo_ledger, folder};

const PRINCIPALS: u64 = 300;

/// The shapes that are asked about: consent, choice, agreement, retention, secrecy, abroad, derived data, and an activity
/// that nobody registered.
pub(crate) const SHAPES: [&[&str]; 9] = [
    &["campaign_platform", "provide", "partner_offers", "purchase", "--recipient", "store_partners"],
    &["campaign_platform", "provide", "partner_offers", "purchase", "--recipient", "overseas_stores"],
    &["campaign_platform", "use", "campaign_news", "contact.email"],
    &["campaign_platform", "combine", "recommendations", "interest"],
    &["shop_terminal", "use", "rate_proposal_by_calls", "call_history"],
    &["analytics_platform", "use", "usage_analysis", "contract"],
    &["billing_system", "use", "invoicing", "contact.address"],
    &["privacy_office", "disclose", "claim_handling", "purchase"],
    &["campaign_platform", "use", "horoscopes", "purchase"],
];

pub(crate) fn nattoku(store: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("NATTOKU_POLICY", carrier())
        .env("NATTOKU_STORE", store)
        .env("LC_ALL", "C.UTF-8")
        .args(args)
        .output()
        .unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn flags<'a>(shape: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let names = ["--application", "--action", "--activity", "--category"];
    let named = names.iter().zip(shape).flat_map(|(flag, value)| [*flag, *value]);
    named.chain(shape[4..].iter().copied()).chain(more.iter().copied()).collect()
}

pub(crate) fn audience(store: &str, shape: &[&str], more: &[&str]) -> Output {
    nattoku(store, &[&["audience"], flags(shape, more).as_slice()].concat())
}

/// Everybody in the ledger.
pub(crate) fn everybody(store: &str) -> Vec<String> {
    let exported = said(&nattoku(store, &["ledger", "export"]));
    let mut all: Vec<String> = Vec::new();
    for line in exported.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        if let Some(principal) = event["principal"].as_str()
            && !all.iter().any(|known| known == principal)
        {
            all.push(principal.to_owned());
        }
    }
    all
}

/// What the definition decides about each, by `nattoku decide`.
pub(crate) fn one_by_one(
    store: &str,
    shape: &[&str],
    moment: (&str, Option<&str>),
    everybody: &[String],
    file: &Path,
) -> Vec<Value> {
    one_by_one_under(&carrier(), store, shape, moment, everybody, file)
}

/// The same under some policy.
pub(crate) fn one_by_one_under(
    policy: &Path,
    store: &str,
    shape: &[&str],
    (at, known_at): (&str, Option<&str>),
    everybody: &[String],
    file: &Path,
) -> Vec<Value> {
    let recipient = shape.get(5);
    let questions = everybody.iter().map(|principal| {
        let mut question = json!({
            "application": shape[0], "action": shape[1], "activity": shape[2], "categories": [shape[3]],
            "principal": principal, "at": at,
        });
        if let Some(recipient) = recipient {
            question["recipient"] = json!(recipient);
        }
        if let Some(known_at) = known_at {
            question["known_at"] = json!(known_at);
        }
        question.to_string() + "\n"
    });
    std::fs::write(file, questions.collect::<String>()).unwrap();
    let [policy, file] = [policy, file].map(|path| path.to_str().unwrap());
    let decided = nattoku(store, &["decide", "--policy", policy, "--requests", file]);
    said(&decided).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first gate, in the order of answers and gates, that says what the decision says.
pub(crate) fn cause(decision: &Value) -> (String, String, String) {
    let verdict = &decision["decision"];
    let answers = decision["categories"].as_array().unwrap();
    let answers = answers.iter().filter(|answer| answer["verdict"] == *verdict);
    let mut gates = answers.flat_map(|answer| answer["gates"].as_array().unwrap());
    let gate = gates.find(|gate| gate["verdict"] == *verdict).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(verdict), text(&gate["gate"]), text(&gate["reason"]))
}

#[test]
fn the_audience_is_whom_the_definition_permits_one_by_one() {
    let dir = folder("audience");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let everybody = everybody(&store);
    let ids = dir.join("ids.csv");
    let mut n_permitted = 0;
    for shape in SHAPES {
        let more = ["--format", "json", "--ids", ids.to_str().unwrap()];
        let counted: Value = serde_json::from_str(&said(&audience(&store, shape, &more))).unwrap();
        let at = counted["at"].as_str().unwrap();
        let decided = one_by_one(&store, shape, (at, None), &everybody, &dir.join("questions.jsonl"));
        assert_eq!(
            counted["answered_by"],
            json!({ "engine": everybody.len(), "definition": 0 }),
            "{shape:?}"
        );
        let mut verdicts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut causes: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        let mut members = "principal,verdict\r\n".to_owned();
        for (principal, decision) in everybody.iter().zip(&decided) {
            let verdict = decision["decision"].as_str().unwrap();
            *verdicts.entry(verdict).or_default() += 1;
            if verdict.starts_with("permit") {
                n_permitted += 1;
                members.extend([principal.as_str(), ",", verdict, "\r\n"]);
            } else {
                *causes.entry(cause(decision)).or_default() += 1;
            }
        }
        for (verdict, told) in counted["principals"]["by_verdict"].as_object().unwrap() {
            assert_eq!(
                told.as_u64().unwrap(),
                verdicts.get(verdict.as_str()).copied().unwrap_or(0),
                "{shape:?}"
            );
        }
        let told = counted["reasons"].as_array().unwrap().iter().map(|reason| {
            let text = |field: &str| reason[field].as_str().unwrap().to_owned();
            ((text("verdict"), text("gate"), text("reason")), reason["principals"].as_u64().unwrap())
        });
        assert_eq!(told.collect::<BTreeMap<_, _>>(), causes, "{shape:?}");
        assert_eq!(std::fs::read_to_string(&ids).unwrap(), members, "{shape:?}");
    }
    assert!(n_permitted > 500, "only {n_permitted} were permitted");
}

#[test]
fn about_an_earlier_instant_too_it_is_whom_the_definition_permits() {
    let dir = folder("audience-then");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let everybody = everybody(&store);
    let mut n_left_out = 0;
    for (at, known_at) in [
        ("2021-04-01T00:00:00+09:00", Some("2021-04-01T00:00:00+09:00")),
        ("2021-04-01T00:00:00+09:00", None),
        ("2024-12-31T23:59:59+09:00", Some("2022-01-01T00:00:00+09:00")),
    ] {
        for shape in &SHAPES[..4] {
            let mut more = vec!["--format", "json", "--at", at];
            more.extend(known_at.iter().flat_map(|known_at| ["--known-at", *known_at]));
            let counted: Value = serde_json::from_str(&said(&audience(&store, shape, &more))).unwrap();
            assert_eq!(counted["answered_by"]["definition"], 0);
            assert_eq!(counted["snapshot"], Value::Null);
            let n_known = counted["principals"]["all"].as_u64().unwrap();
            assert!((1..PRINCIPALS).contains(&n_known), "{n_known} were known by then");
            n_left_out += PRINCIPALS - n_known;
            let decided = one_by_one(&store, shape, (at, known_at), &everybody, &dir.join("questions.jsonl"));
            for verdict in ["permit", "permit_with_conditions"] {
                let permitted = decided.iter().filter(|decision| decision["decision"] == verdict).count();
                assert_eq!(counted["principals"]["by_verdict"][verdict], permitted, "{shape:?} {at}");
            }
        }
    }
    assert!(n_left_out > 100);
    let words = said(&audience(&store, SHAPES[0], &["--at", "2021-04-01T00:00:00+09:00", "--lang", "ja"]));
    assert!(words.contains("エンジンによる答え"), "{words}");
}

#[test]
fn a_snapshot_is_kept_beside_the_ledger_and_the_answer_says_what_came_since() {
    let dir = folder("audience-snapshot");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let snapshot = PathBuf::from(format!("{}.population", store.strip_prefix("sqlite:").unwrap()));
    let at = ["--at", "2099-01-01T00:00:00+09:00"];
    let asked = |more: &[&str]| -> (Value, String) {
        let told = audience(&store, SHAPES[0], &[&at, &["--format", "json"], more].concat());
        let mut counted: Value = serde_json::from_slice(&told.stdout).unwrap();
        (
            counted["snapshot"].take(),
            String::from_utf8_lossy(&told.stderr).into_owned() + &counted.to_string(),
        )
    };
    let (used, without) = asked(&["--no-snapshot"]);
    assert_eq!((used, snapshot.exists()), (Value::Null, false));
    let (used, made) = asked(&[]);
    assert_eq!(used, json!({ "revision": null, "events_since": null, "written": true }));
    let (used, with) = asked(&[]);
    let revision = used["revision"].as_u64().unwrap();
    assert_eq!(used, json!({ "revision": revision, "events_since": 0, "written": false }));
    assert_eq!((&made, &with), (&without, &without));

    let somebody = &everybody(&store)[0];
    for act in ["decline", "restore"] {
        said(&nattoku(&store, &["choice", act, "offers", "--principal", somebody]));
    }
    let (used, _) = asked(&[]);
    assert_eq!(used, json!({ "revision": revision, "events_since": 2, "written": false }));
    let words = said(&audience(&store, SHAPES[0], &at));
    assert!(
        words.ends_with(&format!("from the snapshot at revision {revision} and 2 events since\n")),
        "{words}"
    );
    let words = said(&audience(&store, SHAPES[0], &[&at[..], &["--lang", "ja"]].concat()));
    assert!(
        words.contains(&format!("版番号 {revision} のスナップショットとその後のできごと 2 件から")),
        "{words}"
    );
}

#[test]
fn a_snapshot_that_does_not_fit_is_told_and_the_answer_is_right_all_the_same() {
    let dir = folder("audience-unfit");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let snapshot = PathBuf::from(format!("{}.population", store.strip_prefix("sqlite:").unwrap()));
    let at = ["--at", "2099-01-01T00:00:00+09:00"];
    let asked = |language: &str| {
        let told = audience(&store, SHAPES[0], &[&at[..], &["--lang", language]].concat());
        assert_eq!(told.status.code(), Some(0));
        [told.stdout, told.stderr].map(|said| String::from_utf8(said).unwrap())
    };
    let [right, nothing] = asked("en");
    assert_eq!(nothing, "");
    let bytes = std::fs::read(&snapshot).unwrap();
    std::fs::write(&snapshot, &bytes[..bytes.len() - 1]).unwrap();
    let [said, told] = asked("en");
    assert_eq!(said, right);
    assert_eq!(told, format!("{} was left aside and made anew: it is cut off\n", snapshot.display()));
    assert_eq!(std::fs::read(&snapshot).unwrap(), bytes);

    std::fs::write(&snapshot, "a list of mine").unwrap();
    let [_, told] = asked("ja");
    assert!(
        told.contains("は使いませんでした: 母集団のスナップショットではないため、変更していません"),
        "{told}"
    );
    assert!(told.contains("--no-snapshot"), "{told}");
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), "a list of mine");
}

#[test]
fn what_cannot_be_asked_is_told_and_nothing_is_written() {
    let dir = folder("audience-wrong");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let ids = dir.join("ids.csv");
    let wrong = ["campaign_platform", "provide", "partner_offers", "purchases"];
    let refused = audience(&store, &wrong, &["--ids", ids.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `purchase`?"));
    assert!(!ids.exists());
    let source = dir.join("policy.kdl");
    std::fs::write(&source, "policy").unwrap();
    let refused = audience(&store, SHAPES[0], &["--ids", source.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&source).unwrap(), "policy");
}
