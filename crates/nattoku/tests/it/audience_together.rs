//! `nattoku audience --and … --except …` leaves those whom `nattoku decide` permits by the first question and by each that is
//! added, and by none that is taken away.

use std::collections::BTreeSet;
use std::process::Output;

use serde_json::{Value, json};

use crate::audience::{SHAPES, audience, everybody, nattoku, one_by_one, said};
use crate::folders::{demo_ledger, folder};

const PRINCIPALS: u64 = 300;

/// A shape as a question beside another one.
fn beside(shape: &[&str]) -> String {
    let mut question = json!({
        "application": shape[0], "action": shape[1], "activity": shape[2], "categories": [shape[3]],
    });
    if let Some(recipient) = shape.get(5) {
        question["recipient"] = json!(recipient);
    }
    question.to_string()
}

/// The question, the figure and the order of one of the others.
fn told(shape: &[&str], permitted: usize) -> Value {
    json!({
        "application": shape[0], "action": shape[1], "activity": shape[2], "purpose": null,
        "categories": [shape[3]], "recipient": shape.get(5), "permitted": permitted,
        "nearest_activity": null,
    })
}

#[test]
fn the_audience_together_is_whom_the_definition_leaves_one_by_one() {
    let dir = folder("audience-together");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let everybody = everybody(&store);
    let [ids, questions] = ["ids.csv", "questions.jsonl"].map(|name| dir.join(name));
    let then = ["--at", "2021-04-01T00:00:00+09:00", "--known-at", "2021-04-01T00:00:00+09:00"];
    let mut n_left = 0;
    for (first, and, except, when) in [
        (2, &[3][..], &[0][..], &[][..]),
        (2, &[], &[0, 1], &[]),
        (6, &[5, 2], &[8], &[]),
        (2, &[3], &[0], &then),
        (0, &[0], &[0], &[]),
    ] {
        let others = [("--and", and), ("--except", except)];
        let flags =
            others.map(|(flag, places)| places.iter().map(move |at| [flag.to_owned(), beside(SHAPES[*at])]));
        let flags: Vec<String> = flags.into_iter().flatten().flatten().collect();
        let mut more = vec!["--format", "json", "--ids", ids.to_str().unwrap()];
        more.extend(flags.iter().map(String::as_str).chain(when.iter().copied()));
        let counted: Value = serde_json::from_str(&said(&audience(&store, SHAPES[first], &more))).unwrap();
        let at = counted["at"].as_str().unwrap();
        let decisions = |place: usize| {
            let moment = (at, counted["known_at"].as_str());
            one_by_one(&store, SHAPES[place], moment, &everybody, &questions)
        };
        let permits = |place: usize| -> BTreeSet<usize> {
            let each = decisions(place).into_iter().enumerate();
            let each =
                each.filter(|(_, decided)| decided["decision"].as_str().unwrap().starts_with("permit"));
            each.map(|(somebody, _)| somebody).collect()
        };
        let verdicts = decisions(first);
        let mut left = permits(first);
        let mut expected = [Vec::new(), Vec::new()];
        for place in and {
            let permitted = permits(*place);
            expected[0].push(told(SHAPES[*place], permitted.len()));
            left.retain(|somebody| permitted.contains(somebody));
        }
        for place in except {
            let permitted = permits(*place);
            expected[1].push(told(SHAPES[*place], permitted.len()));
            left.retain(|somebody| !permitted.contains(somebody));
        }
        let [and, except] = expected;
        let expected = json!({ "principals": left.len(), "and": and, "except": except });
        assert_eq!(counted["together"], expected, "{first}");
        let lines = left.iter().map(|somebody| {
            format!("{},{}\r\n", everybody[*somebody], verdicts[*somebody]["decision"].as_str().unwrap())
        });
        let lines = "principal,verdict\r\n".to_owned() + &lines.collect::<String>();
        assert_eq!(std::fs::read_to_string(&ids).unwrap(), lines, "{first}");
        n_left += left.len();
    }
    assert!(n_left > 100, "only {n_left} were left");
}

#[test]
fn in_words_it_says_how_many_each_permits_and_how_many_are_left() {
    let dir = folder("audience-together-words");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let [and, except] = [
        r#"{"action":"combine","activity":"recommendations","categories":["interest"]}"#.to_owned(),
        beside(SHAPES[0]),
    ];
    let at = "2099-01-01T00:00:00+09:00";
    let flags = |more: &[&'static str]| -> Output {
        audience(&store, SHAPES[2], &[&["--at", at, "--and", &and, "--except", &except], more].concat())
    };
    let counted: Value = serde_json::from_str(&said(&flags(&["--format", "json"]))).unwrap();
    let together = &counted["together"];
    assert_eq!(together["and"][0]["application"], SHAPES[2][0]);
    let figures =
        [&together["and"][0]["permitted"], &together["except"][0]["permitted"], &together["principals"]];
    let [added, taken, left] = figures.map(|figure| format!("  {figure:>11}", figure = figure.to_string()));
    for (language, head, also, without, rest) in [
        ("en", "Together with other questions", "also permitted: ", "leaving out those permitted: ", "left"),
        ("ja", "ほかの問いと合わせると", "これも許される: ", "これが許される人を除く: ", "残る人"),
    ] {
        let words = said(&flags(&["--lang", language]));
        let (_, block) = words.split_once(&format!("\n\n{head}\n")).unwrap();
        let lines: Vec<&str> = block.lines().collect();
        assert!(lines[0].starts_with(&format!("{added}  {also}")), "{words}");
        assert_eq!(lines[1].trim(), "campaign_platform combine recommendations interest");
        assert!(lines[2].starts_with(&format!("{taken}  {without}")), "{words}");
        assert_eq!(lines[4..], [format!("{left}  {rest}")], "{words}");
    }
    let concise = said(&flags(&["--format", "concise"]));
    assert!(concise.ends_with(&format!("{} together\n", together["principals"])), "{concise}");
    let alone: Value =
        serde_json::from_str(&said(&audience(&store, SHAPES[2], &["--format", "json"]))).unwrap();
    assert_eq!(alone["together"], Value::Null);
}

#[test]
fn another_question_that_cannot_be_asked_is_told_with_its_place() {
    let dir = folder("audience-together-wrong");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let good = beside(SHAPES[3]);
    for (wrong, language, answer) in [
        (
            r#"{"action":"use","activty":"a","categories":["c"]}"#,
            "en",
            "--and 2: there is no field `activty`; did you mean `activity`?",
        ),
        (r#"{"principal":"sakura"}"#, "ja", "--and 2: `principal` という項目はありません"),
        (r#"{"at":"2021-04-01T00:00:00+09:00"}"#, "en", "--and 2: there is no field `at`"),
        (
            r#"{"action":"use","activity":"campaign_news","categories":["purchases"]}"#,
            "en",
            "did you mean `purchase`?",
        ),
        (
            r#"{"action":"use","activity":"campaign_news","categories":["purchases"]}"#,
            "ja",
            "2 つ目の --and: ",
        ),
    ] {
        let refused = audience(&store, SHAPES[2], &["--and", &good, "--and", wrong, "--lang", language]);
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(told.contains(answer), "{told}");
    }
}

#[test]
fn about_whom_a_fraction_of_a_second_decides_the_definition_is_asked_for_the_others_too() {
    let dir = folder("audience-together-finer");
    let store = demo_ledger(&dir.join("demo"), 20);
    // What is to be gone two years later, to the half second that the engine does not keep.
    let acquired = json!({
        "event": "data_acquired", "principal": "sakura", "at": "2026-10-01T00:00:00.5Z", "category": "browsing",
        "source": "service_records",
    });
    let [events, ids] = ["more.jsonl", "ids.csv"].map(|name| dir.join(name));
    std::fs::write(&events, acquired.to_string() + "\n").unwrap();
    said(&nattoku(&store, &["ledger", "import", events.to_str().unwrap()]));
    let other = beside(&["campaign_platform", "use", "recommendations", "browsing"]);
    for (flag, at, is_left) in [
        ("--and", "2028-10-01T00:00:00.2Z", true),
        ("--and", "2028-10-01T00:00:00.7Z", false),
        ("--except", "2028-10-01T00:00:00.2Z", false),
        ("--except", "2028-10-01T00:00:00.7Z", true),
    ] {
        let more = ["--at", at, "--ids", ids.to_str().unwrap(), flag, &other];
        said(&audience(&store, SHAPES[2], &more));
        let left = std::fs::read_to_string(&ids).unwrap();
        assert_eq!(left.lines().any(|line| line.starts_with("sakura,")), is_left, "{flag} {at}");
    }
}
