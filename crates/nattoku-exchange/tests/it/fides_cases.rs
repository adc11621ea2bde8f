//! Literate cases of imports: `cases/exchange/*.md`.
//!
//! Blocks `yaml FILE` are the manifests, a block `options` what the caller says besides. Below them stand the draft, a block
//! `kdl FILE` or `markdown FILE` for each of its files, and a block `report`; or a block `faults`. `UPDATE_EXPECT=1` writes
//! them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use nattoku_exchange::fides::{Options, Report, import};
use nattoku_model::Language;
use nattoku_policy::diagnostic::render::concise;
use nattoku_policy::{Severity, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/exchange")
}

/// The prose and the manifests of a page, with what is said of them now.
fn refreshed(page: &str) -> String {
    let (mut out, mut files, mut is_kept) = (String::new(), Vec::new(), true);
    let mut options = Options { texts: Language::En, country: None };
    let mut block: Option<(Vec<&str>, String)> = None;
    for line in page.lines() {
        let fence = line.strip_prefix("```");
        block = match (fence, block) {
            (Some(words), None) => {
                let words: Vec<&str> = words.split_whitespace().collect();
                is_kept = matches!(words[0], "yaml" | "options");
                Some((words, String::new()))
            }
            (None, Some((words, text))) => Some((words, text + line + "\n")),
            (None, None) => None,
            (Some(_), Some((words, text))) => {
                match words[0] {
                    "yaml" => files.push((words[1].to_owned(), text.into_bytes())),
                    "options" => read_options(&text, &mut options),
                    _ => {}
                }
                if !is_kept {
                    is_kept = true;
                    block = None;
                    continue;
                }
                None
            }
        };
        if is_kept {
            out += line;
            out += "\n";
        }
    }
    out.truncate(out.trim_end().len());
    out + "\n" + &said(&files, &options)
}

fn read_options(text: &str, options: &mut Options) {
    for line in text.lines() {
        match line.split_once(' ').unwrap() {
            ("texts", language) => options.texts = language.parse().unwrap(),
            ("country", country) => options.country = Some(country.to_owned()),
            (other, _) => assert_eq!(other, "texts or country", "there is no such option"),
        }
    }
}

/// What comes of manifests, as the blocks of a page.
fn said(files: &[(String, Vec<u8>)], options: &Options) -> String {
    match import(files, options) {
        Err(faults) => {
            let lines = faults.iter().map(|f| format!("{}: {}\n    {}", f.place, f.problem.en, f.problem.ja));
            format!("\n```faults\n{}\n```\n", lines.collect::<Vec<_>>().join("\n"))
        }
        Ok(draft) => {
            let again = import(files, options).unwrap();
            assert_eq!(draft.files, again.files, "the same manifests give the same draft");
            let checked = check(&draft.files);
            let errors: Vec<_> =
                checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
            let errors = concise::render(&errors, &checked.files, Language::En, 20);
            assert!(checked.versions.is_some(), "the draft has errors:\n{errors}");
            let mut out = String::new();
            for file in &draft.files {
                let text = std::str::from_utf8(&file.bytes).unwrap();
                let kind = if file.name.ends_with(".kdl") { "kdl" } else { "markdown" };
                let _ = write!(out, "\n```{kind} {}\n{text}```\n", file.name);
            }
            out + "\n```report\n" + &report(&draft.report) + "```\n"
        }
    }
}

fn report(report: &Report) -> String {
    let mut out = String::new();
    for entry in report.entries() {
        let places: Vec<String> = entry.places.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "{} {} ({})", entry.kind.as_str(), entry.what, places.join(", "));
        let _ = writeln!(out, "    {}\n    {}", entry.why.en, entry.why.ja);
    }
    out
}

#[test]
fn every_case_comes_to_what_is_written() {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let page = fs::read_to_string(&path).unwrap();
        let refreshed = refreshed(&page);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, refreshed).unwrap();
        } else {
            assert_eq!(page, refreshed, "{}: UPDATE_EXPECT=1 writes down what comes now", path.display());
        }
    }
}
