//! From which age a principal's own consent counts.

use crate::law::{Grounds, Strength};
use crate::policy::Guardian;

/// What a principal's own consent is worth at an age, from the best to the worst; the worst of several rules counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnConsent {
    /// It counts.
    Counts,
    /// Whether it suffices is for a person to judge.
    Judged,
    /// A guardian must consent.
    Guardian,
}

impl Guardian {
    /// What the principal's own consent is worth at an age in whole years.
    #[must_use]
    pub fn own_consent(self, age: i16) -> OwnConsent {
        if age >= i16::from(self.under) {
            OwnConsent::Counts
        } else if self.judge_from.is_some_and(|from| age >= i16::from(from)) {
            OwnConsent::Judged
        } else {
            OwnConsent::Guardian
        }
    }
}

/// The age rule of a law (CAP-1, APPI26-3, GDPR 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRule {
    /// Below which age a guardian must consent, and from which age a person judges.
    pub guardian: Guardian,
    /// Whether it binds every consent item, or is guidance that the items follow by their own `guardian`.
    pub strength: Strength,
    /// What it rests on.
    pub grounds: Grounds,
}
