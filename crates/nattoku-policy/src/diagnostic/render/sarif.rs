//! Diagnostics as SARIF 2.1.0 (Static Analysis Results Interchange Format), which code hosts and review tools take in.
//!
//! Every rule is described with its page; columns count code points from 1; what the policy allows is a result that is
//! suppressed in the source, with the reason.

use std::collections::BTreeMap;

use nattoku_model::Language;
use serde_json::{Value, json};

use super::{path, sentence};
use crate::allow::Allowed;
use crate::check::Checked;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::explain::{self, Explanation};
use crate::lint::Kind;
use crate::source::{FileId, Files};

/// The schema that the output follows.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Renders a check as one SARIF log. `folder` is the policy's folder as seen from the repository's root.
#[must_use]
pub fn render(checked: &Checked, folder: &str, language: Language) -> String {
    let rules = explain::all();
    let log = Log {
        files: &checked.files,
        folder,
        language,
        rules: rules.iter().enumerate().map(|(i, rule)| (rule.name, i)).collect(),
    };
    let standing = checked.diagnostics.iter().map(|d| log.result(d, None));
    let allowed = checked.allowed.iter().map(|a| log.result(&a.diagnostic, Some(a)));
    let version = env!("CARGO_PKG_VERSION");
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Nattoku",
                "version": version,
                "semanticVersion": version,
                "rules": rules.iter().map(|rule| described(rule, language)).collect::<Vec<_>>(),
            }},
            "language": language.tag(),
            "columnKind": "unicodeCodePoints",
            "artifacts": checked.files.ids().map(|file| json!({
                "location": log.artifact(file),
                "roles": ["analysisTarget"],
            })).collect::<Vec<_>>(),
            "results": standing.chain(allowed).collect::<Vec<_>>(),
        }],
    });
    format!("{value:#}\n")
}

/// What every result needs.
struct Log<'c> {
    files: &'c Files,
    folder: &'c str,
    language: Language,
    /// Where each rule stands among those described.
    rules: BTreeMap<&'static str, usize>,
}

impl Log<'_> {
    fn result(&self, diagnostic: &Diagnostic, allowed: Option<&Allowed>) -> Value {
        let related = diagnostic.labels.iter().enumerate().map(|(i, label)| {
            let mut location = self.location(label);
            if let Value::Object(members) = &mut location {
                members.insert("id".to_owned(), json!(i + 1));
            }
            location
        });
        let suppressions = allowed.map(|a| {
            json!({
                "kind": "inSource",
                "status": "accepted",
                "justification": a.reason,
                "location": self.location(&a.at),
            })
        });
        let mut result = json!({
            "ruleId": diagnostic.rule,
            "level": level(diagnostic.severity),
            "message": { "text": sentence(diagnostic, self.language) },
            "locations": [self.location(&diagnostic.primary)],
            "relatedLocations": related.collect::<Vec<_>>(),
            "fixes": diagnostic.fix.iter().map(|fix| self.fix(fix, diagnostic)).collect::<Vec<_>>(),
            "suppressions": suppressions.into_iter().collect::<Vec<_>>(),
        });
        if let (Value::Object(members), Some(index)) = (&mut result, self.rules.get(diagnostic.rule)) {
            members.insert("ruleIndex".to_owned(), json!(index));
        }
        result
    }

    fn location(&self, label: &Label) -> Value {
        let physical = json!({
            "artifactLocation": self.artifact(label.file),
            "region": self.region(label.file, label.span.start, label.span.end),
        });
        match &label.text {
            Some(words) => {
                json!({ "physicalLocation": physical, "message": { "text": words.get(self.language) } })
            }
            None => json!({ "physicalLocation": physical }),
        }
    }

    fn artifact(&self, file: FileId) -> Value {
        let index = self.files.ids().position(|f| f == file).unwrap_or_default();
        json!({
            "uri": uri(&path(self.folder, self.files.name(file))),
            "uriBaseId": "%SRCROOT%",
            "index": index,
        })
    }

    fn region(&self, file: FileId, start: usize, end: usize) -> Value {
        let (line, column) = self.files.line_column(file, start);
        let (end_line, end_column) = self.files.line_column(file, end);
        json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
    }

    fn fix(&self, fix: &Fix, diagnostic: &Diagnostic) -> Value {
        let help = diagnostic.help.as_ref().unwrap_or(&diagnostic.message);
        json!({
            "description": { "text": help.get(self.language) },
            "artifactChanges": [{
                "artifactLocation": self.artifact(fix.file),
                "replacements": [{
                    "deletedRegion": self.region(fix.file, fix.span.start, fix.span.end),
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
            "properties": { "certain": fix.is_certain },
        })
    }
}

fn described(rule: &Explanation, language: Language) -> Value {
    let kind = match rule.kind {
        Kind::Language => "language",
        Kind::Law => "law",
    };
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.what(language) },
        "fullDescription": { "text": format!("{}\n\n{}", rule.what(language), rule.why(language)) },
        "help": { "text": rule.page(language), "markdown": rule.page(language) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "kind": kind, "cites": rule.cites, "tags": [kind] },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a relative reference of RFC 3986: whatever stands for itself in no path is percent-encoded.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("policies/a b/位.kdl"), "policies/a%20b/%E4%BD%8D.kdl");
        assert_eq!(uri("a:b?c#d%"), "a%3Ab%3Fc%23d%25");
    }
}
