//! `nattoku audience --ids FILE.parquet` writes whom `--ids FILE.csv` writes, in the same order, and what the list is of.

use std::path::Path;

use serde_json::{Value, json};

use crate::audience::{SHAPES, audience, said};
use crate::filter::by_duckdb;
use crate::folders::{demo_ledger, folder};

/// The lines of a list of CSV after its head.
fn lines(csv: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(csv).unwrap();
    let line = |line: &str| line.split_once(',').map(|(id, verdict)| (id.to_owned(), verdict.to_owned()));
    text.lines().skip(1).map(|text| line(text).unwrap()).collect()
}

#[test]
fn duckdb_reads_from_it_whom_the_csv_holds_and_what_it_is_of() {
    let dir = folder("audience-parquet");
    let store = demo_ledger(&dir.join("demo"), 300);
    let lists = dir.join("lists");
    std::fs::create_dir(&lists).unwrap();
    let except = json!({ "action": "use", "activity": "campaign_news", "categories": ["contact.email"] });
    let except = except.to_string();
    let then = ["--at", "2021-04-01T00:00:00+09:00", "--known-at", "2021-04-01T00:00:00+09:00"];
    let cases: [(usize, &[&str]); 5] =
        [(0, &[]), (2, &[]), (2, &then), (6, &["--except", &except]), (8, &[])];
    let (mut queries, mut expected) = (Vec::new(), Vec::new());
    for (place, (shape, more)) in cases.iter().enumerate() {
        let shape = SHAPES[*shape];
        let ask = |ids: &Path, more: &[&str]| -> Value {
            let ids = ["--format", "json", "--ids", ids.to_str().unwrap()];
            serde_json::from_str(&said(&audience(&store, shape, &[&ids, more].concat()))).unwrap()
        };
        let parquet = lists.join(format!("{place}.PARQUET"));
        let counted = ask(&parquet, more);
        let csv = lists.join("ids.csv");
        let at = ["--at", counted["at"].as_str().unwrap()];
        let again = if more.contains(&"--at") { more.to_vec() } else { [*more, &at].concat() };
        ask(&csv, &again);
        queries.push(format!("SELECT principal, verdict FROM read_parquet('{place}.PARQUET')"));
        expected.push(lines(&csv));
        let about = "decode(key), decode(value)";
        queries.push(format!("SELECT {about} FROM parquet_kv_metadata('{place}.PARQUET') ORDER BY 1"));
        let mut question = json!({
            "action": shape[1], "activity": shape[2], "application": shape[0], "categories": [shape[3]],
            "purpose": null, "recipient": shape.get(5),
        });
        if let Value::Object(together) = &counted["together"] {
            question["and"] = json!([]);
            question["except"] = together["except"].clone();
            // What was answered is not what was asked.
            for answered in ["permitted", "nearest_activity"] {
                question["except"][0].as_object_mut().unwrap().remove(answered).unwrap();
            }
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let about = [
            ("at", text(&counted["at"])),
            ("known_at", text(&counted["known_at"])),
            ("policy_digest", Some(digest())),
            ("policy_version", text(&counted["policy_version"])),
            ("question", Some(question.to_string())),
            ("revision", Some(counted["revision"].to_string())),
        ];
        let about = about.into_iter().filter_map(|(name, value)| Some((format!("nattoku.{name}"), value?)));
        expected.push(about.collect());
        std::fs::remove_file(&csv).unwrap();
        is_the_owners_alone(&parquet);
    }
    assert_eq!(
        std::fs::read_dir(&lists).unwrap().count(),
        cases.len(),
        "something was left beside the lists"
    );
    assert!(expected.iter().map(Vec::len).sum::<usize>() > 300);
    let Some(found) = by_duckdb(&lists, "", &queries) else { return };
    for ((found, expected), query) in found.into_iter().zip(expected).zip(queries) {
        assert_eq!(found, expected, "{query}");
    }
}

/// What all sources of the reference policy come to, as a stream of decisions names it.
fn digest() -> String {
    let checked =
        nattoku_policy::check::check(&nattoku_operations::read_folder(&crate::folders::carrier()).unwrap());
    checked.sources_digest
}

/// It is about people.
fn is_the_owners_alone(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(file.is_file());
}

#[test]
fn where_it_cannot_be_written_or_asked_nothing_is_left() {
    let dir = folder("audience-parquet-wrong");
    let store = demo_ledger(&dir.join("demo"), 300);
    let lists = dir.join("lists");
    std::fs::create_dir(&lists).unwrap();
    let ids = lists.join("ids.parquet");
    let wrong = ["campaign_platform", "provide", "partner_offers", "purchases"];
    let refused = audience(&store, &wrong, &["--ids", ids.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(&lists).unwrap().count(), 0);
    #[cfg(target_os = "linux")]
    {
        std::os::unix::fs::symlink("/dev/full", &ids).unwrap();
        let failed = audience(&store, SHAPES[2], &["--ids", ids.to_str().unwrap()]);
        let told = String::from_utf8_lossy(&failed.stderr).into_owned();
        assert_eq!(failed.status.code(), Some(3), "{told}");
        assert!(told.contains(&format!("cannot write {}: No space left on device", ids.display())), "{told}");
        assert!(failed.stdout.is_empty(), "nothing is counted where the list is not whole");
    }
}
