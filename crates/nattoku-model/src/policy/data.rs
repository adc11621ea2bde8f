//! Categories, where data come from, whom they tie to us, and how long they are kept.

use std::collections::BTreeSet;

use crate::language::Text;
use crate::name::{CategoryName, RelationshipName};
use crate::policy::Period;

/// A legal flag of a category (CORE-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Race, creed, illness, crime and the like (APPI-2-3).
    SpecialCare,
    /// Content, parties, times and places of a communication (TEL-1).
    CommunicationsSecrecy,
    /// About a living individual, but identifying nobody by itself (APPI-2-7).
    Referral,
    /// Identifies by itself.
    Identifier,
    /// The Individual Number (TEL-7).
    MyNumber,
    /// Where somebody is (TEL-3).
    Location,
    /// Money and credit (APPI-26-1).
    Financial,
    /// Features of the body that tell who somebody is, such as a face (APPI26-4, GDPR 9(1)).
    Biometric,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 8] = [
        Self::SpecialCare,
        Self::CommunicationsSecrecy,
        Self::Referral,
        Self::Identifier,
        Self::MyNumber,
        Self::Location,
        Self::Financial,
        Self::Biometric,
    ];

    /// The name as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SpecialCare => "special_care",
            Self::CommunicationsSecrecy => "communications_secrecy",
            Self::Referral => "referral",
            Self::Identifier => "identifier",
            Self::MyNumber => "my_number",
            Self::Location => "location",
            Self::Financial => "financial",
            Self::Biometric => "biometric",
        }
    }
}

/// A kind of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name in words.
    pub title: Text,
    /// One plain sentence for the dashboard.
    pub description: Text,
    /// Its own legal flags; see [`Policy::classes_of`](crate::Policy::classes_of) for all that apply.
    pub classes: BTreeSet<Class>,
    /// The categories it is worked out from (R16).
    pub derived_from: BTreeSet<CategoryName>,
}

/// The three ways of acquisition (S2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The principal gave it (R11, R12).
    Direct,
    /// It was recorded when a service was used (R13, R14).
    Automatic,
    /// It came by way of somebody else's service (R15).
    Indirect,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Automatic, Self::Indirect];

    /// The name as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Automatic => "automatic",
            Self::Indirect => "indirect",
        }
    }
}

/// A place data come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name in words.
    pub title: Text,
    /// The way of acquisition.
    pub channel: Channel,
    /// What may come from it; anything else that comes is quarantined (R8).
    pub gives: Vec<CategoryName>,
    /// What confirms that an indirect source acquired the data justly: `agreement` (APPI-30-1, R15).
    pub confirmed_by: Option<String>,
}

/// Another business whose data are handled for its own work only (R39).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entruster {
    /// Its name in words.
    pub title: Text,
}

/// What kind of tie a relationship is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationshipKind {
    /// An agreement on a service.
    Contract,
    /// Membership of a club.
    Membership,
}

/// A dated tie between principal and organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its name in words.
    pub title: Text,
    /// Its kind.
    pub kind: RelationshipKind,
}

/// What starts the retention clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetentionStart {
    /// The acquisition of the holding.
    Acquired,
    /// The end of the last of these relationships; until then it does not run (R38).
    Ended(Vec<RelationshipName>),
}

/// How long a category is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The category, with all below it that have no rule of their own.
    pub category: CategoryName,
    /// How long.
    pub period: Period,
    /// From when.
    pub after: RetentionStart,
}
