//! The files that are read: every Rust file and every page of Markdown of the repository.

use std::path::Path;

use crate::steps::{Failure, Outcome};

/// A file with its path from the root, slashes forward.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All files that the checks read.
pub(crate) struct Tree {
    pub(crate) rust: Vec<File>,
    pub(crate) markdown: Vec<File>,
}

impl Tree {
    /// Reads the repository at `root`, without what is built, downloaded or hidden.
    pub(crate) fn read(root: &Path) -> Outcome<Self> {
        let mut tree = Self { rust: Vec::new(), markdown: Vec::new() };
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, below: &str) -> Outcome {
        let folder = root.join(below);
        let unreadable =
            |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", folder.display()));
        let mut entries = std::fs::read_dir(&folder)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "target" || name == "node_modules" || name == "demo-data" {
                continue;
            }
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.read_folder(root, &path)?;
                continue;
            }
            let list = match Path::new(&path).extension().and_then(|extension| extension.to_str()) {
                Some("rs") => &mut self.rust,
                Some("md") => &mut self.markdown,
                _ => continue,
            };
            list.push(File { text: read_text(&entry.path())?, path });
        }
        Ok(())
    }
}

/// Reads a file as text, naming it where that fails.
pub(crate) fn read_text(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
}

/// The lines of Markdown outside fenced code, with their indexes.
pub(crate) fn fenced_out(text: &str) -> Vec<(usize, &str)> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => lines.push((index, line)),
            (Some(_), _) => {}
        }
    }
    lines
}

/// Rust text with every comment and every literal blanked out; lines and columns stay where they are.
pub(crate) fn code_alone(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest, 1),
            'r' if !ends_in_word(&code) => raw_string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        let (blanked, kept) = rest.split_at_checked(skipped).unwrap_or((rest, ""));
        code.extend(blanked.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = kept;
        if skipped == 0 {
            code.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        }
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Length of a comment that opens here, the nested ones within it included.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, _) in text.char_indices() {
        let here = text.get(at..).unwrap_or("");
        if here.starts_with("/*") {
            depth += 1;
        } else if here.starts_with("*/") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 2;
            }
        }
    }
    text.len()
}

/// Length of a literal that opens with `opening` bytes and ends at the next quote no backslash stands before.
fn quoted(text: &str, opening: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(opening) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of a raw string that opens here; 0 where none does.
fn raw_string(text: &str) -> usize {
    let after = text.get(1..).unwrap_or("");
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after.get(hashes..).is_some_and(|rest| rest.starts_with('"')) {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = hashes + 2;
    text.get(body..).and_then(|rest| rest.find(&end)).map_or(text.len(), |at| body + at + end.len())
}

/// Length of a character literal that opens here; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some(_)) => {
            text.get(3..).and_then(|rest| rest.find('\'')).map_or(text.len(), |at| at + 4)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        code_alone(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_are_blanked_and_code_is_kept() {
        assert_eq!(words("let a = \"kdl \\\" x\"; // kdl\nb"), "let a = ; b");
        assert_eq!(words("a /* x /* y */ z */ b"), "a b");
        assert_eq!(words("r#\"x \" y\"# + r\"z\" + var\"q\""), "+ + var");
        assert_eq!(words("'a' '\\'' '\\n' &'a str '\u{4e2d}' x"), "&'a str x");
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text = "a\n\"b\nc\"\n/* d\n */ e";
        assert_eq!(code_alone(text).lines().count(), text.lines().count());
        assert_eq!(code_alone(text).lines().last().map(str::trim), Some("e"));
    }
}
