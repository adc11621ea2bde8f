//! Who else gets data, by the class of the flow (CORE-2).

use jiff::Timestamp;

use crate::language::Text;
use crate::name::{ActivityName, CategoryName, ConsentName, WorkName};
use crate::policy::Period;
use crate::request::Action;

/// The class of a flow. It belongs to the flow, not to the company (R65): one company may be two recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecipientKind {
    /// Handles data for the controller (APPI-27-5a).
    Processor,
    /// Uses data for itself (APPI-27-1).
    ThirdParty,
    /// Uses data together with the controller, as published (APPI-27-5c).
    JointUser,
    /// Takes over the business (APPI-27-5b).
    Successor,
    /// A court, police or another public body (APPI-27-1).
    Authority,
}

impl RecipientKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Processor, Self::ThirdParty, Self::JointUser, Self::Successor, Self::Authority];

    /// The name as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::ThirdParty => "third_party",
            Self::JointUser => "joint_user",
            Self::Successor => "successor",
            Self::Authority => "authority",
        }
    }
}

impl RecipientKind {
    /// The class of a flow by which a recipient of this kind gets data: whoever is *provided* with them is a third party to
    /// it, unless it succeeds the controller or is an authority (R65, CORE-2). None for an act that gives data to nobody.
    #[must_use]
    pub const fn of_flow(self, action: Action) -> Option<Self> {
        match (action, self) {
            (Action::Entrust, _) => Some(Self::Processor),
            (Action::Share, _) => Some(Self::JointUser),
            (Action::Provide, Self::Successor | Self::Authority) => Some(self),
            (Action::Provide, _) => Some(Self::ThirdParty),
            _ => None,
        }
    }
}

/// A kind of work that may be entrusted (S7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its name in words.
    pub title: Text,
}

/// What a processor may be entrusted with: an activity on categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrustment {
    /// The activity it is part of.
    pub activity: ActivityName,
    /// The categories that may be handed over.
    pub on: Vec<CategoryName>,
}

/// A duty that falls due again and again: an assessment, a supervision, a check of a foreign system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// When it was last done, as the policy knows it; the ledger may know better.
    pub last: Timestamp,
    /// How often it must be done.
    pub every: Period,
}

/// What makes giving data abroad lawful (APPI-28-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transfer {
    /// The country is on the list of equal protection.
    EquivalentCountry,
    /// The recipient keeps up a conforming system, checked again and again (APPI-28-3).
    ConformingSystem(Recurring),
    /// The principal consented, informed as APPI-28-2 asks.
    Consent(ConsentName),
}

/// Somebody else who gets data, in one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its name in words.
    pub title: Text,
    /// A concrete example for the reader, beginning "for example".
    pub example: Text,
    /// The class of the flow.
    pub kind: RecipientKind,
    /// Its country, an ISO 3166 two-letter code.
    pub country: String,
    /// The kinds of work entrusted to it.
    pub works: Vec<WorkName>,
    /// What exactly it may be entrusted with.
    pub may: Vec<Entrustment>,
    /// From when and until when the agreement with it runs.
    pub agreement: Option<(Timestamp, Option<Timestamp>)>,
    /// Its selection assessment (R63).
    pub assessed: Option<Recurring>,
    /// Its supervision (R64).
    pub supervised: Option<Recurring>,
    /// What makes giving data to it abroad lawful.
    pub transfer: Option<Transfer>,
}
