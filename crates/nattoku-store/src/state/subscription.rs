//! A receiver of events: where they are sent, which, and how far that has come.

use std::fmt;

use jiff::Timestamp;
use nattoku_model::Revision;
use zeroize::Zeroizing;

/// The key that signs what is sent to a receiver. Shown by nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Zeroizing<Vec<u8>>);

impl SigningSecret {
    /// The secret of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// A receiver of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// What it is called. No secret.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// The names of the events that are sent; every event, where there are none. The store does not interpret them.
    pub events: Vec<String>,
    /// What is signed with.
    pub secret: SigningSecret,
    /// When it was made.
    pub created: Timestamp,
    /// Who made it, in words of whoever did.
    pub created_by: String,
    /// All up to here was delivered, passed over, or put among the dead letters.
    pub cursor: Revision,
    /// Since when nothing is sent, and why; none where it is.
    pub paused: Option<(Timestamp, String)>,
}

/// An event that a receiver did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The name of the receiver.
    pub subscription: String,
    /// The event.
    pub revision: Revision,
    /// When it was given up.
    pub died: Timestamp,
    /// How often it was sent.
    pub attempts: u32,
    /// What the receiver answered last.
    pub why: String,
    /// Whether it is to be sent again.
    pub again: bool,
}
