//! A policy in terms of the W3C's Data Privacy Vocabulary 2.3 (<https://w3id.org/dpv>), as JSON-LD (STD-DPV-1 to 3).
//!
//! DPV knows the APPI by name and none of its terms. What it lacks stands in a vocabulary of our own, each term with the
//! broader one of DPV: [`terms()`]. Texts are literals with the tag of their language, and the same policy gives the same
//! bytes.

mod appi;
mod base;
mod flows;
mod graph;
mod known;
mod policy;
mod uses;

use nattoku_model::Policy;
use nattoku_model::name::nearest;
use nattoku_policy::Words;
use serde_json::{Value, json};

pub use base::Base;
use graph::Graph;

/// The version of DPV whose terms are used.
pub const VERSION: &str = "2.3";

/// The document's context: the prefixes that its terms are shortened by.
fn context(base: &str) -> Value {
    json!({
        "appi": appi::NAMESPACE,
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "policy": base,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

/// A policy, exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The document.
    pub json: String,
    /// What it says in general terms alone, for want of a more precise word in the policy.
    pub notes: Vec<Words>,
}

/// Exports a policy. What it declares gets names below `base`; without one below an address that leads nowhere.
///
/// # Errors
/// Every purpose that names a term which DPV does not have as a purpose, with the nearest it has.
pub fn export(policy: &Policy, base: Option<&Base>) -> Result<Export, Vec<Words>> {
    let unknown = unknown_purposes(policy);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let own = format!("https://policy.invalid/{}/{}#", policy.name, policy.version);
    let mut graph = Graph::default();
    policy::write(policy, &mut graph);
    uses::write(policy, &mut graph);
    flows::write(policy, &mut graph);
    let document =
        json!({"@context": context(base.map_or(own.as_str(), Base::as_str)), "@graph": graph.nodes});
    Ok(Export { json: pretty(&document), notes: graph.notes })
}

/// The vocabulary of our own, as JSON-LD.
#[must_use]
pub fn terms() -> String {
    pretty(&json!({"@context": context("https://policy.invalid/#"), "@graph": appi::nodes()}))
}

fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

fn unknown_purposes(policy: &Policy) -> Vec<Words> {
    let named =
        policy.purposes.iter().flat_map(|(name, purpose)| purpose.dpv.iter().map(move |term| (name, term)));
    named
        .filter(|(_, term)| !known::PURPOSES.contains(&term.as_str()))
        .map(|(name, term)| {
            let near = nearest(term, known::PURPOSES.iter().copied());
            let (ja, en) = near.map_or_else(Default::default, |near| {
                (format!("。`{near}` のことでしょうか"), format!("; did you mean `{near}`?"))
            });
            Words::new(
                format!("目的 `{name}` の `dpv` にある `{term}` は、DPV {VERSION} の目的ではありません{ja}"),
                format!("`{term}` in `dpv` of the purpose `{name}` is no purpose of DPV {VERSION}{en}"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every name with a prefix that a document holds, as a value or as a key.
    fn names(value: &Value, prefix: &str, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.extend(text.strip_prefix(prefix).map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| names(item, prefix, found)),
            Value::Object(entries) => {
                for (key, value) in entries {
                    found.extend(key.strip_prefix(prefix).map(str::to_owned));
                    names(value, prefix, found);
                }
            }
            _ => {}
        }
    }

    fn carrier() -> String {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let kdl =
            files.filter(|path| path.extension().is_some_and(|e| e == "kdl") && !path.ends_with("tests.kdl"));
        let sources: Vec<_> = kdl
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                nattoku_policy::Source::new(name, std::fs::read(&path).unwrap())
            })
            // What transitions to the version before belongs to that version's folder.
            .map(|source| {
                let text = String::from_utf8(source.bytes).unwrap();
                let text = text.replace("transition ", "/-transition ");
                nattoku_policy::Source::new(source.name, text)
            })
            .collect();
        let checked = nattoku_policy::check(&sources);
        export(checked.versions.unwrap().current(), None).unwrap().json
    }

    #[test]
    fn every_term_is_one_of_dpv_or_of_ours() {
        let mut terms = vec![appi::nodes().into()];
        terms.push(serde_json::from_str(&carrier()).unwrap());
        for document in terms {
            let (mut dpv, mut appi) = (Vec::new(), Vec::new());
            names(&document, "dpv:", &mut dpv);
            names(&document, "appi:", &mut appi);
            assert!(dpv.len() > 10);
            for term in dpv {
                let is_known =
                    known::PURPOSES.contains(&term.as_str()) || known::OTHERS.contains(&term.as_str());
                assert!(is_known, "dpv:{term}");
            }
            for term in appi {
                assert!(
                    appi::nodes().iter().any(|node| node["@id"] == format!("appi:{term}")),
                    "appi:{term}"
                );
            }
        }
    }
}
