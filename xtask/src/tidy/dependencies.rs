//! The dependency table of `ARCHITECTURE.md` against what cargo says.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::source::read_text;
use crate::steps::{Failure, Outcome};
use crate::workspace::{Use, Workspace};

const PAGE: &str = "ARCHITECTURE.md";
const HEADER: &str = "| crate | may depend on |";
/// Stands for every other crate of the table.
const ALL: &str = "all";
/// What tests share, and what decides the scenarios of the cases: other crates may use these in their tests, whatever
/// their row says. What lies below these, or below a crate itself, by the rows of others, it may use in its tests too.
const FOR_TESTS: [&str; 2] = ["testkit", "analysis"];

/// A row of the table: its line, and the crates named in its second column.
struct Row {
    line: usize,
    may: BTreeSet<String>,
}

/// Every crate has one row and depends on nothing its row does not name; every row is of a crate, and names no
/// crate that it does not depend on.
pub(crate) fn check(workspace: &Workspace) -> Outcome<Vec<Finding>> {
    let (rows, mut findings) = read_table(&read_text(&workspace.root().join(PAGE))?)?;
    findings.extend(compare(&rows, &ours(workspace)?));
    Ok(findings)
}

/// Our crates by the short names of the table, without the program of these checks.
fn ours(workspace: &Workspace) -> Outcome<BTreeMap<String, Vec<(String, Use)>>> {
    let short = |name: &str| name.strip_prefix("nattoku-").unwrap_or(name).to_owned();
    let crates = workspace.crates()?.into_iter().filter(|one| one.name != "xtask");
    Ok(crates
        .map(|one| {
            let uses = one.uses.into_iter().map(|(used, kind)| (short(&used), kind));
            (short(&one.name), uses.collect())
        })
        .collect())
}

/// The rows by crate, and a finding for each row of a crate that has one already.
fn read_table(text: &str) -> Outcome<(BTreeMap<String, Row>, Vec<Finding>)> {
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with(HEADER));
    if lines.next().is_none() {
        return Err(Failure::new(format!("{PAGE} has no table that begins `{HEADER}`")));
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut findings = Vec::new();
    for (index, line) in lines.skip(1).take_while(|(_, line)| line.starts_with('|')) {
        let mut cells = line.trim_matches('|').split('|');
        let (Some(name), Some(may)) = (cells.next(), cells.next()) else { continue };
        let may = may.split(',').map(|word| plain(word).to_owned());
        let may = may.filter(|word| !word.is_empty() && word != "–").collect();
        let (name, line) = (plain(name), index + 1);
        if let Some(first) = rows.get(name) {
            let message = format!("`{name}` has a row already, in line {}: merge the two", first.line);
            findings.push(Finding::new(PAGE, line, message));
        } else {
            rows.insert(name.to_owned(), Row { line, may });
        }
    }
    Ok((rows, findings))
}

fn plain(cell: &str) -> &str {
    cell.trim().trim_matches('`')
}

/// Every crate that may be reached from one by the rows.
fn below<'a>(rows: &'a BTreeMap<String, Row>, name: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(next) = waiting.pop() {
        for named in rows.get(next).into_iter().flat_map(|row| &row.may) {
            if found.insert(named.as_str()) {
                waiting.push(named);
            }
        }
    }
    found
}

fn compare(rows: &BTreeMap<String, Row>, crates: &BTreeMap<String, Vec<(String, Use)>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let below_tests: BTreeSet<&str> = FOR_TESTS.iter().flat_map(|name| below(rows, name)).collect();
    for (name, uses) in crates {
        let Some(row) = rows.get(name) else {
            findings.push(Finding::new(PAGE, 0, format!("the table has no row for the crate `{name}`")));
            continue;
        };
        let all_below = below(rows, name);
        for (used, kind) in uses {
            let is_reached = all_below.contains(used.as_str()) || below_tests.contains(used.as_str());
            // A crate names itself where its tests need a feature of its own.
            let is_itself = used == name;
            let is_for_tests = FOR_TESTS.contains(&used.as_str()) || is_reached || is_itself;
            let for_tests = *kind == Use::Test && is_for_tests;
            if !row.may.contains(ALL) && !row.may.contains(used) && !for_tests {
                let message = format!("`{name}` depends on `{used}`, which its row does not allow");
                findings.push(Finding::new(PAGE, row.line, message));
            }
        }
        for named in row.may.iter().filter(|named| *named != ALL) {
            if !uses.iter().any(|(used, _)| used == named) {
                let message = format!("the row says that `{name}` may depend on `{named}`, and it does not");
                findings.push(Finding::new(PAGE, row.line, message));
            }
        }
    }
    for (name, row) in rows.iter().filter(|(name, _)| !crates.contains_key(*name)) {
        findings.push(Finding::new(PAGE, row.line, format!("there is no crate `{name}`")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| crate | may depend on | may use |\n| --- | --- | --- |\n\
                         | `model` | – | jiff |\n| `policy` | `model` | kdl |\n| `nattoku` | all | clap |\n\nprose\n";

    fn crates(uses: &[(&str, &[(&str, Use)])]) -> BTreeMap<String, Vec<(String, Use)>> {
        let own =
            |used: &[(&str, Use)]| used.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        uses.iter().map(|(name, used)| ((*name).to_owned(), own(used))).collect()
    }

    fn rows(table: &str) -> BTreeMap<String, Row> {
        let (rows, findings) = read_table(table).unwrap();
        assert_eq!(findings, vec![]);
        rows
    }

    #[test]
    fn a_true_table_has_no_findings() {
        let ours = crates(&[
            ("model", &[("testkit", Use::Test)]),
            ("policy", &[("model", Use::Normal), ("analysis", Use::Test)]),
            ("nattoku", &[("policy", Use::Normal), ("model", Use::Normal)]),
        ]);
        assert_eq!(compare(&rows(TABLE), &ours), vec![]);
    }

    #[test]
    fn tests_may_use_what_lies_below() {
        let table =
            "| crate | may depend on |\n| --- | --- |\n| model | – |\n| store | model |\n| web | store |\n";
        let ours = |kind| {
            crates(&[
                ("model", &[]),
                ("store", &[("model", Use::Normal)]),
                ("web", &[("store", Use::Normal), ("model", kind)]),
            ])
        };
        assert_eq!(compare(&rows(table), &ours(Use::Test)), vec![]);
        assert_eq!(compare(&rows(table), &ours(Use::Normal)).len(), 1);
    }

    #[test]
    fn a_second_row_of_a_crate_is_found_and_the_first_counts() {
        let (rows, found) = read_table(&TABLE.replace("\n\n", "\n| model | policy |\n\n")).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["ARCHITECTURE.md:6: `model` has a row already, in line 3: merge the two"]);
        assert!(rows["model"].may.is_empty());
    }

    #[test]
    fn tests_may_use_what_lies_below_the_crate_that_tests_share() {
        let table = "| crate | may depend on |\n| --- | --- |\n| model | – |\n| spec | model |\n| testkit | spec |\n| engine | model |\n";
        let ours = |kind| {
            crates(&[
                ("model", &[]),
                ("spec", &[("model", Use::Normal)]),
                ("testkit", &[("spec", Use::Normal)]),
                ("engine", &[("model", Use::Normal), ("testkit", Use::Test), ("spec", kind)]),
            ])
        };
        assert_eq!(compare(&rows(table), &ours(Use::Test)), vec![]);
        assert_eq!(compare(&rows(table), &ours(Use::Normal)).len(), 1);
    }

    #[test]
    fn tests_may_name_their_own_crate() {
        let ours = |kind| crates(&[("model", &[("model", kind)]), ("policy", &[("model", Use::Normal)])]);
        let table = "| crate | may depend on |\n| --- | --- |\n| model | – |\n| policy | model |\n";
        assert_eq!(compare(&rows(table), &ours(Use::Test)), vec![]);
        assert_eq!(compare(&rows(table), &ours(Use::Normal)).len(), 1);
    }

    #[test]
    fn what_the_table_does_not_say_is_found_and_what_it_says_too_much() {
        let ours = crates(&[
            ("model", &[("policy", Use::Normal), ("testkit", Use::Normal)]),
            ("policy", &[]),
            ("store", &[]),
        ]);
        let found: Vec<String> = compare(&rows(TABLE), &ours).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "ARCHITECTURE.md:3: `model` depends on `policy`, which its row does not allow",
                "ARCHITECTURE.md:3: `model` depends on `testkit`, which its row does not allow",
                "ARCHITECTURE.md:4: the row says that `policy` may depend on `model`, and it does not",
                "ARCHITECTURE.md: the table has no row for the crate `store`",
                "ARCHITECTURE.md:5: there is no crate `nattoku`",
            ]
        );
    }
}
