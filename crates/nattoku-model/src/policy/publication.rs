//! Matters that the law wants public (S8).

use jiff::Timestamp;

use crate::language::Text;
use crate::name::{CategoryName, PurposeName, RecipientName};

/// A published joint use with the five items of APPI-27-5c; the first, that data are used jointly, is its being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointUse {
    /// Its name in words.
    pub title: Text,
    /// The data items.
    pub items: Vec<CategoryName>,
    /// The scope of joint users.
    pub users: Vec<RecipientName>,
    /// The purposes of the users.
    pub purposes: Vec<PurposeName>,
    /// Who is responsible for management: name, address and representative.
    pub responsible: Text,
    /// From when it is published and so in force.
    pub published: Option<Timestamp>,
}

/// Published anonymised information (APPI-43-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnonymizedSet {
    /// Its name in words.
    pub title: Text,
    /// The items of information about individuals it contains.
    pub items: Vec<CategoryName>,
    /// How it is given to others, if it is.
    pub method: Text,
    /// From when it is published.
    pub published: Option<Timestamp>,
}
