//! Why a call was not answered. None of these is a permit.

use std::error::Error;
use std::time::Duration;

use crate::Problem;

/// Why a call was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The address cannot be used.
    #[error("`{address}` cannot be called: {why}")]
    Address {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The token is no header.
    #[error("the token has characters that no token has")]
    Token,
    /// Whom to trust cannot be read.
    #[error("the certificates to trust cannot be read: {0}")]
    Trust(String),
    /// No random number could be drawn.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// The server was not reached, or the connection broke. Whether a write was done is not known: send it again under the
    /// same name ([`Act::key`](crate::Act::key)).
    #[error("the server cannot be reached")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// The server did not answer in time. Whether a write was done is not known: send it again under the
    /// same name ([`Act::key`](crate::Act::key)).
    #[error("the server did not answer within {} ms", after.as_millis())]
    Late {
        /// How long it was waited for.
        after: Duration,
    },
    /// The server answered that it will not, and why.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The answer is not one.
    #[error("the answer (status {status}) cannot be read: {why}")]
    Unreadable {
        /// Its status.
        status: u16,
        /// What is wrong with it.
        why: String,
    },
    /// The answer is of before what was asked for.
    #[error("the answer is of revision {have}, and {want} was asked for")]
    Old {
        /// That of the answer.
        have: u64,
        /// The least that was asked for.
        want: u64,
    },
}

impl ClientError {
    /// The problem that the server told, where it did.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            _ => None,
        }
    }
}
