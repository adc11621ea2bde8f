//! What a browser says of its own accord, and what the policy takes it for.

use jiff::civil::Date;

use crate::name::ChoiceName;

/// A signal that a browser sends with every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// Global Privacy Control: the header `Sec-GPC: 1`.
    GlobalPrivacyControl,
}

impl SignalKind {
    /// Every signal there is.
    pub const ALL: [Self; 1] = [Self::GlobalPrivacyControl];

    /// Its word in the policy, and the channel by which what it declines is recorded.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GlobalPrivacyControl => "gpc",
        }
    }

    /// What its makers call it, the same in every language.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::GlobalPrivacyControl => "Global Privacy Control",
        }
    }
}

/// What a signal is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The choices that it declines, of whoever never answered them.
    pub declines: Vec<ChoiceName>,
    /// The day on which it was stated that it is heeded; where none is written, that on which the version takes effect.
    pub stated: Option<Date>,
}
