//! `nattoku audience --compared-at … --compared-policy …` tells who came in and who dropped out, and why: what `nattoku decide`
//! says of each on both sides, one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::audience::{SHAPES, audience, cause, everybody, nattoku, one_by_one_under, said};
use crate::filter::by_duckdb;
use crate::folders::{carrier, copy_of_carrier, demo_ledger, folder};
use crate::policy_impact::{edit, newer};

const PRINCIPALS: u64 = 300;

/// A reason with its verdict and its gate.
type Cause = (String, String, String);

/// Who moved: the way, the verdict on this side, and why they are not in the other audience or not in this one.
type Line = (String, &'static str, String, Option<Cause>);

/// The lines of the list of those who moved, from what is decided about each on this side and on the other; on neither where
/// nobody had heard of them.
fn moved(everybody: &[String], here: &[Option<Value>], there: &[Option<Value>]) -> (Vec<Line>, usize) {
    let mut n_both = 0;
    let mut lines = Vec::new();
    let verdict = |decided: &Option<Value>| match decided {
        Some(decided) => decided["decision"].as_str().unwrap().to_owned(),
        None => "deny".to_owned(),
    };
    for ((principal, here), there) in everybody.iter().zip(here).zip(there) {
        let why = |side: &Option<Value>| side.as_ref().map(cause);
        match [here, there].map(|side| verdict(side).starts_with("permit")) {
            [true, true] => n_both += 1,
            [true, false] => lines.push((principal.clone(), "in", verdict(here), why(there))),
            [false, true] => lines.push((principal.clone(), "out", verdict(here), why(here))),
            [false, false] => {}
        }
    }
    (lines, n_both)
}

/// What the answer is to say of those who moved one way.
fn told(lines: &[Line], way: &str) -> Value {
    let mut causes: BTreeMap<&Cause, u64> = BTreeMap::new();
    let mine: Vec<&Line> = lines.iter().filter(|line| line.1 == way).collect();
    for cause in mine.iter().filter_map(|line| line.3.as_ref()) {
        *causes.entry(cause).or_default() += 1;
    }
    let unheard_of = mine.iter().filter(|line| line.3.is_none()).count();
    json!({ "principals": mine.len(), "unheard_of": unheard_of, "reasons": causes.len() })
}

/// Holds the answer and the list of those who moved against what is decided about each.
fn hold(counted: &Value, csv: &Path, (lines, n_both): &(Vec<Line>, usize)) {
    let compared = &counted["compared"];
    assert_eq!(compared["principals"]["both"], *n_both, "{compared}");
    let n_out = lines.iter().filter(|line| line.1 == "out").count();
    assert_eq!(compared["principals"]["permitted"], n_both + n_out);
    let n_in = lines.len() - n_out;
    assert_eq!(counted["principals"]["permitted"], n_both + n_in);
    for way in ["in", "out"] {
        let mut found = compared[way].clone();
        let reasons = found["reasons"].take();
        let reasons = reasons.as_array().unwrap();
        found["reasons"] = json!(reasons.len());
        assert_eq!(found, told(lines, way), "{way}");
        for reason in reasons {
            let text = |field: &str| reason[field].as_str().unwrap().to_owned();
            let cause = Some((text("verdict"), text("gate"), text("reason")));
            let n = lines.iter().filter(|line| line.1 == way && line.3 == cause).count();
            assert_eq!(reason["principals"], n, "{way} {cause:?}");
        }
    }
    let line = |(principal, way, verdict, cause): &Line| {
        let reason = cause.as_ref().map_or("unheard_of", |(_, _, reason)| reason);
        format!("{principal},{verdict},{way},{reason}\r\n")
    };
    let expected =
        "principal,verdict,change,reason\r\n".to_owned() + &lines.iter().map(line).collect::<String>();
    assert_eq!(std::fs::read_to_string(csv).unwrap(), expected);
}

/// Of whom something had happened by an instant, and was known at another.
fn heard_of(store: &str, (at, known_at): (&str, Option<&str>)) -> BTreeSet<String> {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let exported = said(&nattoku(store, &["ledger", "export"]));
    let events = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let seen = events.filter(|event| {
        let is_by = |field: &str, limit: &str| instant(event[field].as_str().unwrap()) <= instant(limit);
        is_by("at", at) && known_at.is_none_or(|known_at| is_by("recorded_at", known_at))
    });
    seen.filter_map(|event| event["principal"].as_str().map(str::to_owned)).collect()
}

#[test]
fn who_moved_since_an_earlier_instant_is_what_the_definition_says_one_by_one() {
    let dir = folder("audience-compared");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let everybody = everybody(&store);
    let [csv, questions] = ["ids.csv", "questions.jsonl"].map(|name| dir.join(name));
    let (then, later) = ("2022-06-01T00:00:00+09:00", "2024-12-31T23:59:59+09:00");
    let mut seen = [0_u64; 3];
    for (shape, at, known_at, compared_at, compared_known_at) in [
        (0, None, None, Some(then), Some(then)),
        (2, None, None, Some(then), None),
        (3, Some(later), None, Some(then), None),
        (6, Some(later), Some(later), None, Some(then)),
        (2, Some(later), Some(later), Some(then), None),
        (0, Some(then), None, Some(then), None),
    ] {
        let shape = SHAPES[shape];
        let mut more = vec!["--format", "json", "--ids", csv.to_str().unwrap()];
        for (flag, value) in [
            ("--at", at),
            ("--known-at", known_at),
            ("--compared-at", compared_at),
            ("--compared-known-at", compared_known_at),
        ] {
            more.extend(value.iter().flat_map(|value| [flag, *value]));
        }
        let counted: Value = serde_json::from_str(&said(&audience(&store, shape, &more))).unwrap();
        let compared = &counted["compared"];
        let decided = |side: &Value| -> Vec<Option<Value>> {
            let moment = (side["at"].as_str().unwrap(), side["known_at"].as_str());
            let known = heard_of(&store, moment);
            let decided = one_by_one_under(&carrier(), &store, shape, moment, &everybody, &questions);
            let each = everybody.iter().zip(decided);
            each.map(|(principal, decided)| known.contains(principal).then_some(decided)).collect()
        };
        let instant = |text: &str| json!(text.parse::<jiff::Timestamp>().unwrap().to_string());
        assert_eq!(compared["at"], compared_at.map_or(counted["at"].clone(), instant));
        assert_eq!(compared["known_at"], compared_known_at.or(known_at).map_or(Value::Null, instant));
        assert_eq!((&compared["policy"], &compared["policy_digest"]), (&Value::Null, &Value::Null));
        hold(&counted, &csv, &moved(&everybody, &decided(&counted), &decided(compared)));
        for (seen, n) in seen.iter_mut().zip([
            &compared["in"]["principals"],
            &compared["in"]["unheard_of"],
            &compared["out"]["principals"],
        ]) {
            *seen += n.as_u64().unwrap();
        }
    }
    assert!(seen.iter().all(|seen| *seen > 20), "{seen:?}");
}

#[test]
fn who_moves_with_a_policy_is_what_the_definition_says_one_by_one() {
    let dir = folder("audience-compared-policy");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let everybody = everybody(&store);
    let [csv, questions] = ["ids.csv", "questions.jsonl"].map(|name| dir.join(name));
    let (old, new) = (carrier(), newer("audience-compared-newer"));
    // One wording no longer counts for the partners' stores, and whoever left the club is offered something too.
    let (basis, next) = (
        "basis consent=partner_sharing\n    cite \"R41\"",
        "basis consent=partner_sharing accepts=\"2\"\n    cite \"R41\"",
    );
    edit(&new, "provisions.kdl", basis, next);
    let (during, always) = ("    during club\n    cite \"R41\" \"R50\"", "    cite \"R41\" \"R50\"");
    edit(&new, "purposes.kdl", during, always);
    let news = "needs contact contract club interest purchase\n    by campaign_platform\n    during";
    edit(&new, "purposes.kdl", &format!("{news} line home card content club\n"), &format!("{news} club\n"));
    let moment = ("2027-04-01T00:00:00+09:00", None);
    let mut seen = [0; 2];
    for shape in &SHAPES[..3] {
        let decided = |policy: &Path| -> Vec<Option<Value>> {
            let decided = one_by_one_under(policy, &store, shape, moment, &everybody, &questions);
            decided.into_iter().map(Some).collect()
        };
        let [of_old, of_new] = [&old, &new].map(|policy| decided(policy));
        for (here, there, sides) in [(&new, &old, [&of_new, &of_old]), (&old, &new, [&of_old, &of_new])] {
            let [policy, compared] = [here, there].map(|path| path.to_str().unwrap());
            let mut more = vec!["--format", "json", "--ids", csv.to_str().unwrap(), "--at", moment.0];
            more.extend(["--policy", policy, "--compared-policy", compared]);
            let counted: Value = serde_json::from_str(&said(&audience(&store, shape, &more))).unwrap();
            assert_eq!(counted["compared"]["policy"], compared);
            assert_eq!(counted["compared"]["policy_digest"].as_str().unwrap().len(), 64);
            let versions = [&counted["policy_version"], &counted["compared"]["policy_version"]];
            let names =
                if here == &new { ["2027-04-01", "2019-12-11"] } else { ["2019-12-11", "2027-04-01"] };
            assert_eq!(versions, names);
            let (lines, n_both) = moved(&everybody, sides[0], sides[1]);
            for (seen, way) in seen.iter_mut().zip(["in", "out"]) {
                *seen += lines.iter().filter(|line| line.1 == way).count();
            }
            hold(&counted, &csv, &(lines, n_both));
        }
    }
    assert!(seen.iter().all(|seen| *seen > 50), "{seen:?}");
}

#[test]
fn in_words_it_says_how_many_moved_and_why_and_the_list_may_be_parquet() {
    let dir = folder("audience-compared-words");
    let store = demo_ledger(&dir.join("demo"), PRINCIPALS);
    let lists = dir.join("lists");
    std::fs::create_dir(&lists).unwrap();
    let then = "2022-06-01T00:00:00+09:00";
    let asked = |more: &[&str]| {
        let at = ["--at", "2099-01-01T00:00:00+09:00", "--no-snapshot", "--compared-at", then];
        said(&audience(&store, SHAPES[2], &[&at, more].concat()))
    };
    let counted: Value = serde_json::from_str(&asked(&["--format", "json"])).unwrap();
    let compared = &counted["compared"];
    let figures = [
        &compared["principals"]["permitted"],
        &compared["principals"]["both"],
        &compared["in"]["principals"],
        &compared["out"]["principals"],
    ];
    for (language, head, rows, unheard_of, why_in, why_out) in [
        (
            "en",
            "Compared with 2022-06-01T00:00:00+09:00, by version 2019-12-11",
            ["permitted there", "permitted on both sides", "came in", "dropped out"],
            "nobody had heard of them yet",
            "Why those who came in are not in it there, by what comes first for each",
            "Why those who dropped out are not in it, by what comes first for each",
        ),
        (
            "ja",
            "2022-06-01T00:00:00+09:00 時点、2019-12-11 版と比べると",
            ["比べた側で許される", "どちらの側でも許される", "新たに入った", "外れた"],
            "まだ台帳に現れていなかった",
            "新たに入った人が比べた側で入らない理由（本人ごとに最初のもの）",
            "外れた人が入らない理由（本人ごとに最初のもの）",
        ),
    ] {
        let words = asked(&["--lang", language]);
        let (_, block) = words.split_once(&format!("\n\n{head}\n")).unwrap();
        let row = |figure: &Value, row: &str| format!("  {:>11}  {row}\n", figure.to_string());
        let expected: String = figures.iter().zip(rows).map(|(figure, words)| row(figure, words)).collect();
        let rest = block.strip_prefix(&expected).unwrap();
        let (came_in, dropped_out) = rest.split_once(&format!("\n\n{why_out}\n")).unwrap();
        let came_in = came_in.strip_prefix(&format!("\n{why_in}\n")).unwrap();
        assert!(came_in.ends_with(row(&compared["in"]["unheard_of"], unheard_of).trim_end()), "{came_in}");
        for (block, way) in [(came_in, "in"), (dropped_out, "out")] {
            for reason in compared[way]["reasons"].as_array().unwrap() {
                let [verdict, gate, code] =
                    ["verdict", "gate", "reason"].map(|field| reason[field].as_str().unwrap());
                assert!(block.contains(&format!("\n               {verdict} {gate} {code}")), "{block}");
            }
        }
    }
    let concise = asked(&["--format", "concise"]);
    let [_, both, came_in, dropped_out] = figures;
    assert!(concise.ends_with(&format!("{both} both\n{came_in} in\n{dropped_out} out\n")), "{concise}");

    let [csv, parquet] = ["ids.csv", "ids.parquet"].map(|name| lists.join(name));
    for ids in [&csv, &parquet] {
        asked(&["--ids", ids.to_str().unwrap()]);
    }
    let queries = [
        "SELECT principal || ',' || verdict, change || ',' || reason FROM 'ids.parquet'",
        "SELECT decode(key), decode(value) FROM parquet_kv_metadata('ids.parquet') WHERE decode(key) = 'nattoku.compared'",
    ];
    let Some(found) = by_duckdb(&lists, "", &queries.map(str::to_owned)) else { return };
    let csv = std::fs::read_to_string(csv).unwrap();
    let lines: Vec<String> = found[0].iter().map(|(who, what)| format!("{who},{what}")).collect();
    assert_eq!(lines, csv.lines().skip(1).collect::<Vec<_>>());
    let about = json!({
        "policy": null, "policy_digest": null, "policy_version": "2019-12-11", "at": compared["at"], "known_at": null,
    });
    assert_eq!(found[1], [("nattoku.compared".to_owned(), about.to_string())]);
}

/// Asks for each case in both languages, and holds that it is refused with an answer in each, and nothing written.
fn refuse(store: &str, ids: &Path, cases: &[(&[&str], &[&str], &str)]) {
    for (shape, more, answer) in cases {
        for language in ["en", "ja"] {
            let more = [*more, &["--ids", ids.to_str().unwrap(), "--lang", language]].concat();
            let refused = audience(store, shape, &more);
            let told = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(2), "{more:?}: {told}");
            assert_eq!(
                (told.contains(answer), told.is_ascii()),
                (language == "en", language == "en"),
                "{told}"
            );
            assert!(refused.stdout.is_empty() && !ids.exists());
        }
    }
}

#[test]
fn a_comparison_that_would_mislead_is_refused_with_a_remedy_and_nothing_is_written() {
    let dir = folder("audience-compared-wrong");
    let store = demo_ledger(&dir.join("demo"), 20);
    let (then, later) = ("2022-06-01T00:00:00+09:00", "2024-12-31T23:59:59+09:00");
    let news = r#"{"action":"use","activity":"campaign_news","categories":["contact.email"]}"#;
    let old = carrier();
    let old = old.to_str().unwrap();
    let cases: [(&[&str], &str); 6] = [
        (&["--at", then, "--compared-at", later], "give the later one by --at"),
        (&["--compared-at", "2999-01-01T00:00:00Z"], "lies after the instant asked about"),
        (&["--known-at", then, "--compared-known-at", later], "give the later instant by --known-at"),
        (&["--compared-at", then, "--except", news], "leave out --and and --except"),
        (&["--compared-policy", old, "--and", news], "leave out --and and --except"),
        (&["--compared-at", then, "--compared-policy", old], "compare twice"),
    ];
    refuse(&store, &dir.join("ids.csv"), &cases.map(|(more, answer)| (SHAPES[0], more, answer)));
}

#[test]
fn a_policy_that_lacks_the_act_or_has_not_taken_effect_is_named_and_nothing_is_written() {
    let dir = folder("audience-compared-lacking");
    let store = demo_ledger(&dir.join("demo"), 20);
    let newer = newer("audience-compared-lacking-newer");
    let newer = newer.to_str().unwrap();
    let renamed = copy_of_carrier("audience-compared-lacking-renamed", |name| {
        name.ends_with(".kdl") && !["tests.kdl", "invariants.kdl"].contains(&name)
    });
    for entry in std::fs::read_dir(&renamed).unwrap() {
        let file = entry.unwrap().path();
        if file.is_file() {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.replace("partner_offers", "partners_offers");
            std::fs::write(file, text.replace("store_partners", "shop_partners")).unwrap();
        }
    }
    let renamed = renamed.to_str().unwrap();
    let old = carrier();
    let old = old.to_str().unwrap();
    let not_declared = |what: &str, name: &str, near: &str| {
        format!("the {what} `{name}` is not declared; did you mean `{near}`?")
    };
    let not_yet = "version 2027-04-01 takes effect at 2027-04-01T00:00:00+09:00 only; ask about an instant at which both have";
    let answers = [
        format!("{renamed}: {}", not_declared("activity", "partner_offers", "partners_offers")),
        format!("{renamed}: {}", not_declared("recipient", "store_partners", "shop_partners")),
        format!("--policy: {}", not_declared("activity", "partners_offers", "partner_offers")),
        format!("{newer}: {not_yet}"),
        format!("--policy: {not_yet}"),
        "is not at hand, so nothing can be compared with it".to_owned(),
    ];
    let without: &[&str] = &SHAPES[0][..4];
    let mut other = without.to_vec();
    other[2] = "partners_offers";
    let (later, earlier) = ("2024-12-31T23:59:59+09:00", format!("{old}@2015-10-01"));
    let cases: [(&[&str], &[&str]); 6] = [
        (without, &["--compared-policy", renamed]),
        (SHAPES[0], &["--compared-policy", renamed]),
        (&other, &["--compared-policy", renamed]),
        (SHAPES[0], &["--at", later, "--compared-policy", newer]),
        (SHAPES[0], &["--at", later, "--policy", newer, "--compared-policy", old]),
        (SHAPES[0], &["--compared-policy", &earlier]),
    ];
    let cases: Vec<(&[&str], &[&str], &str)> =
        cases.iter().zip(&answers).map(|((shape, more), answer)| (*shape, *more, answer.as_str())).collect();
    refuse(&store, &dir.join("ids.csv"), &cases);
}

#[test]
fn an_activity_that_neither_policy_registers_is_the_same_to_both() {
    let dir = folder("audience-compared-same");
    let store = demo_ledger(&dir.join("demo"), 20);
    let newer = newer("audience-compared-same-newer");
    let more = ["--at", "2027-04-01T00:00:00+09:00", "--compared-policy", newer.to_str().unwrap()];
    let asked = |more: &[&str]| -> Value {
        serde_json::from_str(&said(&audience(&store, SHAPES[8], &[more, &["--format", "json"]].concat())))
            .unwrap()
    };
    let same = asked(&more);
    for way in ["in", "out"] {
        assert_eq!(same["compared"][way], json!({ "principals": 0, "unheard_of": 0, "reasons": [] }));
    }
    assert_eq!(asked(&[])["compared"], Value::Null);
}

#[test]
fn the_list_on_the_page_is_that_of_its_example() {
    let dir = folder("audience-compared-page");
    let store = format!("sqlite:{}", dir.join("members.sqlite").display());
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let members = project.join("docs/tour/members.jsonl");
    said(&nattoku(&store, &["ledger", "import", members.to_str().unwrap(), "--keep-recorded-at"]));
    let csv = dir.join("ids.csv");
    let moments = ["--at", "2026-09-01T00:00:00+09:00", "--compared-at", "2026-06-01T00:00:00+09:00"];
    said(&audience(&store, SHAPES[0], &[&moments[..], &["--ids", csv.to_str().unwrap()]].concat()));
    let list = std::fs::read_to_string(csv).unwrap().replace("\r\n", "\n");
    let page = std::fs::read_to_string(project.join("docs/reference/audience.md")).unwrap();
    assert!(page.contains(&format!("```text\n{list}```\n")), "{list}");
}
