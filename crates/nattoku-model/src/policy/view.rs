//! Who may look at a principal's data, and for which reasons (DASH-6).

use std::collections::BTreeMap;

use crate::language::Text;
use crate::name::RoleName;

/// A part of the organisation whose people look at data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its name in words.
    pub title: Text,
    /// What people are there, each in words.
    pub roles: BTreeMap<RoleName, Text>,
}

/// Why somebody looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewReason {
    /// The sentence that the principal reads.
    pub sentence: Text,
}
