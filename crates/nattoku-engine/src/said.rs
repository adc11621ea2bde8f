//! What one gate says, as small as it can be told.

use nattoku_model::{Reason, Verdict};

/// A gate's verdict with its reason; what else an answer names, the definition tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

impl Said {
    pub(crate) const fn new(verdict: Verdict, reason: Reason) -> Self {
        Self { verdict, reason }
    }

    pub(crate) const fn permit(reason: Reason) -> Self {
        Self::new(Verdict::Permit, reason)
    }

    pub(crate) const fn deny(reason: Reason) -> Self {
        Self::new(Verdict::Deny, reason)
    }

    pub(crate) const fn needs_consent(reason: Reason) -> Self {
        Self::new(Verdict::NeedsConsent, reason)
    }

    pub(crate) const fn refer(reason: Reason) -> Self {
        Self::new(Verdict::Refer, reason)
    }

    /// Whether it is nothing worse than a verdict.
    pub(crate) fn is_at_most(self, verdict: Verdict) -> bool {
        self.verdict <= verdict
    }

    /// The worse of two; the first where they are alike.
    pub(crate) fn worse(self, other: Self) -> Self {
        if other.verdict > self.verdict { other } else { self }
    }
}

/// The worst of several; the first of those that are alike.
pub(crate) fn worst(all: impl IntoIterator<Item = Said>) -> Option<Said> {
    all.into_iter().reduce(Said::worse)
}
