//! From sources to a checked policy.

use std::collections::BTreeMap;

use nattoku_model::policy::Versions;
use nattoku_model::Language;

use crate::diagnostic::Diagnostic;
use crate::notice::Notice;
use crate::scenario::Scenario;
use crate::source::{Files, Source};

/// What checking found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The policy with its earlier versions; none when there are errors.
    pub versions: Option<Versions>,
    /// What there is to say, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were than are kept.
    pub left_out: usize,
    /// The files, for the renderers.
    pub files: Files,
    /// The scenarios of the current version.
    pub scenarios: Vec<Scenario>,
    /// The notices of the current version.
    pub notices: BTreeMap<Language, Notice>,
    /// The notices of the versions before it, by version.
    pub earlier_notices: BTreeMap<nattoku_model::name::VersionName, BTreeMap<Language, Notice>>,
}

/// Checks the files of one policy folder.
#[must_use]
pub fn check(sources: &[Source]) -> Checked {
    let mut checked = Checked::default();
    for source in sources {
        checked.files.add(&source.name, &String::from_utf8_lossy(&source.bytes));
    }
    checked
}
