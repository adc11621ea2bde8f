//! Matters that the law wants public (S8).

use jiff::Timestamp;

use crate::language::Text;
use crate::name::{CategoryName, ChoiceName, PurposeName, RecipientName};

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

/// What a page or an app makes the device of whoever uses it send to somebody else (Telecommunications Business Act 27-12, TEL-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmission {
    /// Its name in words.
    pub title: Text,
    /// What is sent.
    pub items: Vec<CategoryName>,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// What we have it sent for.
    pub purposes: Vec<PurposeName>,
    /// What those who receive it use it for, in words; empty where that is the same.
    pub usage: Text,
    /// The choice that stops it, where there is one.
    pub choice: Option<ChoiceName>,
    /// Where it is stopped otherwise: an address that begins with `https://`.
    pub address: Option<String>,
}
