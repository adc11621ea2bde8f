//! What a change of a policy obliges to.

use crate::language::Text;
use crate::law::Grounds;

/// What must happen before a change of a policy takes effect for what is already held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// Nothing.
    None,
    /// The principals are notified, or it is published.
    Notify,
    /// The principals consent again.
    ConsentAgain,
}

impl ChangeClass {
    /// Every class, the lightest first.
    pub const ALL: [Self; 3] = [Self::None, Self::Notify, Self::ConsentAgain];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Notify => "notify",
            Self::ConsentAgain => "consent_again",
        }
    }
}

/// How a law classes a kind of change (APPI-17-2, APPI-21-3, APPI-27-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The kind in words.
    pub title: Text,
    /// What it obliges to.
    pub class: ChangeClass,
    /// What it rests on.
    pub grounds: Grounds,
}
