//! A token by which a program may call.

use jiff::Timestamp;

/// A token as it is kept: everything but its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is called, in lists and where it is revoked. No secret.
    pub id: String,
    /// SHA-256 of its secret, which is 32 random bytes that nobody but the caller has.
    pub digest: [u8; 32],
    /// The applications that a caller with it may name, or `*`. The store does not interpret them.
    pub applications: Vec<String>,
    /// What a caller with it may do. The store does not interpret them.
    pub acts: Vec<String>,
    /// Who has it and what for, in words of whoever made it.
    pub note: String,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is not to be taken any more; none where it does not expire.
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// When it was used last, as far as was noted.
    pub last_used: Option<Timestamp>,
}
