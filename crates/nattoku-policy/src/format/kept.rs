//! Formatting keeps every comment and every word, whatever the text: whole documents with comments in every place that
//! KDL allows, every source of this repository, and what a careless hand makes of those.
//!
//! Three readers agree before and after: ours, the KDL project's own, and one that knows nothing of KDL but that
//! nothing except white space, `;` and `\` may come or go.

mod document;

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::format;
use crate::syntax::reference::{ours, theirs};
use document::Document;

/// What is left of a text without what a formatter may touch.
fn squeezed(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ';' | '\\')).collect()
}

/// The text as formatted, held against the text; none where it cannot be read.
fn formatted(text: &str) -> Option<String> {
    let once = format("a.kdl", text).ok()?;
    assert_eq!(squeezed(&once), squeezed(text), "something came or went\n{text}\n---\n{once}");
    assert_eq!(ours(&once), ours(text), "it says something else\n{text}\n---\n{once}");
    // It refuses some of what its grammar allows around `/-`.
    if let Some(said) = theirs(text) {
        assert_eq!(theirs(&once), Some(said), "KDL reads something else\n{text}\n---\n{once}");
    }
    let twice = format("a.kdl", &once).ok();
    assert_eq!(twice.as_deref(), Some(once.as_str()), "formatting twice changes it\n{text}");
    assert!(!once.contains("\r\n"), "one kind of line end\n{text:?}\n---\n{once:?}");
    assert!(
        once.lines().all(|line| line.trim_end() == line || once.contains("\"\"\"") || once.contains("/*"))
    );
    Some(once)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_document_keeps_every_comment_in_its_order_and_all_that_it_says(
        document in prop::collection::vec(any::<u8>(), 0..400).prop_map(|choices| Document::new(&choices))
    ) {
        let once = formatted(&document.text);
        let once = once.unwrap_or_else(|| panic!("cannot be read: {:?}", document.text));
        let mut rest = once.as_str();
        for comment in &document.comments {
            let found = rest.split_once(comment.as_str());
            let (_, after) = found.unwrap_or_else(|| panic!("{comment:?} is gone or moved:\n{}\n---\n{once}", document.text));
            rest = after;
        }
    }

    #[test]
    fn a_source_that_was_edited_carelessly_loses_nothing(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, prop::sample::select(SCRAPS)), 1..6)
    ) {
        let sources = sources();
        let mut text = which.get(&sources).clone();
        for (at, length, scrap) in edits {
            let floor = |mut n: usize| { while !text.is_char_boundary(n) { n -= 1; } n };
            let start = floor(at.index(text.len() + 1));
            let end = floor((start + length).min(text.len()));
            text.replace_range(start..end, scrap);
        }
        formatted(&text);
    }
}

/// What a hand puts in without looking.
const SCRAPS: &[&str] = &[
    "",
    "",
    "\n",
    "\r\n",
    " ",
    "　",
    "\t",
    ";",
    "}",
    "{",
    "/-",
    "/- ",
    "// x\n",
    "/* y */",
    "/* y\n z */",
    " \\\n",
    " \\ // w\n",
    "\"",
    "\"\"\"\n  m\n  \"\"\"",
    "#\"r\"#",
    "=",
    "a",
    "ja \"文\"",
    "\u{2028}",
    "😀",
];

/// Every piece of KDL in the repository: policies, cases, packs.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["policies", "cases", "packs", "docs"] {
        walk(&root.join(folder), &mut files);
    }
    files.sort();
    let mut sources = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|e| e == "kdl") {
            sources.push(text);
        } else {
            let blocks = text.split("```kdl\n").skip(1).filter_map(|b| b.split_once("```"));
            sources.extend(blocks.map(|(block, _)| block.to_owned()));
        }
    }
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "kdl" || e == "md") {
            files.push(path);
        }
    }
}

#[test]
fn every_source_of_the_repository_is_formatted_without_loss() {
    let sources = sources();
    assert!(sources.len() > 50, "{}", sources.len());
    let n_read = sources.iter().filter(|text| formatted(text).is_some()).count();
    assert!(n_read > sources.len() / 2, "{n_read} of {} can be read", sources.len());
}
