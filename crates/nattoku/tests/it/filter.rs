//! What `nattoku filter` selects from the tables of `nattoku ledger tables` is the audience.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::audience::{SHAPES, flags, nattoku, said};
use crate::folders::{carrier, demo_ledger, folder};

/// What DuckDB answers to each query in a folder, after the statements that load its tables; nothing where it is absent, unless
/// it is promised.
pub(crate) fn by_duckdb(folder: &Path, load: &str, queries: &[String]) -> Option<Vec<Vec<(String, String)>>> {
    let python = nattoku_testkit::python("duckdb", env!("CARGO_TARGET_TMPDIR"))?;
    let manifest = folder.with_extension("json");
    let asked = json!([{ "folder": folder, "load": load, "queries": queries }]);
    std::fs::write(&manifest, asked.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/filters.py");
    let answered = Command::new(python).arg(script).arg("duckdb").arg(manifest).output().unwrap();
    assert!(answered.status.success(), "{}", String::from_utf8_lossy(&answered.stderr));
    let rows = |line: &str| serde_json::from_str::<Vec<(String, String)>>(line).unwrap();
    Some(String::from_utf8(answered.stdout).unwrap().lines().map(rows).collect())
}

#[test]
fn a_filter_selects_the_audience() {
    let dir = folder("filter");
    let store = demo_ledger(&dir.join("demo"), 300);
    let tables = dir.join("tables");
    let written = said(&nattoku(&store, &["ledger", "tables", "--out", tables.to_str().unwrap()]));
    assert!(written.contains("300 principals, at revision"), "{written}");
    let mut names: Vec<String> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["demo", "tables"], "something was left beside the folder");

    let ids = dir.join("ids.csv");
    let (mut queries, mut audiences) = (Vec::new(), Vec::new());
    for shape in SHAPES {
        let more = ["--format", "json", "--ids", ids.to_str().unwrap()];
        let counted = nattoku(&store, &[&["audience"], flags(shape, &more).as_slice()].concat());
        let counted: Value = serde_json::from_str(&said(&counted)).unwrap();
        let mut audience: Vec<(String, String)> = std::fs::read_to_string(&ids)
            .unwrap()
            .lines()
            .skip(1)
            .map(|line| {
                line.split_once(',').map(|(id, verdict)| (id.to_owned(), verdict.to_owned())).unwrap()
            })
            .collect();
        audience.sort();
        audiences.push(audience);
        let more = ["--at", counted["at"].as_str().unwrap(), "--dialect", "duckdb", "--format", "json"];
        let filter = nattoku(&store, &[&["filter"], flags(shape, &more).as_slice()].concat());
        let filter: Value = serde_json::from_str(&said(&filter)).unwrap();
        assert_eq!(filter["revision"], counted["revision"]);
        assert_eq!(filter["policy_version"], counted["policy_version"]);
        // For what nobody registered no facts are asked.
        assert_eq!(filter["kind"] == "never", shape[2] == "horoscopes", "{shape:?}");
        queries.push(filter["sql"].as_str().unwrap().to_owned());
    }
    assert!(audiences.iter().map(Vec::len).sum::<usize>() > 500);
    let load = std::fs::read_to_string(tables.join("duckdb.sql")).unwrap();
    let Some(selected) = by_duckdb(&tables, &load, &queries) else { return };
    for ((mut selected, audience), shape) in selected.into_iter().zip(audiences).zip(SHAPES) {
        selected.sort();
        assert_eq!(selected, audience, "{shape:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_tables_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = folder("filter-private");
    let store = demo_ledger(&dir.join("demo"), 20);
    let tables = dir.join("above").join("tables");
    said(&nattoku(&store, &["ledger", "tables", "--out", tables.to_str().unwrap()]));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&tables), 0o700);
    let files: Vec<_> = std::fs::read_dir(&tables).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 12 + 3);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// Whether a command that makes `made` was interrupted before it had; in either case nothing else is left.
#[cfg(unix)]
fn is_interrupted(store: &str, asked: &[&str], made: &Path, signal: &str) -> bool {
    let mut process = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .envs([("NATTOKU_POLICY", carrier().as_os_str()), ("NATTOKU_STORE", store.as_ref())])
        .args(asked)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut partial = made.as_os_str().to_owned();
    partial.push(format!(".{}.partial", process.id()));
    let partial = Path::new(&partial);
    while !partial.exists() && process.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args([signal, &process.id().to_string()]).output().is_ok());
    let code = process.wait().unwrap().code();
    assert!(!partial.exists(), "{signal}");
    assert_eq!(code, Some(if made.exists() { 0 } else { 3 }), "{signal}");
    let _ = if made.is_dir() { std::fs::remove_dir_all(made) } else { std::fs::remove_file(made) };
    code == Some(3)
}

#[cfg(unix)]
#[test]
fn whoever_interrupts_finds_nothing_half_done() {
    let dir = folder("filter-interrupted");
    let store = demo_ledger(&dir.join("demo"), 300);
    let [tables, ids] = ["tables", "ids.csv"].map(|name| dir.join(name));
    let tables_asked = ["ledger", "tables", "--out", tables.to_str().unwrap()];
    let ids_asked = [&["audience"], flags(SHAPES[0], &["--ids", ids.to_str().unwrap()]).as_slice()].concat();
    for (asked, made) in [(tables_asked.as_slice(), &tables), (&ids_asked, &ids)] {
        for signal in ["-INT", "-TERM", "-HUP"] {
            // Where the machine lets this test wait too long, what is made is whole before it can interrupt.
            assert!((0..20).any(|_| is_interrupted(&store, asked, made, signal)), "{asked:?} {signal}");
        }
    }
}

#[test]
fn what_is_refused_is_told_and_nothing_is_written() {
    let dir = folder("filter-wrong");
    let store = demo_ledger(&dir.join("demo"), 20);
    let filter = |more: &[&str]| nattoku(&store, &[&["filter"], flags(SHAPES[0], more).as_slice()].concat());
    let cases: [(&[&str], &str); 4] = [
        (&["--dialect", "duckdb", "--at", "2021-04-01T00:00:00+09:00"], "a filter answers for now"),
        (&["--dialect", "duckdb", "--known-at", "2021-04-01T00:00:00+09:00"], "a filter answers for now"),
        (&["--dialect", "spark", "--id", "id) OR (TRUE"], "is no name of a column"),
        (&["--dialect", "oracle"], "possible values: postgresql, duckdb, spark"),
    ];
    for (more, told) in cases {
        let refused = filter(more);
        assert_eq!(refused.status.code(), Some(2), "{more:?}");
        assert!(refused.stdout.is_empty(), "{more:?}");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(said.contains(told), "{more:?}: {said}");
    }
    let full = dir.join("demo");
    let refused = nattoku(&store, &["ledger", "tables", "--out", full.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not empty; nothing is overwritten"));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn a_filter_says_what_it_is_and_when_it_is_stale() {
    let dir = folder("filter-told");
    let store = demo_ledger(&dir.join("demo"), 20);
    let filter = |shape: &[&str], more: &[&str]| {
        said(&nattoku(&store, &[&["filter"], flags(shape, more).as_slice()].concat()))
    };
    let asked = filter(SHAPES[0], &["--dialect", "postgresql", "--id", "customers.customer_id"]);
    let mut lines = asked.lines();
    assert_eq!(lines.next(), Some("-- campaign_platform provide partner_offers: purchase > store_partners"));
    let (basis, stale) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(
        basis.contains("by version 2019-12-11")
            && basis.ends_with(": permitted for whoever meets the condition"),
        "{basis}"
    );
    assert!(stale.starts_with("-- stale from "), "{stale}");
    let known = "EXISTS (SELECT 1 FROM nattoku_principal k WHERE k.id = customers.customer_id)";
    assert_eq!(lines.next(), Some(known));
    let in_japanese = filter(SHAPES[0], &["--dialect", "spark", "--lang", "ja"]);
    assert!(
        in_japanese.contains("2019-12-11 版")
            && in_japanese.contains("条件を満たす本人に許されます\n")
            && in_japanese.contains("SELECT p.id"),
        "{in_japanese}"
    );
    // An activity that nobody registered may be any text.
    let mut hostile = SHAPES[0].to_vec();
    hostile[2] = "x\nSELECT 1";
    let never = filter(&hostile, &["--dialect", "duckdb"]);
    assert!(never.ends_with("WHERE FALSE;\n") && never.contains(": permitted for nobody\n"), "{never}");
    assert!(never.lines().take(3).all(|line| line.starts_with("-- ")), "{never}");
}
