//! Prohibitions, exceptions by law, and which version governs what.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::language::Text;
use crate::name::{CategoryName, RelationshipName, VersionName};
use crate::policy::{Class, Policy, RecipientKind};
use crate::request::Action;

/// What nothing overrides (R37).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prohibition {
    /// Its name in words.
    pub title: Text,
    /// The outcome it forbids: `refuse_service`.
    pub outcome: String,
    /// On which categories it may not rest.
    pub on: Vec<CategoryName>,
    /// On which classes it may not rest. With no category and no class it forbids the outcome altogether.
    pub classes: BTreeSet<Class>,
}

/// A piece of evidence that an exception needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// The document that asks: a warrant, an order, an inquiry.
    Document,
    /// Why it is necessary.
    Necessity,
    /// Why the principal's consent is difficult to get, or would impede (APPI-18-3).
    ConsentDifficult,
    /// Who approved it.
    Approver,
    /// Until when it is relied on.
    TimeLimit,
    /// The assessment of the principal's rights and interests (R45).
    Assessment,
}

impl Requirement {
    /// Every requirement.
    pub const ALL: [Self; 6] = [
        Self::Document,
        Self::Necessity,
        Self::ConsentDifficult,
        Self::Approver,
        Self::TimeLimit,
        Self::Assessment,
    ];

    /// The name as used in policies and in the claim's JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Necessity => "necessity",
            Self::ConsentDifficult => "consent_difficult",
            Self::Approver => "approver",
            Self::TimeLimit => "time_limit",
            Self::Assessment => "assessment",
        }
    }
}

/// What law permits although the policy does not (R43, R44).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its name in words.
    pub title: Text,
    /// The citation: `APPI 18(3)(i)`.
    pub basis: String,
    /// The acts it can permit; all when none is named.
    pub actions: BTreeSet<Action>,
    /// What a claim must bring.
    pub requires: BTreeSet<Requirement>,
    /// What it obliges to afterwards: `record`, `notify_later`.
    pub obliges: Vec<String>,
    /// To whom it lets data be given (R44). Where it says nothing, a warrant reaches authorities and any other exception
    /// everybody.
    pub to: Vec<Reach>,
    /// Whether it is a court's warrant, which alone lifts secrecy (TEL-1).
    pub warrant: bool,
}

impl Exception {
    /// Whether it lets `category` go by a flow of this class ([`RecipientKind::of_flow`]). A court's warrant is its word to
    /// an authority, and serves nobody else (R44).
    #[must_use]
    pub fn may_give(&self, policy: &Policy, category: &CategoryName, kind: RecipientKind) -> bool {
        if self.warrant {
            return kind == RecipientKind::Authority;
        }
        self.to.is_empty()
            || self.to.iter().any(|to| to.kinds.contains(&kind) && !to.holds_back(policy, category))
    }
}

/// The recipients whom an exception reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// The classes of the flows by which they get data.
    pub kinds: BTreeSet<RecipientKind>,
    /// What they do not get all the same, nor what is worked out from it.
    pub except: Vec<CategoryName>,
}

impl Reach {
    /// Whether some of `category` is, or is worked out from, what is held back. Asking for a node asks for all of it (R16).
    fn holds_back(&self, policy: &Policy, category: &CategoryName) -> bool {
        let has_some = |asked: &CategoryName| {
            self.except.iter().any(|held_back| held_back.covers(asked) || asked.covers(held_back))
        };
        !self.except.is_empty() && (has_some(category) || policy.origins_of(category).iter().any(has_some))
    }
}

/// Which older version keeps governing which holdings of which principals (R75).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The older version.
    pub governing: VersionName,
    /// It governs what was acquired before this instant…
    pub acquired_before: Timestamp,
    /// …unless the principal has had this relationship at any time from this instant on.
    pub unless: Option<(RelationshipName, Timestamp)>,
}
