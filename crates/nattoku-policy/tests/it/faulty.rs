//! The policies of `cases/faulty/`: one deliberate fault for every rule, and each found exactly once, at its mark.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nattoku_analysis::{check, check_with};
use nattoku_model::Language;
use nattoku_policy::diagnostic::render::concise;
use nattoku_policy::source::FILE_BYTES_MAX;
use nattoku_policy::{Checked, Source, explain, lint};

const FOLDERS: [&str; 4] = ["language", "law", "absent", "untested"];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/faulty").join(name)
}

fn read(root: &Path, below: &Path, sources: &mut Vec<Source>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(below).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(root, &path, sources);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let mut bytes = fs::read(&path).unwrap();
        // What no text file of this repository should be is made here.
        if name.ends_with("large.kdl") {
            bytes.resize(FILE_BYTES_MAX + 1, b'\n');
        } else if name.ends_with("latin1.kdl") {
            let text = String::from_utf8(bytes).unwrap();
            bytes = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        }
        sources.push(Source::new(name, bytes));
    }
}

fn sources(name: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    read(&folder(name), &folder(name), &mut sources);
    sources
}

/// A finding or the mark of one: rule, file, line.
type Place = (String, String, usize);

/// The marks of a policy's sources.
fn marks(sources: &[Source]) -> Vec<Place> {
    let mut marks = Vec::new();
    for source in sources {
        for (line, text) in (1..).zip(String::from_utf8_lossy(&source.bytes).lines()) {
            for mark in text.split("fault: ").skip(1) {
                let end = mark.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(mark.len());
                marks.push((mark[..end].to_owned(), source.name.clone(), line));
            }
        }
    }
    marks.sort();
    marks
}

fn found(checked: &Checked) -> Vec<Place> {
    let mut found: Vec<Place> = checked
        .diagnostics
        .iter()
        .map(|d| {
            let at = &d.primary;
            let line = checked.files.line(at.file, at.span.start);
            (d.rule.to_owned(), checked.files.name(at.file).to_owned(), line)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_fault_is_found_at_its_mark_and_nothing_else() {
    for name in FOLDERS {
        let sources = sources(name);
        let checked = check(&sources);
        let said = concise::render(&checked.diagnostics, &checked.files, Language::En, usize::MAX);
        assert_eq!(found(&checked), marks(&sources), "cases/faulty/{name}:\n{said}");
        assert!(checked.allowed.is_empty());
    }
}

#[test]
fn every_rule_has_exactly_one_fault() {
    let mut n_faults: BTreeMap<String, usize> = BTreeMap::new();
    for (rule, ..) in FOLDERS.iter().flat_map(|name| marks(&sources(name))) {
        *n_faults.entry(rule).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> =
        explain::all().iter().map(|rule| (rule.name.to_owned(), 1)).collect();
    assert_eq!(n_faults, expected);
    assert!(expected.len() >= 50, "{} rules", expected.len());
}

#[test]
fn without_a_rule_its_fault_is_not_found_and_all_others_are() {
    for name in ["law", "absent", "untested"] {
        let sources = sources(name);
        for (rule, ..) in marks(&sources) {
            let rules: Vec<&dyn lint::LintRule> =
                lint::RULES.iter().copied().filter(|r| r.name() != rule).collect();
            assert_eq!(rules.len(), lint::RULES.len() - 1, "{rule} is a rule of the linter");
            let expected: Vec<Place> = marks(&sources).into_iter().filter(|m| m.0 != rule).collect();
            assert_eq!(found(&check_with(&sources, &rules)), expected, "without {rule}");
        }
    }
}

/// A rule of the language cannot be left out, since reading is what enforces it. Its fault taken away, and so what it found,
/// everything else stays as it was.
#[test]
fn a_fault_of_the_language_mended_is_the_one_that_is_no_longer_found() {
    let sources = sources("language");
    let mended = |rule: &str| match rule {
        "cyclic-derivation" => ("derived-from purchase", "derived-from contact"),
        "duplicate-name" => ("till { ja \"二台目", "second_till { ja \"二台目"),
        "equivalent-country-beyond-law" => ("US", "DE"),
        "encoding" => ("\u{fffd}", "e"),
        "full-width-punctuation" => ("＝", "="),
        "invisible-character" => ("\\u{7}", ""),
        "law-not-in-force" => ("    law appi \"2026-07-17\"", "    //"),
        "law-unknown" => ("    law apppi", "    //"),
        "malformed-name" => ("ShopNotices", "shop_notices"),
        "malformed-notice" => ("malformed-notice)", "malformed-notice) {#purposes}"),
        "missing-policy" => (
            "category contact",
            "policy shop version=\"2010\" { effective \"2010-01-01\"; timezone \"Asia/Tokyo\"; languages ja en; text absent }; category contact",
        ),
        "missing-value" => ("for=\"6 months\"", "for=\"6 months\" after=acquired"),
        "syntax" => ("} }", "}"),
        "undeclared-name" => ("contct", "contact"),
        "unexpected-node" => ("retian", "retain"),
        "unexpected-value" => ("half a year", "6 months"),
        other => panic!("how is `{other}` mended?"),
    };
    for (rule, file, line) in marks(&sources) {
        let mut sources = sources.clone();
        if matches!(rule.as_str(), "pack-redefined" | "source-too-large") {
            sources.retain(|s| s.name != file);
        } else {
            let source = sources.iter_mut().find(|s| s.name == file).unwrap();
            let text = String::from_utf8_lossy(&source.bytes).into_owned();
            let (before, rest) = split_at_line(&text, line);
            let (fault, instead) = mended(&rule);
            assert!(rest.contains(fault), "{rule}: {rest}");
            source.bytes = format!("{before}{}", rest.replacen(fault, instead, 1)).into_bytes();
        }
        let others: Vec<Place> = marks(&sources).into_iter().filter(|m| m.0 != rule).collect();
        assert_eq!(found(&check(&sources)), others, "{rule} mended");
    }
}

/// A text before a line and from it on.
fn split_at_line(text: &str, line: usize) -> (&str, &str) {
    let end = line.checked_sub(2).and_then(|n| text.match_indices('\n').nth(n));
    let start = end.map_or(0, |(i, _)| i + 1);
    text.split_at(start)
}
