//! What is promised about any text that somebody calls a policy.
//!
//! The bytes are the files of one folder: a line `// file: NAME` begins the file of that name, and what stands before the
//! first such line is `policy.kdl`.

use nattoku_model::Language;
use nattoku_operations::run_scenarios;
use nattoku_policy::diagnostic::render::{concise, github, json, sarif, text};
use nattoku_policy::{Checked, Diagnostic, Label, Severity, Source, check, format};

/// Begins a file. It is a comment of KDL, so that one file alone is a policy as it stands.
const FILE: &str = "// file: ";

/// Checking answers, every place lies in its file, every renderer renders, what is enforceable can be decided, and
/// laying the text out changes nothing but its layout.
pub(crate) fn hold(bytes: &[u8]) {
    let sources = files(bytes);
    let checked = check(&sources);
    let n_errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    assert_eq!(checked.versions.is_none(), n_errors > 0 || checked.left_out > 0, "a policy, or errors");
    for diagnostic in &checked.diagnostics {
        lies_in_its_file(diagnostic, &checked);
    }
    for language in Language::ALL {
        let _ = text::render(&checked.diagnostics, &checked.files, language, 10, true);
        let _ = concise::render(&checked.diagnostics, &checked.files, language, usize::MAX);
        let _ = github::render(&checked.diagnostics, &checked.files, "policies/shop", language);
        let log = sarif::render(&checked, "policies/shop", language);
        assert!(serde_json::from_str::<serde_json::Value>(&log).is_ok(), "the log is not JSON: {log}");
        let rendered = json::render(&checked.diagnostics, &checked.allowed, &checked.files, language);
        let read: Vec<serde_json::Value> = serde_json::from_str(&rendered).expect("diagnostics are JSON");
        assert_eq!(read.len(), checked.diagnostics.len() + checked.allowed.len());
    }
    if let Some(versions) = &checked.versions {
        assert_eq!(run_scenarios(versions, &checked.scenarios).len(), checked.scenarios.len());
    }
    layout_is_layout(&sources, &checked);
}

fn files(bytes: &[u8]) -> Vec<Source> {
    let mut sources = vec![Source::new("policy.kdl", Vec::new())];
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match line.strip_prefix(FILE.as_bytes()).and_then(|name| std::str::from_utf8(name).ok()) {
            Some(name) => sources.push(Source::new(name.trim(), Vec::new())),
            None => {
                if let Some(source) = sources.last_mut() {
                    source.bytes.extend(line);
                }
            }
        }
    }
    sources
}

fn lies_in_its_file(diagnostic: &Diagnostic, checked: &Checked) {
    let label = |label: &Label| {
        let text = checked.files.text(label.file);
        assert!(text.get(label.span.clone()).is_some(), "{} is placed outside", diagnostic.rule);
    };
    label(&diagnostic.primary);
    diagnostic.labels.iter().for_each(label);
    if let Some(fix) = &diagnostic.fix {
        assert!(checked.files.text(fix.file).get(fix.span.clone()).is_some(), "{}", diagnostic.rule);
    }
}

/// Where every file can be laid out: doing it twice changes nothing, no word and no comment is lost or moved, and the same
/// is said about the result.
fn layout_is_layout(sources: &[Source], checked: &Checked) {
    let mut all = Vec::new();
    for source in sources {
        let Some(text) = std::str::from_utf8(&source.bytes).ok().filter(|_| source.name.ends_with(".kdl"))
        else {
            all.push(source.clone());
            continue;
        };
        let Ok(once) = format(&source.name, text) else { return };
        let twice = format(&source.name, &once).expect("what was laid out is readable");
        assert_eq!(once, twice, "laid out twice");
        assert_eq!(substance(text), substance(&once), "laying out changed {text:?} into {once:?}");
        all.push(Source::new(source.name.clone(), once));
    }
    let again = check(&all);
    assert_eq!(rules(checked), rules(&again), "something else is said about the laid out text");
}

/// A text without what the layout decides about: white space, `;`, and the `\` of continued lines.
fn substance(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ';' | '\\')).collect()
}

fn rules(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.iter().map(|d| d.rule).collect()
}
