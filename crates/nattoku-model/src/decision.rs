//! What is answered.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use crate::event::Revision;
use crate::name::{CategoryName, ExceptionName, VersionName};
use crate::policy::Rule;
use crate::reason::Reason;

/// The answer to a question, from the best to the worst; the worst of several decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It may be done.
    Permit,
    /// It may be done if every obligation is carried out; a caller that cannot must treat this as deny.
    PermitWithConditions,
    /// Only a consent is missing.
    NeedsConsent,
    /// A person must decide; until then it may not be done.
    Refer,
    /// It may not be done.
    Deny,
}

impl Verdict {
    /// Every verdict, best first.
    pub const ALL: [Self; 5] =
        [Self::Permit, Self::PermitWithConditions, Self::NeedsConsent, Self::Refer, Self::Deny];

    /// The name as used in answers and scenarios.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::PermitWithConditions => "permit_with_conditions",
            Self::NeedsConsent => "needs_consent",
            Self::Refer => "refer",
            Self::Deny => "deny",
        }
    }

    /// Whether the act may be done, with its conditions.
    #[must_use]
    pub const fn is_permitted(self) -> bool {
        matches!(self, Self::Permit | Self::PermitWithConditions)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A question that every category and holding passes through. All are reported, not only the first that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Which version governs the holding (R75).
    Governing,
    /// Whether a prohibition matches (R37).
    Prohibition,
    /// Whether it was acquired justly, and for whom (R8, R15, R39).
    Origin,
    /// Whether the use is registered, allowed and the category necessary (R17, R18).
    Purpose,
    /// Whether the agreement it needs is alive, and the data within retention (R38).
    Relationship,
    /// Whether protected classes have their own consent or statute (TEL-1).
    Secrecy,
    /// Whether the recipient is of the right class and in good standing (R62 to R67).
    Recipient,
    /// On what a provision to a third party rests (APPI-27-1).
    Provision,
    /// On what giving data abroad rests (APPI-28-1).
    Transfer,
    /// Whether the principal has declined (R49, R50).
    Choice,
    /// Whether the principal has agreed (R41, R42, R48).
    Consent,
    /// Whether an upheld claim, a hold or an incident stops it (APPI-35).
    Restriction,
    /// What must be done to use no more than needed (R25, R33).
    Minimisation,
}

impl Gate {
    /// Every gate, in the order of the design's table.
    pub const ALL: [Self; 13] = [
        Self::Governing,
        Self::Prohibition,
        Self::Origin,
        Self::Purpose,
        Self::Relationship,
        Self::Secrecy,
        Self::Recipient,
        Self::Provision,
        Self::Transfer,
        Self::Choice,
        Self::Consent,
        Self::Restriction,
        Self::Minimisation,
    ];

    /// The name as used in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Governing => "governing",
            Self::Prohibition => "prohibition",
            Self::Origin => "origin",
            Self::Purpose => "purpose",
            Self::Relationship => "relationship",
            Self::Secrecy => "secrecy",
            Self::Recipient => "recipient",
            Self::Provision => "provision",
            Self::Transfer => "transfer",
            Self::Choice => "choice",
            Self::Consent => "consent",
            Self::Restriction => "restriction",
            Self::Minimisation => "minimisation",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one gate says.
///
/// There is no way to make one without a reason; a permit names the rule and the events it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateAnswer {
    /// The gate.
    pub gate: Gate,
    /// What it says.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The rule of the policy it rests on, if it rests on one.
    pub rule: Option<Rule>,
    /// The events of the ledger it rests on.
    pub events: Vec<Revision>,
    /// The names and dates that fill the reason's sentence: `item`, `until`, `missing`.
    pub details: BTreeMap<&'static str, String>,
}

impl GateAnswer {
    /// An answer with its reason and nothing else yet.
    #[must_use]
    pub fn new(gate: Gate, verdict: Verdict, reason: Reason) -> Self {
        Self { gate, verdict, reason, rule: None, events: Vec::new(), details: BTreeMap::new() }
    }

    /// The worse of two answers; the first where they are alike.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        if other.verdict > self.verdict { other } else { self }
    }

    /// Names the rule it rests on.
    #[must_use]
    pub fn by_rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Names the events it rests on.
    #[must_use]
    pub fn on_events(mut self, events: impl IntoIterator<Item = Revision>) -> Self {
        self.events.extend(events);
        self
    }

    /// Fills in one name or date of the sentence.
    #[must_use]
    pub fn detail(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.details.insert(key, value.to_string());
        self
    }
}

/// A range of acquisition dates within which one version governs: what the caller may use, by date of acquisition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Era {
    /// The version that governs.
    pub governing: VersionName,
    /// Acquired at or after this instant; from the beginning when absent.
    pub acquired_from: Option<Timestamp>,
    /// Acquired before this instant; without end when absent.
    pub acquired_before: Option<Timestamp>,
}

/// The answer for one category in one era of acquisition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryAnswer {
    /// The category asked.
    pub category: CategoryName,
    /// The era of acquisition it holds for.
    pub era: Era,
    /// The holdings it was judged on, by the event of their acquisition. Empty where none is recorded: then it was
    /// judged as acquired directly at the instant asked about.
    pub holdings: Vec<Revision>,
    /// The greatest verdict of all gates.
    pub verdict: Verdict,
    /// What each gate says, in the order of [`Gate::ALL`].
    pub gates: Vec<GateAnswer>,
}

/// Something a permitted caller must do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obligation {
    /// What: a minimisation (`pseudonymize`) or a duty of an exception (`record`).
    pub kind: String,
    /// On which categories.
    pub categories: Vec<CategoryName>,
    /// The rule that asks for it.
    pub rule: Rule,
}

/// Something the answer rests on that the ledger learnt after the instant asked about (R11).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownLater {
    /// The event.
    pub revision: Revision,
    /// When it happened.
    pub at: Timestamp,
    /// When the ledger came to know of it.
    pub recorded_at: Timestamp,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The greatest verdict of all categories and eras.
    pub verdict: Verdict,
    /// Per category asked and era of acquisition.
    pub answers: Vec<CategoryAnswer>,
    /// What a permitted caller must do.
    pub obligations: Vec<Obligation>,
    /// The exception claimed, if one was; what it lifted, the gates say.
    pub exception: Option<ExceptionName>,
    /// The version in force at the instant asked about.
    pub policy_version: Option<VersionName>,
    /// How much of the ledger the answer saw.
    pub revision: Revision,
    /// The instant asked about.
    pub at: Timestamp,
    /// With only what was known at this instant.
    pub known_at: Option<Timestamp>,
    /// Events relied on that were recorded after the instant asked about.
    pub known_later: Vec<KnownLater>,
}

impl Decision {
    /// The gate answer that decides: the first with the decision's verdict, in the order of categories and gates. A permit
    /// rests on all gates alike; there it is what the provision rests on, or else the purpose.
    #[must_use]
    pub fn deciding(&self) -> Option<&GateAnswer> {
        let gates = || self.answers.iter().filter(|a| a.verdict == self.verdict).flat_map(|a| &a.gates);
        if self.verdict == Verdict::Permit {
            let of = |gate: Gate| gates().find(|g| g.gate == gate);
            return of(Gate::Provision).filter(|g| g.rule.is_some()).or_else(|| of(Gate::Purpose));
        }
        gates().find(|g| g.verdict == self.verdict)
    }
}
