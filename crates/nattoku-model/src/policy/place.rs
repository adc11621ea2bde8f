//! Where a rule stands.

use std::fmt;

/// A rule of the policy, by its kind and name: `activity partner_offers`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// The node's kind: `activity`, `consent`, `transition`.
    pub kind: &'static str,
    /// The name it declares.
    pub name: String,
}

impl Rule {
    /// A rule by kind and name.
    pub fn new(kind: &'static str, name: impl fmt::Display) -> Self {
        Self { kind, name: name.to_string() }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// Where a rule stands in the source and in the notice, and what it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The source file: `provisions.kdl`.
    pub file: String,
    /// The line of its node, from 1.
    pub line: usize,
    /// The anchor of the notice's section that states it: `purposes`.
    pub section: Option<String>,
    /// The requirement or the law it comes from: `R31`, `APPI-27-5c`.
    pub cites: Vec<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
