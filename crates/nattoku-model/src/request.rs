//! What an application asks.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::name::{ActivityName, ApplicationName, CategoryName, ExceptionName, PurposeName, RecipientName};

/// What is to be done with the data. *Disclose* is to the principal; giving to others is *provide*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Acquire more of it.
    Collect,
    /// Use it inside the organisation.
    Use,
    /// Give it to a third party, a successor or an authority (APPI-27-1).
    Provide,
    /// Let a processor handle it for the controller (APPI-27-5a).
    Entrust,
    /// Let a joint user use it (APPI-27-5c).
    Share,
    /// Join it with other data about the principal.
    Combine,
    /// Make it identify nobody without other information (APPI-41-1).
    Pseudonymize,
    /// Make it identify nobody for good (APPI-43-1).
    Anonymize,
    /// Show it to the principal (APPI-33-1).
    Disclose,
}

impl Action {
    /// Every action, in the order of the design.
    pub const ALL: [Self; 9] = [
        Self::Collect,
        Self::Use,
        Self::Provide,
        Self::Entrust,
        Self::Share,
        Self::Combine,
        Self::Pseudonymize,
        Self::Anonymize,
        Self::Disclose,
    ];

    /// The name as used in policies, requests and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Use => "use",
            Self::Provide => "provide",
            Self::Entrust => "entrust",
            Self::Share => "share",
            Self::Combine => "combine",
            Self::Pseudonymize => "pseudonymize",
            Self::Anonymize => "anonymize",
            Self::Disclose => "disclose",
        }
    }

    /// Whether somebody outside the organisation gets the data, so that a recipient must be named.
    #[must_use]
    pub const fn gives(self) -> bool {
        matches!(self, Self::Provide | Self::Entrust | Self::Share)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|a| a.as_str() == s).ok_or(())
    }
}

/// A claim that law permits what the policy does not, with its evidence (R43, R44, R45).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExceptionClaim {
    /// Which exception of the policy is claimed.
    pub name: ExceptionName,
    /// The categories the document names; empty means all that are asked. A warrant naming X does not lift Y (R44).
    pub categories: Vec<CategoryName>,
    /// The requirements of the exception that the claim brings evidence for: `document` → "W-2026-01".
    pub evidence: std::collections::BTreeMap<String, String>,
    /// Until when the claim may be relied on.
    pub until: Option<Timestamp>,
}

/// One question: may this application do this with these data of this principal, for this activity?
///
/// The principal is not in here: a decision is taken over the events of one principal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// Who asks.
    pub application: ApplicationName,
    /// What is to be done.
    pub action: Action,
    /// For which registered activity. A name that is not registered is answered `refer`, never matched (R18).
    pub activity: ActivityName,
    /// Which of the activity's purposes it is done for; all of them when absent (R35).
    pub purpose: Option<PurposeName>,
    /// The categories asked, at least one.
    pub categories: Vec<CategoryName>,
    /// Who else gets the data.
    pub recipient: Option<RecipientName>,
    /// The instant the question is about.
    pub at: Timestamp,
    /// Answer with only what the ledger knew at this instant.
    pub known_at: Option<Timestamp>,
    /// An exception by law that is claimed.
    pub exception: Option<ExceptionClaim>,
}
