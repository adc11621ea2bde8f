//! A filter selects whom the definition permits: the worlds of the comparison exported as tables, loaded into real databases
//! and asked there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{Dialect, Filter, FilterKind, Snapshot, TABLES};
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::policy::Versions;
use nattoku_model::{Action, Language, Request, Verdict};
use nattoku_policy::{Source, check};

use crate::compare::definition;
use crate::databases::{Loaded, Rows, by_postgresql, by_python};
use crate::differential::{World, setting};
use crate::draw::Draw;
use crate::policies::{all, packs};
use crate::requests::request;

/// Populations, and requests of each.
const WORLDS: u64 = 60;
const REQUESTS: usize = 12;

/// Where the forms of what is asked count and not how many there are.
const FEW: u64 = 15;

/// One request about one population.
struct Pair {
    seed: u64,
    request: Request,
    filter: Filter,
    /// What the definition says of each for whom it is permitted.
    permitted: BTreeMap<String, Verdict>,
}

/// A population in a folder, and what is asked about it.
struct Asked {
    folder: PathBuf,
    pairs: Vec<Pair>,
}

fn id(n: usize) -> String {
    format!("p'{n}")
}

/// Writes the tables of a world, and a table of the caller's own with somebody in it whom the snapshot does not know.
fn write(world: &World, folder: &Path) {
    write_as(world, (&world.versions, world.now), folder);
}

/// The same, as tables of these versions in which the newest event was recorded then.
fn write_as(world: &World, (versions, newest): (&Versions, Timestamp), folder: &Path) {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for table in &TABLES {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        files.insert(table.name, columns.join(",") + "\n");
    }
    let mut put = |table: &'static nattoku_engine::Table, fields: &[&str]| {
        assert_eq!(fields.len(), table.columns.len(), "{}", table.name);
        files.entry(table.name).or_default().push_str(&(fields.join(",") + "\n"));
    };
    let mut snapshot = Snapshot::new(&world.versions);
    snapshot.itself(versions, Revision(1), newest, &mut put).unwrap();
    for (n, own) in world.principals.iter().enumerate() {
        snapshot.principal(&id(n), own, &mut put).unwrap();
    }
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
}

fn worlds(name: &str, n_worlds: u64) -> Vec<Asked> {
    let first = setting("NATTOKU_SEED", 1);
    let n_worlds = setting("NATTOKU_WORLDS", n_worlds);
    let policies = all();
    let packs = packs(&policies);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filters").join(name);
    let world = |seed| {
        let mut draw = Draw::new(seed);
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        let folder = folder.join(seed.to_string());
        write(&world, &folder);
        let mut pairs = Vec::new();
        while pairs.len() < REQUESTS {
            let Some(request) = request(&mut draw, &world.versions, world.now) else { break };
            let filter = Filter::new(&world.versions, &world.general, &request);
            let decided =
                world.principals.iter().enumerate().map(|(n, own)| {
                    (id(n), definition(&world.versions, own, &world.general, &request).verdict)
                });
            let permitted = decided.filter(|(_, verdict)| verdict.is_permitted()).collect();
            pairs.push(Pair { seed, request, filter, permitted });
        }
        Asked { folder, pairs }
    };
    (first..first + n_worlds).map(world).collect()
}

fn loaded(asked: &[Asked], dialect: Dialect) -> Vec<Loaded> {
    let queries = |pairs: &[Pair]| {
        pairs.iter().map(|pair| pair.filter.select(dialect).expect("it is not far away")).collect()
    };
    asked
        .iter()
        .map(|asked| Loaded { folder: asked.folder.clone(), queries: queries(&asked.pairs) })
        .collect()
}

/// Compares what a database says with the definition.
fn compare(asked: &[Asked], dialect: Dialect, rows: &Rows) {
    let pairs: Vec<&Pair> = asked.iter().flat_map(|asked| &asked.pairs).collect();
    assert_eq!(pairs.len(), rows.len());
    let mut n_by_verdict: BTreeMap<&str, usize> = BTreeMap::new();
    for (pair, rows) in pairs.iter().zip(rows) {
        let permitted: Vec<Vec<String>> =
            pair.permitted.iter().map(|(id, verdict)| vec![id.clone(), verdict.to_string()]).collect();
        let mut rows = rows.clone();
        rows.sort();
        let sql = pair.filter.select(dialect).unwrap();
        assert_eq!(rows, permitted, "seed {}: {:#?}\n{sql}", pair.seed, pair.request);
        for verdict in pair.permitted.values() {
            *n_by_verdict.entry(verdict.as_str()).or_default() += 1;
        }
        if pair.filter.kind() == Ok(FilterKind::Never) {
            assert!(pair.permitted.is_empty());
            *n_by_verdict.entry("never").or_default() += 1;
        }
    }
    println!("{} filters in {}: {n_by_verdict:?}", pairs.len(), dialect.as_str());
    assert!(n_by_verdict.values().all(|n| *n > 20) && n_by_verdict.len() == 3, "{n_by_verdict:?}");
}

#[test]
fn tables_of_another_policy_or_a_later_moment_select_nobody() {
    let policies = all();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filters").join("unfit");
    let (mut loaded, mut n_fit) = (Vec::new(), 0);
    for seed in 1..=FEW {
        let mut draw = Draw::new(seed);
        let world = World::draw(&mut draw, &policies[0], &packs(&policies));
        let requests: Vec<Request> =
            (0..REQUESTS).filter_map(|_| request(&mut draw, &world.versions, world.now)).collect();
        let later = world.now + SignedDuration::from_hours(24 * 365 * 20);
        let tables =
            [(&world.versions, world.now), (&policies[1].versions, world.now), (&world.versions, later)];
        for (number, tables) in tables.into_iter().enumerate() {
            let folder = folder.join(format!("{seed}-{number}"));
            write_as(&world, tables, &folder);
            let filter = |request| Filter::new(&world.versions, &world.general, request);
            let queries = requests.iter().map(|request| filter(request).select(Dialect::Duckdb).unwrap());
            loaded.push(Loaded { folder, queries: queries.collect() });
        }
    }
    let Some(rows) = by_python("duckdb", "duckdb", Dialect::Duckdb, &loaded) else { return };
    let mut rows = rows.iter();
    for (number, loaded) in loaded.iter().enumerate() {
        for rows in rows.by_ref().take(loaded.queries.len()) {
            match number % 3 {
                0 => n_fit += rows.len(),
                _ => assert!(rows.is_empty(), "{} {rows:?}", loaded.folder.display()),
            }
        }
    }
    assert!(n_fit > 100, "{n_fit} selected where the tables fit");
}

#[test]
fn postgresql_selects_whom_the_definition_permits() {
    let asked = worlds("postgresql", WORLDS);
    let Some(rows) = by_postgresql(&loaded(&asked, Dialect::Postgresql)) else { return };
    compare(&asked, Dialect::Postgresql, &rows);
}

#[test]
fn duckdb_selects_whom_the_definition_permits() {
    let asked = worlds("duckdb", WORLDS);
    let rows = by_python("duckdb", "duckdb", Dialect::Duckdb, &loaded(&asked, Dialect::Duckdb));
    if let Some(rows) = rows {
        compare(&asked, Dialect::Duckdb, &rows);
    }
}

/// A Spark is half a gigabyte, so a usual run has a parser read what would be asked of it. `NATTOKU_SPARK` asks a real one, in the
/// Python that `NATTOKU_PYTHON` names.
#[test]
fn spark_selects_whom_the_definition_permits_or_reads_at_least_what_it_is_asked() {
    let asked = worlds("spark", FEW);
    let loaded = loaded(&asked, Dialect::Spark);
    if std::env::var_os("NATTOKU_SPARK").is_some() {
        let rows = by_python("spark", "pyspark", Dialect::Spark, &loaded).expect("it is here");
        compare(&asked, Dialect::Spark, &rows);
    } else if let Some(rows) = by_python("parse", "sqlglot", Dialect::Spark, &loaded) {
        assert_eq!(rows.len(), loaded.iter().map(|world| world.queries.len()).sum::<usize>());
    }
}

/// Wordings may be called anything; these are like marks of the tables, or like what escapes in some literal.
const ODD_NAMES: &str = r#"
policy shop version="2019-12-11" {
    effective "2019-12-11T00:00:00+09:00"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku Shop" }
}
category purchase { en "Purchase history" }
source till channel=direct { en "Our tills"; gives purchase }
purpose proposals number="2" { en "Proposals" }
application campaigns { en "Campaign desk" }
activity offers purpose=proposals { en "Offers"; needs purchase; by campaigns; requires consent=mail }
consent mail text="-" accepts="- a\\b it's\\" {
    en "Mail"
    wording "-" { en "We send you offers." }
    wording "a\\b" { en "We send you offers." }
    wording "it's\\" { en "We send you offers." }
    consequence { en "No offers." }
}
"#;

/// Principals of that shop: each agreed to a wording, and their purchases are whose they are, and stopped or not.
fn with_odd_names() -> Vec<Vec<Recorded>> {
    let at: Timestamp = "2025-11-01T00:00:00Z".parse().unwrap();
    let principal = |(wording, entruster, stopped): (&str, Option<&str>, Option<&str>)| {
        let acquired = Event::DataAcquired {
            category: "purchase".into(),
            source: "till".into(),
            entrusted_from: entruster.map(Into::into),
            policy_version: None,
        };
        let granted = Event::ConsentGranted {
            item: "mail".into(),
            text_version: wording.into(),
            language: Language::En,
            channel: "web".into(),
            by: By::Principal,
            until: None,
            evidence: None,
        };
        let restricted = stopped.map(|category| Event::RestrictionPlaced {
            categories: vec![category.into()],
            actions: Vec::new(),
            claim: None,
        });
        let events = [acquired, granted].into_iter().chain(restricted);
        let recorded = |(n, event)| Recorded { revision: Revision(n), at, recorded_at: at, event };
        (1..).zip(events).map(recorded).collect()
    };
    let all = [
        ("-", None, None),
        ("a\\b", None, None),
        ("it's\\", None, None),
        // Names that no policy declares, and the same once more as marks.
        ("unheard of", None, None),
        ("a\\\\b", None, None),
        ("ab", None, None),
        ("-", Some("-"), None),
        ("-", Some("--"), None),
        ("-", None, Some("*")),
        ("-", None, Some("purchase")),
    ];
    all.map(principal).into()
}

#[test]
fn a_name_that_is_like_a_mark_or_escapes_is_a_name() {
    let policies = all();
    let mut world = World::draw(&mut Draw::new(1), &policies[0], &packs(&policies));
    let checked = check(&[Source::new("policy.kdl", ODD_NAMES)]);
    world.versions = checked.versions.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    (world.general, world.principals) = (Vec::new(), with_odd_names());
    world.now = "2025-11-02T00:00:00Z".parse().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filters").join("odd");
    write(&world, &folder);
    let request = Request {
        application: "campaigns".into(),
        action: Action::Use,
        activity: "offers".into(),
        purpose: None,
        categories: vec!["purchase".into()],
        recipient: None,
        at: world.now,
        known_at: None,
        exception: None,
    };
    let filter = Filter::new(&world.versions, &[], &request);
    let decided = world.principals.iter().enumerate().filter(|(_, own)| {
        let verdict = definition(&world.versions, own, &[], &request).verdict;
        verdict.is_permitted()
    });
    let permitted: Vec<String> = decided.map(|(n, _)| id(n)).collect();
    assert_eq!(permitted, [0, 1, 2, 8].map(id));
    let ids = |mut rows: Vec<Vec<String>>| {
        rows.sort();
        rows.into_iter().map(|row| row[0].clone()).collect::<Vec<String>>()
    };
    let loaded = |dialect| {
        let query = filter.select(dialect).unwrap();
        [Loaded { folder: folder.clone(), queries: vec![query] }]
    };
    if let Some(mut rows) = by_python("duckdb", "duckdb", Dialect::Duckdb, &loaded(Dialect::Duckdb)) {
        assert_eq!(ids(rows.remove(0)), permitted);
    }
    for conforming in ["on", "off"] {
        let mut loaded = loaded(Dialect::Postgresql);
        loaded[0].queries.insert(0, format!("SET standard_conforming_strings = {conforming}"));
        let Some(mut rows) = by_postgresql(&loaded) else { return };
        assert_eq!(ids(rows.remove(1)), permitted, "{conforming}");
    }
}

#[test]
fn duckdb_reads_names_as_they_are_written_and_guesses_nothing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filters").join("quotes");
    fs::create_dir_all(&folder).unwrap();
    // As many plain lines as a guess looks at, and then what they gave no hint of.
    let plain = |n: usize| (format!("'{n}'"), format!("'{n}'"));
    let odd = [("a,\"b\"", "\"a,\"\"b\"\"\""), ("two\r\nlines", "\"two\r\nlines\""), (" c\\", " c\\")];
    let names: Vec<(String, String)> = (0..25_000)
        .map(plain)
        .chain(odd.map(|(name, written)| (name.to_owned(), written.to_owned())))
        .collect();
    for table in &TABLES {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let mut text = columns.join(",") + "\r\n";
        if table.name == "nattoku_principal" {
            for (_, written) in &names {
                let _ = write!(text, "{written},true\r\n");
            }
        }
        fs::write(folder.join(format!("{}.csv", table.name)), text).unwrap();
    }
    let queries = vec!["SELECT id FROM nattoku_principal".to_owned()];
    let loaded = [Loaded { folder, queries }];
    let Some(mut rows) = by_python("duckdb", "duckdb", Dialect::Duckdb, &loaded) else { return };
    let mut read: Vec<String> = rows.remove(0).into_iter().flatten().collect();
    let mut names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    read.sort();
    names.sort();
    assert!(read == names, "{:?}", read.iter().find(|name| !names.contains(name)));
}

#[test]
fn the_condition_alone_fits_into_a_query_of_the_callers() {
    let asked = worlds("condition", FEW);
    let in_a_query = |pair: &Pair| {
        let condition = pair.filter.condition(Dialect::Duckdb, "c.customer").expect("it is not far away");
        let known = "SELECT id AS customer FROM nattoku_principal UNION ALL SELECT 'a stranger'";
        format!("SELECT c.customer FROM ({known}) c WHERE LENGTH(c.customer) > 1 AND ({condition})")
    };
    let queries = asked.iter().map(|asked| Loaded {
        folder: asked.folder.clone(),
        queries: asked.pairs.iter().map(in_a_query).collect(),
    });
    let loaded: Vec<Loaded> = queries.collect();
    let Some(rows) = by_python("duckdb", "duckdb", Dialect::Duckdb, &loaded) else { return };
    for (pair, mut rows) in asked.iter().flat_map(|asked| &asked.pairs).zip(rows) {
        rows.sort();
        let permitted: Vec<Vec<String>> = pair.permitted.keys().map(|id| vec![id.clone()]).collect();
        assert_eq!(rows, permitted, "seed {}: {:#?}", pair.seed, pair.request);
    }
}

#[test]
fn the_page_about_the_tables_names_every_column() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/filter-schema.md");
    let page = fs::read_to_string(page).unwrap();
    let mut sections = page.split("\n## ").skip(1);
    for table in &TABLES {
        let section = sections.next().unwrap();
        assert!(section.starts_with(&format!("`{}`\n", table.name)), "{}", table.name);
        let named: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(named.len(), table.columns.len(), "{}", table.name);
        for (column, line) in table.columns.iter().zip(named) {
            let kind = format!("{:?}", column.kind).to_lowercase();
            assert!(line.starts_with(&format!("| `{}` | {kind} |", column.name)), "{line}");
        }
    }
    assert!(sections.next().is_none());
}
