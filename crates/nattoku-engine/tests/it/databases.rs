//! Real databases: a PostgreSQL of the test's own, and DuckDB by its Python package.
//!
//! `cargo xtask test` installs both. Where one is absent a test says so and holds nothing, except where `NATTOKU_INSTALLED`
//! promises that it is there.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nattoku_engine::{Dialect, load};
use nattoku_testkit::postgresql::Postgresql;
use nattoku_testkit::python::python;
use serde_json::{Value, json};

/// Tables in a folder, and questions about them.
pub(crate) struct Loaded {
    pub(crate) folder: PathBuf,
    pub(crate) queries: Vec<String>,
}

/// The rows of each query, one after the other.
pub(crate) type Rows = Vec<Vec<Vec<String>>>;

/// Asks in Python, by one of the ways of `tests/python/filters.py`.
pub(crate) fn by_python(way: &str, package: &str, dialect: Dialect, worlds: &[Loaded]) -> Option<Rows> {
    let python = python(package, env!("CARGO_TARGET_TMPDIR"))?;
    let worlds: Vec<Value> = worlds
        .iter()
        .map(|world| json!({ "folder": world.folder, "load": load(dialect).repeat(2), "queries": world.queries }))
        .collect();
    let manifest =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("filters-{}.json", std::process::id()));
    fs::write(&manifest, Value::from(worlds).to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/filters.py");
    let asked = Command::new(python).arg(script).arg(way).arg(&manifest).output().unwrap();
    fs::remove_file(&manifest).unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| row.as_array().unwrap().iter().map(text).collect();
    let rows = |line: &str| serde_json::from_str::<Vec<Value>>(line).unwrap().iter().map(row).collect();
    Some(String::from_utf8(asked.stdout).unwrap().lines().map(rows).collect())
}

/// Loads each world into a schema of its own in a PostgreSQL of the test's own, and asks.
pub(crate) fn by_postgresql(worlds: &[Loaded]) -> Option<Rows> {
    let server = Postgresql::start("filters")?;
    let mut script = "\\pset format unaligned\n\\pset tuples_only on\n".to_owned();
    script.push_str("\\pset fieldsep ' '\n\\pset footer off\nSET client_min_messages = warning;\n");
    for (number, world) in worlds.iter().enumerate() {
        let folder = world.folder.display();
        let _ = write!(script, "CREATE SCHEMA w{number};\nSET search_path = w");
        let _ = writeln!(script, "{number};");
        // What an earlier snapshot left there gives way.
        let before = worlds.first().map_or(folder, |first| first.folder.display());
        for folder in [before, world.folder.display()] {
            let _ = writeln!(script, "\\cd {folder}");
            script += &load(Dialect::Postgresql).replace("ANALYZE;\n", "");
        }
        for query in &world.queries {
            let _ = write!(script, "\\echo ?\n{query};\n");
        }
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filters-postgresql.sql");
    fs::write(&file, script).unwrap();
    let answered = server.program("psql").args(["-X", "-q", "-f"]).arg(file).output().unwrap();
    assert!(answered.status.success(), "{}", String::from_utf8_lossy(&answered.stderr));
    let answered = String::from_utf8(answered.stdout).unwrap();
    let mut rows: Rows = Vec::new();
    for line in answered.lines() {
        match line {
            "?" => rows.push(Vec::new()),
            line => rows.last_mut().unwrap().push(line.split(' ').map(str::to_owned).collect()),
        }
    }
    Some(rows)
}
