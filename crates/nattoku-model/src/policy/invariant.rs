//! Invariants: sentences that must hold for every principal and every request, whatever else the policy says.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::language::Text;
use crate::name::{
    ActivityName, ApplicationName, CategoryName, ChoiceName, ConsentName, EntrusterName, ExceptionName,
    ProhibitionName, PurposeName, RecipientName, RelationshipName, WordingName,
};
use crate::policy::{Class, Period, Place, RecipientKind};
use crate::request::Action;

/// Which of the two sentences it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `never provide location to=third_party unless=consent`: what matches is not permitted, unless on a ground.
    Never,
    /// `only use credit for=credit_decision`: what is about these data is permitted in this way and in no other.
    Only,
}

/// One invariant, as checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invariant {
    /// Which sentence it is.
    pub form: Form,
    /// The sentence as it is written, on one line.
    pub written: String,
    /// What it means in words, where the policy says it.
    pub title: Text,
    /// Where it stands.
    pub place: Place,
    /// The acts it is about; all but disclosure to the principal where it says `any`.
    pub actions: BTreeSet<Action>,
    /// The categories it is about; all when empty.
    pub categories: Vec<CategoryName>,
    /// The classes it is about; all when empty.
    pub classes: BTreeSet<Class>,
    /// Which requests a `never` is about, or which an `only` leaves.
    pub way: Way,
    /// What must be so of the principal, the holding and the recipient for it to bear; all of these.
    pub states: Vec<State>,
    /// On which of these grounds it is permitted all the same (`unless=`).
    pub unless: Vec<Ground>,
    /// On which of these grounds an `only` leaves it; on any when empty (`if=`).
    pub conditions: Vec<Ground>,
    /// What it does not speak of: these categories for these activities.
    pub except: Vec<Except>,
}

/// How data are dealt with; what is empty says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// To whom.
    pub to: Vec<To>,
    /// For which activities.
    pub activities: Vec<ActivityName>,
    /// For which purposes.
    pub purposes: Vec<PurposeName>,
    /// By which applications.
    pub applications: Vec<ApplicationName>,
    /// With which outcomes of the activity.
    pub outcomes: Vec<String>,
}

/// Somebody who gets data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Whoever gets them by a flow of this class (R65).
    Kind(RecipientKind),
    /// One recipient.
    Recipient(RecipientName),
    /// Anybody in another country than the controller's (APPI-28-1).
    Abroad,
}

/// A name, or any of its kind that bears on the act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which<N> {
    /// Any that bears on the act: a choice that covers it, a consent item that it needs.
    Any,
    /// This one.
    Named(N),
}

/// Something that is so of a principal, of what is held of them, or of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The principal has declined the choice; of `any`, one that can be declined and covers the act (R49).
    Declined(Which<ChoiceName>),
    /// The newest act on the consent item is its withdrawal (R49).
    Withdrawn(Which<ConsentName>),
    /// The principal has never said anything about the consent item (R48).
    Unanswered(Which<ConsentName>),
    /// The principal last agreed to this wording of a consent item that the act needs (R42).
    Wording(WordingName),
    /// The principal is known to be younger than this (CAP-1).
    AgeUnder(u8),
    /// The relationship has been and is no more (R38).
    Ended(RelationshipName),
    /// None of the relationships is alive (R19).
    Without(Vec<RelationshipName>),
    /// The principal has never had the relationship (R75).
    NeverIn(RelationshipName),
    /// What is held was entrusted by the business, or by any (R39).
    Entrusted(Which<EntrusterName>),
    /// What is held was acquired before the instant (R75).
    AcquiredBefore(Timestamp),
    /// What is held was acquired at least this long ago (R38).
    OlderThan(Period),
    /// The prohibition speaks of the act (R37).
    Prohibited(Which<ProhibitionName>),
    /// A state that one word names.
    While(Word),
}

/// A state that one word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// An upheld claim, a hold or an incident stops the act (APPI-35).
    Restricted,
    /// What was held has been erased, and nothing acquired since.
    Erased,
    /// What is held came from a source that is not confirmed, or not for this (R8, R15).
    Quarantined,
    /// What is held is past its retention (R38).
    PastRetention,
    /// The recipient is suspended (R63).
    Suspended,
    /// The relation with the recipient has ended (R64).
    RelationEnded,
    /// A processor's assessment or supervision was not done in time (R63, R64).
    Overdue,
    /// No joint use with the recipient is published (R67).
    Unpublished,
    /// The principal's age is not known (CAP-1).
    AgeUnknown,
}

impl Word {
    /// Every word.
    pub const ALL: [Self; 9] = [
        Self::Restricted,
        Self::Erased,
        Self::Quarantined,
        Self::PastRetention,
        Self::Suspended,
        Self::RelationEnded,
        Self::Overdue,
        Self::Unpublished,
        Self::AgeUnknown,
    ];

    /// The word as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Erased => "erased",
            Self::Quarantined => "quarantined",
            Self::PastRetention => "past_retention",
            Self::Suspended => "suspended",
            Self::RelationEnded => "relation_ended",
            Self::Overdue => "overdue",
            Self::Unpublished => "unpublished",
            Self::AgeUnknown => "age_unknown",
        }
    }
}

/// What an act may rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// One that a word names.
    Basis(GroundWord),
    /// A consent to this item stands.
    Consent(ConsentName),
    /// A complete claim of this exception is made, for these data.
    Exception(ExceptionName),
}

/// A ground that one word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundWord {
    /// A consent that the act needs stands (APPI-27-1).
    Consent,
    /// A consent about one matter alone, that the act needs, stands (TEL-1).
    IndividualConsent,
    /// A consent that the act needs stands and was given by a linked guardian (CAP-1).
    Guardian,
    /// The activity has a statute of its own for a class of the data (TEL-1, TEL-7).
    Statute,
    /// A provision that rests on law covers it (APPI-27-1).
    Law,
    /// A provision that rests on a notified opt-out covers it (APPI-27-2).
    OptOut,
    /// A published joint use covers it (APPI-27-5c).
    JointUse,
    /// A complete claim of an exception is made, a warrant among them (APPI-18-3, APPI-27-1).
    Exception,
    /// A complete warrant names the data (TEL-1).
    Warrant,
    /// It is among what passes although a choice is declined (R50).
    Residue,
}

impl GroundWord {
    /// Every word.
    pub const ALL: [Self; 10] = [
        Self::Consent,
        Self::IndividualConsent,
        Self::Guardian,
        Self::Statute,
        Self::Law,
        Self::OptOut,
        Self::JointUse,
        Self::Exception,
        Self::Warrant,
        Self::Residue,
    ];

    /// The word as used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::IndividualConsent => "individual_consent",
            Self::Guardian => "guardian",
            Self::Statute => "statute",
            Self::Law => "law",
            Self::OptOut => "opt_out",
            Self::JointUse => "joint_use",
            Self::Exception => "exception",
            Self::Warrant => "warrant",
            Self::Residue => "residue",
        }
    }
}

/// What an invariant does not speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Except {
    /// These categories and what is below them…
    pub categories: Vec<CategoryName>,
    /// …for these activities.
    pub activities: Vec<ActivityName>,
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}
