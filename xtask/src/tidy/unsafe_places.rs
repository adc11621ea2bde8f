//! Unsafe code maps files and stands nowhere else: in the files below, each named with its reason in `ARCHITECTURE.md`.

use super::finding::Finding;
use super::source::{Tree, code_alone};

const HOMES: [&str; 3] = [
    "crates/nattoku-map/src/lib.rs",
    "crates/nattoku-operations/src/population/file.rs",
    "benches/src/scale/snapshot.rs",
];

/// Looks for unsafe code, and for taking back the lint against it, outside its homes.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust.iter().filter(|file| !HOMES.contains(&file.path.as_str())) {
        for (index, line) in code_alone(&file.text).lines().enumerate() {
            if is_unsafe(line) {
                let message = "unsafe code only maps files: do without, or change ARCHITECTURE.md first";
                findings.push(Finding::new(&file.path, index + 1, message));
            }
        }
    }
    findings
}

fn is_unsafe(code: &str) -> bool {
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| matches!(word, "unsafe" | "unsafe_code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_told_from_others() {
        assert!(is_unsafe("let map = unsafe { options.map_copy(file) };"));
        assert!(is_unsafe("#[allow(unsafe_code, reason = \"\")]"));
        assert!(!is_unsafe("mod unsafe_places; // of an unsafeness"));
    }
}
