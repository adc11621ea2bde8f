//! Files and folders that a page names between backticks are there.

use std::path::Path;

use super::finding::Finding;
use super::source::{Tree, fenced_out};
use crate::workspace::Workspace;

/// What a path of this repository begins with.
const TOPS: [&str; 8] = ["cases/", "crates/", "deploy/", "docs/", "packs/", "policies/", "tests/", "xtask/"];

/// Looks at the pages at the root, which are the map of the repository.
pub(crate) fn check(workspace: &Workspace, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in tree.markdown.iter().filter(|page| !page.path.contains('/')) {
        for (line, path) in paths_of(&page.text) {
            if !workspace.root().join(Path::new(&path)).exists() {
                findings.push(Finding::new(
                    &page.path,
                    line,
                    format!("`{path}` is named, and it is not there"),
                ));
            }
        }
    }
    findings
}

/// The paths a page names, with their lines. A path with a part in capitals or a `*` is a pattern, no path.
fn paths_of(text: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (index, line) in fenced_out(text) {
        for code in line.split('`').skip(1).step_by(2) {
            let is_path = TOPS.iter().any(|top| code.starts_with(top));
            let is_pattern =
                code.contains(|c: char| c.is_uppercase() || c.is_whitespace() || "*<{…".contains(c));
            if is_path && !is_pattern {
                paths.push((index + 1, code.to_owned()));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_patterns_and_other_code() {
        let text = "`crates/a/src/b.rs` and `crates/a/src/NAME.rs`, `cargo test`\n`docs/x` `cases/**/*.md`\n";
        assert_eq!(paths_of(text), [(1, "crates/a/src/b.rs".to_owned()), (2, "docs/x".to_owned())]);
    }
}
