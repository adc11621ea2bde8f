//! Each dependency of the workspace says what it is for; there is one `SQLite` and no second way to storage.

use super::finding::Finding;
use super::source::read_text;
use crate::steps::Outcome;
use crate::workspace::Workspace;

const MANIFEST: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";

/// Reads the root `Cargo.toml` and `Cargo.lock`.
pub(crate) fn check(workspace: &Workspace) -> Outcome<Vec<Finding>> {
    let mut findings = uncommented(&read_text(&workspace.root().join(MANIFEST))?);
    findings.extend(storage(&read_text(&workspace.root().join(LOCK))?));
    Ok(findings)
}

/// A dependency has a comment line above it, or is a part of the one above (`tracing-subscriber` of `tracing`).
fn uncommented(manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut above = "";
    let mut inside = false;
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside && let Some((name, value)) = line.split_once('=') {
            let ours = value.contains("path =");
            let part_of_above = above.split_once('=').is_some_and(|(first, _)| {
                name.trim().strip_prefix(first.trim()).is_some_and(|rest| rest.starts_with('-'))
            });
            if !ours && !above.starts_with('#') && !part_of_above && !line.starts_with('#') {
                let message =
                    format!("`{}` needs a comment line above that says what it is for", name.trim());
                findings.push(Finding::new(MANIFEST, index + 1, message));
            }
        }
        above = line;
    }
    findings
}

fn storage(lock: &str) -> Vec<Finding> {
    let count = |name: &str| lock.lines().filter(|line| *line == format!("name = \"{name}\"")).count();
    let mut findings = Vec::new();
    if count("libsqlite3-sys") > 1 {
        let message =
            "two versions of libsqlite3-sys: two SQLites on one file can lose it; align the versions";
        findings.push(Finding::new(LOCK, 0, message));
    }
    for unwanted in ["sqlx", "sqlx-core", "libsql-ffi"] {
        if count(unwanted) > 0 {
            let message =
                format!("`{unwanted}` brings a second SQLite: storage is rusqlite, in nattoku-store");
            findings.push(Finding::new(LOCK, 0, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dependency_needs_its_comment() {
        let manifest = "[workspace]\nx = 1\n[workspace.dependencies]\nours = { path = \"a\" }\n# Logs.\ntracing = \"1\"\n\
                        tracing-subscriber = \"1\"\nclap = \"4\"\n# Why = because.\nregex = \"1\"\n[profile.dev]\ny = 1\n";
        let found: Vec<String> = uncommented(manifest).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["Cargo.toml:8: `clap` needs a comment line above that says what it is for"]);
    }

    #[test]
    fn one_sqlite() {
        let one = "name = \"libsqlite3-sys\"\nname = \"rusqlite\"\n";
        assert!(storage(one).is_empty());
        assert_eq!(storage(&format!("{one}{one}name = \"sqlx\"\n")).len(), 2);
    }
}
