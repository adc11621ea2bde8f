//! What happened to personal data, or to a principal's will.

use std::fmt;

use jiff::{Timestamp, civil::Date};

use crate::language::Language;
use crate::name::{
    ActivityName, ApplicationName, CategoryName, ChoiceName, ConsentName, DepartmentName, EntrusterName,
    PublicationName, RecipientName, RelationshipName, RoleName, SourceName, VersionName, ViewReasonName,
    WordingName,
};
use crate::request::Action;

/// A position in the ledger: the number of events up to and including this one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An event as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its position.
    pub revision: Revision,
    /// When it happened, as told by whoever reported it.
    pub at: Timestamp,
    /// When the ledger came to know it: never before `at`, never decreasing from one event to the next.
    pub recorded_at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Who expressed the principal's will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The principal.
    Principal,
    /// A guardian, by the id under which the guardian is linked.
    Guardian(String),
    /// An agent the principal delegated, by id; needs evidence of authority (R55).
    Agent(String),
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal => f.write_str("principal"),
            Self::Guardian(id) => write!(f, "guardian:{id}"),
            Self::Agent(id) => write!(f, "agent:{id}"),
        }
    }
}

impl std::str::FromStr for By {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        match s.split_once(':') {
            None if s == "principal" => Ok(Self::Principal),
            Some(("guardian", id)) if !id.is_empty() => Ok(Self::Guardian(id.to_owned())),
            Some(("agent", id)) if !id.is_empty() => Ok(Self::Agent(id.to_owned())),
            _ => Err(()),
        }
    }
}

/// A past-tense fact. The names are those of `ledger import`, in upper camel case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words of the event list in docs/reference/events.md")]
pub enum Event {
    /// The principal is known to the organisation. `unknown_relationships` names kinds of tie whose past a
    /// migrated record cannot tell (R75: unknown membership history is referred, never assumed).
    PrincipalRegistered {
        born: Option<Date>,
        residence: Option<String>,
        unknown_relationships: Vec<RelationshipName>,
    },
    /// A guardian may act for the principal, until the given instant if one is given.
    GuardianLinked {
        guardian: String,
        until: Option<Timestamp>,
    },
    RelationshipStarted {
        relationship: RelationshipName,
    },
    RelationshipEnded {
        relationship: RelationshipName,
    },
    /// A holding came to be: a category acquired from a source, perhaps entrusted by another business.
    DataAcquired {
        category: CategoryName,
        source: SourceName,
        entrusted_from: Option<EntrusterName>,
        policy_version: Option<VersionName>,
    },
    /// Every holding of the category, and of what is below it, acquired until then is gone.
    DataErased {
        category: CategoryName,
    },
    NoticeGiven {
        policy_version: VersionName,
        language: Language,
        channel: String,
    },
    ConsentGranted {
        item: ConsentName,
        text_version: WordingName,
        language: Language,
        channel: String,
        by: By,
        until: Option<Timestamp>,
        evidence: Option<String>,
    },
    ConsentWithdrawn {
        item: ConsentName,
        channel: String,
        by: By,
    },
    ChoiceDeclined {
        choice: ChoiceName,
        channel: String,
        by: By,
    },
    ChoiceRestored {
        choice: ChoiceName,
        channel: String,
        by: By,
    },
    DataUsed {
        application: ApplicationName,
        activity: ActivityName,
        categories: Vec<CategoryName>,
    },
    DataProvided {
        recipient: RecipientName,
        activity: ActivityName,
        categories: Vec<CategoryName>,
        basis: String,
    },
    DataReceived {
        source: SourceName,
        activity: ActivityName,
        categories: Vec<CategoryName>,
        basis: String,
    },
    /// An upheld claim, a hold or an open incident stops these acts on these categories (APPI-35).
    RestrictionPlaced {
        categories: Vec<CategoryName>,
        actions: Vec<Action>,
        claim: Option<String>,
    },
    RestrictionLifted {
        categories: Vec<CategoryName>,
        actions: Vec<Action>,
        claim: Option<String>,
    },
    /// Somebody of a department looked at data: which role, never which person (R57). The principal is told of it.
    DataViewed {
        application: ApplicationName,
        department: DepartmentName,
        role: RoleName,
        activity: ActivityName,
        categories: Vec<CategoryName>,
        reason: ViewReasonName,
    },
    /// Facts about a recipient; they concern every principal.
    RecipientAssessed {
        recipient: RecipientName,
    },
    RecipientSupervised {
        recipient: RecipientName,
    },
    RecipientSuspended {
        recipient: RecipientName,
    },
    RecipientEnded {
        recipient: RecipientName,
    },
    PublicationPublished {
        publication: PublicationName,
    },
    PolicyPublished {
        version: VersionName,
        digest: String,
    },
}

impl Event {
    /// The name used in `ledger import` and `export`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PrincipalRegistered { .. } => "principal_registered",
            Self::GuardianLinked { .. } => "guardian_linked",
            Self::RelationshipStarted { .. } => "relationship_started",
            Self::RelationshipEnded { .. } => "relationship_ended",
            Self::DataAcquired { .. } => "data_acquired",
            Self::DataErased { .. } => "data_erased",
            Self::NoticeGiven { .. } => "notice_given",
            Self::ConsentGranted { .. } => "consent_granted",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::ChoiceDeclined { .. } => "choice_declined",
            Self::ChoiceRestored { .. } => "choice_restored",
            Self::DataUsed { .. } => "data_used",
            Self::DataProvided { .. } => "data_provided",
            Self::DataReceived { .. } => "data_received",
            Self::DataViewed { .. } => "data_viewed",
            Self::RestrictionPlaced { .. } => "restriction_placed",
            Self::RestrictionLifted { .. } => "restriction_lifted",
            Self::RecipientAssessed { .. } => "recipient_assessed",
            Self::RecipientSupervised { .. } => "recipient_supervised",
            Self::RecipientSuspended { .. } => "recipient_suspended",
            Self::RecipientEnded { .. } => "recipient_ended",
            Self::PublicationPublished { .. } => "publication_published",
            Self::PolicyPublished { .. } => "policy_published",
        }
    }

    /// Every event's name, in the order in which they came to be.
    pub const NAMES: [&'static str; 23] = [
        "principal_registered",
        "guardian_linked",
        "relationship_started",
        "relationship_ended",
        "data_acquired",
        "data_erased",
        "notice_given",
        "consent_granted",
        "consent_withdrawn",
        "choice_declined",
        "choice_restored",
        "data_used",
        "data_provided",
        "data_received",
        "restriction_placed",
        "restriction_lifted",
        "recipient_assessed",
        "recipient_supervised",
        "recipient_suspended",
        "recipient_ended",
        "publication_published",
        "policy_published",
        "data_viewed",
    ];

    /// Whether the event is about one principal; the others concern everybody.
    #[must_use]
    pub const fn is_about_a_principal(&self) -> bool {
        !matches!(
            self,
            Self::RecipientAssessed { .. }
                | Self::RecipientSupervised { .. }
                | Self::RecipientSuspended { .. }
                | Self::RecipientEnded { .. }
                | Self::PublicationPublished { .. }
                | Self::PolicyPublished { .. }
        )
    }
}
