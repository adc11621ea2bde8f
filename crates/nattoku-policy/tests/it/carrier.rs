//! The reference policy checks without an error.

use std::fs;
use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_policy::diagnostic::render::text;
use nattoku_policy::{Severity, Source, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")
}

fn read(folder: &Path, below: &Path, sources: &mut Vec<Source>) {
    let mut entries: Vec<_> = fs::read_dir(below).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read(folder, &path, sources);
        } else {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            sources.push(Source::new(name, fs::read(&path).unwrap()));
        }
    }
}

pub(crate) fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    read(&folder(), &folder(), &mut sources);
    sources
}

#[test]
fn the_reference_policy_has_no_errors() {
    let checked = check(&sources());
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", text::render(&errors, &checked.files, Language::En, 40, false));
    assert!(checked.versions.is_some());
}

#[test]
fn the_reference_policy_is_laid_out_as_the_formatter_does() {
    for source in sources().iter().filter(|s| s.name.ends_with(".kdl")) {
        let text = std::str::from_utf8(&source.bytes).unwrap();
        assert_eq!(nattoku_policy::format(&source.name, text).unwrap(), text, "{}", source.name);
    }
}

#[test]
fn every_rule_of_the_reference_policy_has_its_place() {
    let checked = check(&sources());
    let policy = checked.versions.as_ref().unwrap().current();
    let rules =
        policy.categories.len() + policy.activities.len() + policy.consents.len() + policy.choices.len();
    assert!(policy.places.len() > rules);
    for (rule, place) in &policy.places {
        let line = checked
            .files
            .ids()
            .find(|f| checked.files.name(*f) == place.file)
            .map(|f| checked.files.slice(f, &checked.files.line_span(f, place.line)).to_owned())
            .unwrap();
        let name = rule.name.rsplit('.').next().unwrap();
        assert!(line.contains(name), "{rule} at {place}: {line}");
    }
}
