//! What is published of a policy: its versions, the notices of each, and what their sources come to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use nattoku_analysis::difference::{Difference, Rulings, difference};
use nattoku_model::Language;
use nattoku_model::name::VersionName;
use nattoku_model::policy::{Policy, Versions};
use nattoku_policy::check::Checked;
use nattoku_policy::notice::Notice;

/// Every version of a policy as the public reads it (R4, R7, R74).
#[derive(Debug, Clone)]
pub struct Publication {
    versions: Versions,
    notices: BTreeMap<VersionName, BTreeMap<Language, Notice>>,
    digests: BTreeMap<VersionName, String>,
    sources_digest: String,
    /// What versions change of the one before them, each worked out when it is first asked for.
    differences: Arc<Mutex<BTreeMap<VersionName, Arc<Difference>>>>,
}

impl Publication {
    /// Versions with the notices of the current one alone.
    #[must_use]
    pub fn new(versions: Versions, notices: BTreeMap<Language, Notice>) -> Self {
        let notices = BTreeMap::from([(versions.current().version.clone(), notices)]);
        Self {
            versions,
            notices,
            digests: BTreeMap::new(),
            sources_digest: String::new(),
            differences: Arc::default(),
        }
    }

    /// Everything that a check read; none where the policy has errors.
    #[must_use]
    pub fn of(checked: &Checked) -> Option<Self> {
        let versions = checked.versions.clone()?;
        let mut publication = Self::new(versions, checked.notices.clone());
        publication.notices.extend(checked.earlier_notices.clone());
        publication.digests.clone_from(&checked.digests);
        publication.sources_digest.clone_from(&checked.sources_digest);
        Some(publication)
    }

    /// The policy with the versions before it.
    #[must_use]
    pub const fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The version whose names requests use.
    #[must_use]
    pub fn current(&self) -> &Policy {
        self.versions.current()
    }

    /// The notice of a version in a language; none where its text is not at hand.
    #[must_use]
    pub fn notice(&self, version: &VersionName, language: Language) -> Option<&Notice> {
        self.notices.get(version)?.get(&language)
    }

    /// What all sources together come to, those of earlier versions and of the policy's own law packs included: SHA-256 in
    /// hexadecimal. Empty where the sources were not read.
    #[must_use]
    pub fn sources_digest(&self) -> &str {
        &self.sources_digest
    }

    /// What the sources of a version come to: SHA-256 in hexadecimal (R77). None where the sources were not read.
    #[must_use]
    pub fn digest(&self, version: &VersionName) -> Option<&str> {
        self.digests.get(version).map(String::as_str)
    }

    /// The version that was in force before a version took effect.
    #[must_use]
    pub fn before(&self, version: &Policy) -> Option<&Policy> {
        let versions = self.versions.oldest_first();
        versions.into_iter().rfind(|other| other.effective < version.effective)
    }

    /// What a version changes of another that it came after. Every reader of one publication asks about the same few.
    pub(crate) fn difference(&self, old: &Policy, new: &Policy) -> Arc<Difference> {
        // What is kept is whole, whatever befell whoever kept it.
        let kept = || self.differences.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().get(&new.version).filter(|known| known.from == old.version).cloned();
        known.unwrap_or_else(|| {
            let found = Arc::new(difference(old, new, &Rulings::of_laws([old, new])));
            kept().insert(new.version.clone(), Arc::clone(&found));
            found
        })
    }
}
