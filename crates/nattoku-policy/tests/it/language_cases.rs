//! Literate cases of the rules: `cases/language/RULE.md`, one page a rule.
//!
//! A case is one or more blocks of sources and then a `diagnostics` block with what is said about them, drawn in English;
//! a `diagnostics-ja` block after it holds the same in Japanese, a line each. The files of `cases/language/base/` belong to
//! every case, so that it shows only what matters: a block without a file name is `case.kdl`, and one with a name, as in
//! `kdl documents.kdl`, stands in place of the file of that name or is added, and `absent notice.en.md` takes one away. The last case of a page is the mended text,
//! about which nothing is said. `UPDATE_EXPECT=1` writes down what is said now.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use nattoku_analysis::{check, check_with};
use nattoku_model::Language;
use nattoku_policy::diagnostic::render::{SHOWN_MAX, concise, text};
use nattoku_policy::{Checked, Source, explain, language_rules, lint};

/// Rules about files that no page of Markdown can hold; `hostile.rs` shows them.
const NOT_TEXT: [&str; 2] = ["encoding", "source-too-large"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/language")
}

/// Files of a folder with an ending, by name.
fn files(folder: &Path, endings: &[&str]) -> Vec<(String, PathBuf)> {
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    files.sort();
    files
}

/// A block of a page: the words after its fence, and its lines.
struct Block {
    words: Vec<String>,
    /// The lines between the fences, counted from 0.
    lines: Range<usize>,
}

/// The fenced blocks of a page.
fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Vec<String>, usize)> = None;
    for (i, line) in lines.iter().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (None, still) => open = still,
            (Some(words), None) => {
                open = Some((words.split_whitespace().map(str::to_owned).collect(), i + 1));
            }
            (Some(_), Some((words, start))) => blocks.push(Block { words, lines: start..i }),
        }
    }
    blocks
}

/// What is said about the blocks of one case.
struct Case {
    sources: Vec<Source>,
    checked: Checked,
    /// Where its first block begins, from 1.
    line: usize,
}

impl Case {
    fn read(lines: &[&str], sources: &[&Block]) -> Self {
        let mut all: Vec<Source> = files(&folder().join("base"), &["kdl", "md"])
            .into_iter()
            .map(|(name, path)| Source::new(name, fs::read(path).unwrap()))
            .collect();
        for block in sources {
            let name = block.words.get(1).map_or("case.kdl", String::as_str);
            let content = lines[block.lines.clone()].join("\n") + "\n";
            all.retain(|s| s.name != name);
            if block.words[0] != "absent" {
                all.push(Source::new(name, content));
            }
        }
        Self { checked: check(&all), sources: all, line: sources.first().map_or(1, |b| b.lines.start) }
    }

    fn says(&self, rule: &str) -> bool {
        self.checked.diagnostics.iter().any(|d| d.rule == rule)
    }

    /// What stands in a block of diagnostics.
    fn shown(&self, block: &str) -> String {
        let Checked { diagnostics, files, .. } = &self.checked;
        let shown = match block {
            "diagnostics" => text::render(diagnostics, files, Language::En, SHOWN_MAX, false),
            _ => concise::render(diagnostics, files, Language::Ja, SHOWN_MAX),
        };
        shown.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }
}

/// A page of cases with what is said now.
struct Page {
    name: String,
    cases: Vec<Case>,
    /// Blocks of diagnostics: lines, and what should stand there.
    expected: Vec<(Range<usize>, String)>,
    text: String,
}

impl Page {
    fn read(name: &str, path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let (mut cases, mut expected) = (Vec::new(), Vec::new());
        let blocks = blocks(&lines);
        let mut sources: Vec<&Block> = Vec::new();
        for block in &blocks {
            match block.words.first().map(String::as_str) {
                Some("kdl" | "markdown" | "absent") => sources.push(block),
                Some(word @ ("diagnostics" | "diagnostics-ja")) => {
                    if !sources.is_empty() {
                        cases.push(Case::read(&lines, &sources));
                        sources.clear();
                    }
                    let case = cases.last().unwrap_or_else(|| panic!("{name}: diagnostics of nothing"));
                    expected.push((block.lines.clone(), case.shown(word)));
                }
                _ => panic!("{name}:{}: a block of no known kind", block.lines.start),
            }
        }
        assert!(sources.is_empty(), "{name}: the last case has no diagnostics block");
        Self { name: name.trim_end_matches(".md").to_owned(), cases, expected, text }
    }

    /// The page with every block of diagnostics as it should be.
    fn refreshed(&self) -> String {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut out: Vec<&str> = Vec::new();
        let mut at = 0;
        for (range, shown) in &self.expected {
            out.extend(&lines[at..range.start]);
            out.extend(shown.lines());
            at = range.end;
        }
        out.extend(&lines[at..]);
        out.join("\n") + "\n"
    }

    /// Where the page says something else than is said now.
    fn differences(&self) -> String {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut out = String::new();
        for (range, shown) in &self.expected {
            let written = &lines[range.clone()];
            let said: Vec<&str> = shown.lines().collect();
            if written == said {
                continue;
            }
            let _ =
                writeln!(out, "cases/language/{}.md:{}: something else is said", self.name, range.start + 1);
            for line in written.iter().filter(|l| !said.contains(l)) {
                let _ = writeln!(out, "  - {line}");
            }
            for line in said.iter().filter(|l| !written.contains(l)) {
                let _ = writeln!(out, "  + {line}");
            }
        }
        out
    }
}

fn pages() -> Vec<Page> {
    files(&folder(), &["md"]).iter().map(|(name, path)| Page::read(name, path)).collect()
}

#[test]
fn every_case_says_what_is_written() {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for page in pages() {
            fs::write(folder().join(format!("{}.md", page.name)), page.refreshed()).unwrap();
        }
        return;
    }
    let differences: String = pages().iter().map(Page::differences).collect();
    assert!(differences.is_empty(), "{differences}\nUPDATE_EXPECT=1 writes down what is said now");
}

/// Findings carry the rule that made them, so what a rule says is exactly what would be missing without it.
#[test]
fn every_rule_has_a_page_that_fails_without_it() {
    let pages = pages();
    let mut wrong = String::new();
    for rule in explain::all().iter().filter(|r| !NOT_TEXT.contains(&r.name)) {
        let Some(page) = pages.iter().find(|p| p.name == rule.name) else {
            let _ = writeln!(wrong, "cases/language/{}.md is missing", rule.name);
            continue;
        };
        if !page.cases.iter().any(|case| case.says(rule.name)) {
            let _ = writeln!(wrong, "{}.md: no case is found by the rule", rule.name);
        }
        for case in &page.cases {
            for other in case.checked.diagnostics.iter().filter(|d| d.rule != rule.name) {
                let _ =
                    writeln!(wrong, "{}.md:{}: `{}` is about another rule", rule.name, case.line, other.rule);
            }
        }
        if page.cases.last().is_none_or(|case| !case.checked.diagnostics.is_empty()) {
            let _ = writeln!(wrong, "{}.md: the last case must be the mended text", rule.name);
        }
    }
    for page in pages.iter().filter(|p| explain::explain(&p.name).is_none()) {
        let _ = writeln!(wrong, "cases/language/{}.md is about no rule", page.name);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_case_comes_out_otherwise_when_its_rule_is_left_out() {
    for page in pages() {
        let others: Vec<&dyn lint::LintRule> =
            lint::RULES.iter().copied().filter(|r| r.name() != page.name).collect();
        if others.len() == lint::RULES.len() {
            // A rule of the language, which reading itself enforces; `faulty.rs` shows what it stands for.
            continue;
        }
        for case in page.cases.iter().filter(|case| case.says(&page.name)) {
            let without = check_with(&case.sources, &others);
            assert!(
                without.diagnostics != case.checked.diagnostics,
                "{}.md:{}: nothing changes without the rule",
                page.name,
                case.line
            );
        }
    }
}

#[test]
fn the_base_of_every_case_is_clean() {
    let case = Case::read(&[], &[]);
    assert_eq!(case.shown("diagnostics"), "");
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    let headings = [
        (Language::Ja, ["## 何を見るか", "## なぜいけないか", "## 代わりに", "## 例"]),
        (Language::En, ["## What it does", "## Why is this bad", "## Use instead", "## Example"]),
    ];
    for rule in explain::all() {
        // A rule about a whole file has nothing to show in a line.
        let is_of_a_line = lint::RULES.iter().any(|r| r.name() == rule.name);
        for (language, headings) in headings {
            let page = rule.page(language);
            for heading in headings.iter().take(if is_of_a_line { 4 } else { 3 }) {
                assert!(page.lines().any(|line| line == *heading), "{} lacks {heading}", rule.name);
            }
        }
        assert_ne!(rule.page(Language::Ja), rule.page(Language::En), "{}", rule.name);
    }
}

#[test]
fn every_finding_speaks_both_languages_in_one_line() {
    let is_japanese = |text: &str| text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c));
    for page in pages() {
        for diagnostic in page.cases.iter().flat_map(|c| &c.checked.diagnostics) {
            let texts =
                [Some(&diagnostic.message), diagnostic.help.as_ref(), diagnostic.primary.text.as_ref()];
            let labels = diagnostic.labels.iter().map(|l| l.text.as_ref());
            for words in texts.into_iter().chain(labels).flatten() {
                assert!(is_japanese(&words.ja), "{}: {}", page.name, words.ja);
                for text in [&words.ja, &words.en] {
                    assert!(!text.ends_with(['。', '.']) && !text.contains('\n'), "{}: {text}", page.name);
                }
            }
            assert!(diagnostic.help.is_some() || lint::RULES.iter().all(|r| r.name() != diagnostic.rule));
        }
    }
}

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut seen = BTreeSet::new();
    let names = lint::RULES.iter().map(|r| r.name()).chain(language_rules::RULES.iter().map(|r| r.name));
    for name in names {
        assert!(seen.insert(name), "{name} twice");
        let is_word = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        assert!(name.split('-').all(is_word), "{name}");
    }
}
