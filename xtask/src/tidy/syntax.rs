//! One module knows the notation of policies: nothing outside `nattoku-policy/src/syntax` names the `kdl` crate.

use super::finding::Finding;
use super::source::{Tree, code_alone};

const HOME: [&str; 2] = ["crates/nattoku-policy/src/syntax.rs", "crates/nattoku-policy/src/syntax/"];

/// Looks for paths that begin with `kdl` outside their home.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = tree.rust.iter().filter(|file| !HOME.iter().any(|home| file.path.starts_with(home)));
    for file in elsewhere {
        for (index, line) in code_alone(&file.text).lines().enumerate() {
            if names_kdl(line) {
                let message = "only nattoku-policy's `syntax` names the `kdl` crate: take its tree of nodes";
                findings.push(Finding::new(&file.path, index + 1, message));
            }
        }
    }
    findings
}

fn names_kdl(code: &str) -> bool {
    let spaced = code.replace("::", " :: ").replace([';', '{', '}', '(', '<', '&', ','], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.windows(2).any(|pair| matches!(pair, ["use" | "crate", "kdl"] | ["kdl", "::"]))
        && !words.windows(3).any(|three| matches!(three, [_, "::", "kdl"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_is_told_from_a_name_like_it() {
        assert!(names_kdl("use kdl::KdlDocument;"));
        assert!(names_kdl("fn f(node: &kdl::KdlNode) {"));
        assert!(!names_kdl("let kdl = render(policy);"));
        assert!(!names_kdl("crate::language::kdl::render()"));
    }
}
