//! The text of a policy, kept where every node of a deployment finds it.

use jiff::Timestamp;

/// A policy that may be put in force, as its files were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPolicy {
    /// What its files come to: SHA-256.
    pub digest: [u8; 32],
    /// When it was kept last, to the microsecond.
    pub kept: Timestamp,
    /// Each with its path within the policy's folder, by the bytes of the path.
    pub files: Vec<(String, Vec<u8>)>,
}
