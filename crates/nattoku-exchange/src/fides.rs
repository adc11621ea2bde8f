//! A first draft of a policy from manifests in fideslang, the language of Fides (version 3.1).
//!
//! A draft says what the manifests say and no more: it takes effect in a year that nobody lives to see, recipients stand in
//! a country that is none, and a consent is asked in the words that were there. So nothing is permitted by it before a
//! person has filled what only a person can know. What was not carried over, what was assumed and what is missing is
//! listed, each with its place and the reason.

mod apart;
mod draft;
mod fields;
mod manifest;
mod names;
mod report;

use nattoku_model::Language;
use nattoku_policy::Source;

use crate::place::Fault;

pub use crate::yaml::BYTES_MAX as FILE_BYTES_MAX;
pub use report::{Entry, Kind, Report};

/// What a caller says that the manifests do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The language that the manifests' texts are in; the draft declares it alone.
    pub texts: Language,
    /// The country of the controller, as two capital letters.
    pub country: Option<String>,
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The files of the policy's folder.
    pub files: Vec<Source>,
    /// What was not carried over, assumed or missing.
    pub report: Report,
}

/// Makes a draft of manifests, read as one. `files` are names, as the report shall call them, with contents.
///
/// # Errors
/// Everything that keeps a manifest from being read, by file and place.
pub fn import(files: &[(String, Vec<u8>)], options: &Options) -> Result<Draft, Vec<Fault>> {
    let mut reader = fields::Reader::default();
    let mut manifest = manifest::Manifest::default();
    for (name, bytes) in files {
        match crate::yaml::read(name, bytes) {
            Ok(documents) => documents.iter().for_each(|node| manifest.read(node, &mut reader)),
            Err(fault) => reader.faults.push(fault),
        }
    }
    if reader.faults.is_empty() && manifest.is_empty() {
        let file = files.first().map_or("", |(name, _)| name.as_str());
        reader.faults.push(manifest::nothing_in(file));
    }
    if !reader.faults.is_empty() {
        reader.faults.sort_by(|a, b| a.place.cmp(&b.place));
        return Err(reader.faults);
    }
    Ok(draft::write(&manifest, options, reader.report))
}
