//! Where in somebody's file something stands, and what is wrong there.

use std::fmt;

use nattoku_policy::Words;

/// A place in a file, for people: both numbers from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the caller named it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What keeps a file from being read, with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong, and what was expected.
    pub problem: Words,
}

impl Fault {
    pub(crate) fn new(place: Place, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { place, problem: Words::new(ja, en) }
    }
}
