//! What an embedded node tells the program of itself.

use std::fmt;
use std::time::Duration;

use nattoku_model::Language;
use nattoku_operations::{Kept, Look, MadeReady, NodeError};
use nattoku_policy::diagnostic::Severity;
use nattoku_policy::diagnostic::render::text::render;

/// Diagnostics that are shown of a policy with errors.
pub(crate) const SHOWN: usize = 5;

/// What an embedded node tells of itself, for a program's log and its figures. Written in English by `Display`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told {
    /// It took in so many events of the ledger.
    TookIn {
        /// How many.
        events: u64,
        /// How long ago the first of them was appended, by this machine's clock and that of whoever appended it; nothing where it is of
        /// somebody who is erased.
        first_waited: Option<Duration>,
    },
    /// It cannot follow the ledger, and why. Once its lease has run out it permits nothing. Told once, until it follows again.
    CannotFollow(String),
    /// It follows again.
    FollowsAgain,
    /// It does not hear of what is appended, and why: it looks at the ledger more often.
    IsDeaf(String),
    /// Another policy stands from now on: the version, and the digest of its sources.
    PolicyStands(String, String),
    /// What is in the policy's folder cannot be used, and why. What stands goes on.
    PolicyIsUseless(String),
    /// It has become ready for a policy that the ledger may put in force: the version, and the digest of its sources.
    ReadyFor(String, String),
    /// It is not ready for the policy that the ledger puts in force next, and why. Told once of each reason.
    NotReady(String),
    /// What keeps it up to date broke off, and is begun again.
    BrokeOff,
}

impl Told {
    pub(crate) fn of(kept: &Kept<'_>) -> Self {
        match kept {
            Kept::TookIn(taken_in) => {
                Self::TookIn { events: taken_in.events, first_waited: taken_in.first_waited }
            }
            Kept::CannotFollow(error) => Self::CannotFollow(error.to_string()),
            Kept::FollowsAgain => Self::FollowsAgain,
            Kept::IsDeaf(error) => Self::IsDeaf(error.to_string()),
            _ => Self::BrokeOff,
        }
    }

    /// What a look at the policy's folder came to. Nothing, where nothing has changed; `standing` is the version that stands, and its digest.
    pub(crate) fn of_look(look: Look, standing: impl FnOnce() -> (String, String)) -> Option<Self> {
        Some(match look {
            Look::Same => return None,
            Look::Stands(_) => {
                let (version, digest) = standing();
                Self::PolicyStands(version, digest)
            }
            Look::Unreadable(error) => Self::PolicyIsUseless(error.to_string()),
            Look::Unsound(mut checked) => {
                checked.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
                let (diagnostics, files) = (&checked.diagnostics, &checked.files);
                Self::PolicyIsUseless(render(diagnostics, files, Language::En, SHOWN, false))
            }
            Look::NotRenewed(error) => Self::PolicyIsUseless(error.to_string()),
        })
    }

    /// What came of becoming ready for the next policy. Nothing, where that is the same as before; `before` is why it was not.
    pub(crate) fn of_ready(
        made: Result<Option<MadeReady>, NodeError>,
        before: &mut Option<String>,
    ) -> Option<Self> {
        let why = made.as_ref().err().map(ToString::to_string);
        let is_same = *before == why;
        before.clone_from(&why);
        match (made, why) {
            (Ok(made), _) => made.map(|made| Self::ReadyFor(made.version.to_string(), made.digest)),
            (Err(_), why) => why.filter(|_| !is_same).map(Self::NotReady),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TookIn { events, .. } => write!(f, "{events} events were taken in"),
            Self::CannotFollow(why) => write!(
                f,
                "the ledger cannot be followed; once the lease has run out nothing is permitted: {why}"
            ),
            Self::FollowsAgain => f.write_str("the ledger is followed again"),
            Self::IsDeaf(why) => {
                write!(f, "what is appended is not heard of; the ledger is looked at more often: {why}")
            }
            Self::PolicyStands(version, digest) => {
                write!(f, "another policy stands from now on: version {version}, sha256:{digest}")
            }
            Self::PolicyIsUseless(why) => {
                write!(f, "the policy in the folder cannot be used; what stands goes on: {why}")
            }
            Self::ReadyFor(version, digest) => {
                write!(f, "ready for a policy that may be put in force: version {version}, sha256:{digest}")
            }
            Self::NotReady(why) => write!(f, "not ready for the policy that may be put in force next: {why}"),
            Self::BrokeOff => f.write_str("what keeps this node up to date broke off, and is begun again"),
        }
    }
}
