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
