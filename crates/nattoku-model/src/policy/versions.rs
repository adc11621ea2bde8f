//! A policy with the versions it replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::name::VersionName;
use crate::policy::Policy;

/// Every version of a policy, the newest to take effect being the one whose names requests use (R7, R74).
#[derive(Debug, Clone)]
pub struct Versions {
    current: Arc<Policy>,
    by_name: BTreeMap<VersionName, Arc<Policy>>,
}

impl Versions {
    /// A policy and the versions before it.
    #[must_use]
    pub fn new(current: Policy, earlier: impl IntoIterator<Item = Policy>) -> Self {
        let current = Arc::new(current);
        let mut by_name: BTreeMap<_, _> =
            earlier.into_iter().map(|p| (p.version.clone(), Arc::new(p))).collect();
        by_name.insert(current.version.clone(), Arc::clone(&current));
        Self { current, by_name }
    }

    /// The policy whose names requests use.
    #[must_use]
    pub fn current(&self) -> &Policy {
        &self.current
    }

    /// A version by name.
    #[must_use]
    pub fn get(&self, version: &VersionName) -> Option<&Policy> {
        self.by_name.get(version).map(Arc::as_ref)
    }

    /// The version in force at an instant: the last to have taken effect by then (R74). `None` before the first.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> Option<&Policy> {
        self.by_name.values().map(Arc::as_ref).filter(|p| p.effective <= at).max_by_key(|p| p.effective)
    }

    /// Every version, oldest first.
    #[must_use]
    pub fn oldest_first(&self) -> Vec<&Policy> {
        let mut all: Vec<&Policy> = self.by_name.values().map(Arc::as_ref).collect();
        all.sort_by_key(|p| p.effective);
        all
    }
}
