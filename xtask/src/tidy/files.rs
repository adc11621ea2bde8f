//! One thing in one file, finished.

use std::path::Path;

use super::finding::Finding;
use super::source::{File, Tree};

/// A longer file is more than one thing.
const LINES_MAX: usize = 700;

/// Marks of unfinished work, written apart so that this file does not carry them.
const UNFINISHED: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("unimple", "mented!("),
    concat!("to", "do!("),
    concat!("XX", "X"),
];

/// File names that say nothing of what is inside.
const NAMELESS: [&str; 8] =
    ["common.rs", "types.rs", "misc.rs", "util.rs", "utils.rs", "helper.rs", "helpers.rs", "manager.rs"];

/// Groups of lints: silencing one hides what nobody has looked at.
const LINT_GROUPS: [&str; 3] =
    [concat!("clippy::", "all"), concat!("clippy::", "pedantic"), concat!("(", "warnings)")];

/// Looks at each Rust file for its length, its name and marks of unfinished work.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust.iter().flat_map(look_at).collect()
}

fn look_at(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        let message = format!("{lines} lines, {LINES_MAX} at most: which two things are in it?");
        findings.push(Finding::new(&file.path, 0, message));
    }
    let name = Path::new(&file.path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name == "mod.rs" {
        findings.push(Finding::new(
            &file.path,
            0,
            "a module `name` lives in `name.rs` beside its folder `name/`",
        ));
    }
    if NAMELESS.contains(&name) {
        findings.push(Finding::new(&file.path, 0, "name the file for the thing in it"));
    }
    for (index, line) in file.text.lines().enumerate() {
        if let Some(mark) = UNFINISHED.iter().find(|mark| contains_word(line, mark)) {
            let message =
                format!("`{}` marks unfinished work: finish it or leave it out", mark.trim_end_matches('('));
            findings.push(Finding::new(&file.path, index + 1, message));
        }
        let is_attribute = line.trim_start().starts_with('#');
        if is_attribute && let Some(group) = LINT_GROUPS.iter().find(|group| line.contains(**group)) {
            let message = format!("`{group}` is a whole group of lints: silence the one, with its reason");
            findings.push(Finding::new(&file.path, index + 1, message));
        }
    }
    findings
}

/// Whether `word` stands in `line` and is not a part of a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !inside(before) && (word.ends_with('(') || !inside(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        look_at(&file).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unfinished_work_is_found_by_whole_words() {
        let mark = UNFINISHED[0];
        assert_eq!(found("a.rs", &format!("// {mark}: later\nlet {mark}S = 1;")).len(), 1);
        assert_eq!(found("a.rs", &format!("{}\"x\")", UNFINISHED[3])).len(), 1);
        assert!(found("a.rs", "fn mastodon() {}").is_empty());
    }

    #[test]
    fn long_files_and_files_without_a_name_are_found() {
        assert_eq!(found("a/mod.rs", "").len(), 1);
        assert_eq!(found("a/utils.rs", "").len(), 1);
        assert_eq!(found("a.rs", &"x\n".repeat(LINES_MAX + 1)).len(), 1);
        assert!(found("a.rs", &"x\n".repeat(LINES_MAX)).is_empty());
    }
}
