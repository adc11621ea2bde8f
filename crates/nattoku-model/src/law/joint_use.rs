//! What is to be made known of a joint use (APPI-27-5c).

use crate::language::Text;
use crate::law::Grounds;
use crate::policy::JointUse;

/// A part of a published joint use that a law asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublishedItem {
    /// The fact that data are used jointly: the publication itself.
    Fact,
    /// The data items.
    Items,
    /// The scope of joint users.
    Users,
    /// Their purposes.
    Purposes,
    /// Who is responsible for management.
    Responsible,
}

impl PublishedItem {
    /// Every item.
    pub const ALL: [Self; 5] = [Self::Fact, Self::Items, Self::Users, Self::Purposes, Self::Responsible];

    /// The name as used in packs, and that of the node of a `joint-use` that fills it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Items => "items",
            Self::Users => "users",
            Self::Purposes => "purposes",
            Self::Responsible => "responsible",
        }
    }

    /// Whether a joint use lacks it. The fact of joint use is the publication's being.
    #[must_use]
    pub fn is_missing(self, joint_use: &JointUse) -> bool {
        match self {
            Self::Fact => false,
            Self::Items => joint_use.items.is_empty(),
            Self::Users => joint_use.users.is_empty(),
            Self::Purposes => joint_use.purposes.is_empty(),
            Self::Responsible => joint_use.responsible.is_empty(),
        }
    }
}

/// What a law wants known beforehand of a joint use, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JointUseRule {
    /// The items with their words.
    pub items: Vec<(PublishedItem, Text)>,
    /// What it rests on.
    pub grounds: Grounds,
}
