//! Which classes of data are protected, and how.

use std::collections::BTreeSet;

use crate::law::{Grounds, Strength};
use crate::request::Action;

/// What handling a protected class needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A consent, be it to other matters too.
    Consent,
    /// A consent about this one matter (TEL-1, APPI-20-2).
    IndividualConsent,
    /// A statute of its own; consent cannot widen it (TEL-7).
    Statute,
}

impl Need {
    /// Every need.
    pub const ALL: [Self; 3] = [Self::Consent, Self::IndividualConsent, Self::Statute];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::IndividualConsent => "individual_consent",
            Self::Statute => "statute",
        }
    }
}

/// The three ways of handling that laws tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handling {
    /// Getting data.
    Acquire,
    /// Everything done with them that gives them to nobody.
    Use,
    /// Giving them to others, on whatever ground.
    Provide,
}

impl Handling {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Acquire, Self::Use, Self::Provide];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acquire => "acquire",
            Self::Use => "use",
            Self::Provide => "provide",
        }
    }

    /// What an action is.
    #[must_use]
    pub const fn of(action: Action) -> Self {
        match action {
            Action::Collect => Self::Acquire,
            _ if action.gives() => Self::Provide,
            _ => Self::Use,
        }
    }
}

/// How a class is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// What handling it needs.
    pub needs: Need,
    /// For which handling.
    pub on: BTreeSet<Handling>,
    /// Whether the decision holds it, or only findings of the check.
    pub strength: Strength,
    /// Whether a court's warrant lifts it (TEL-1).
    pub warrant: bool,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Protection {
    /// Whether the decision holds it for a way of handling.
    #[must_use]
    pub fn binds(&self, handling: Handling) -> bool {
        self.strength == Strength::Statute && self.on.contains(&handling)
    }
}
