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

/// The ages of several rules as one: the strictest at every age.
#[must_use]
pub fn strictest(rules: impl IntoIterator<Item = Guardian>) -> Option<Guardian> {
    rules.into_iter().reduce(|a, b| {
        let under = a.under.max(b.under);
        let from = |g: Guardian| g.judge_from.unwrap_or(g.under);
        let judge_from = from(a).max(from(b));
        Guardian { under, judge_from: (judge_from < under).then_some(judge_from) }
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_rules_the_stricter_counts_at_every_age() {
        let rules = [
            Guardian { under: 16, judge_from: Some(12) },
            Guardian { under: 16, judge_from: None },
            Guardian { under: 13, judge_from: None },
            Guardian { under: 18, judge_from: Some(10) },
        ];
        for a in rules {
            for b in rules {
                let both = strictest([a, b]).unwrap();
                for age in 0..20 {
                    assert_eq!(
                        both.own_consent(age),
                        a.own_consent(age).max(b.own_consent(age)),
                        "{a:?} {b:?} {age}"
                    );
                }
            }
        }
        assert_eq!(strictest([]), None);
    }
}
