//! What is known of one principal now: the events, folded to what some version of the policy can ask about.

mod fold;

use jiff::{Timestamp, civil::Date};

pub(crate) use fold::Step;

/// How a relationship stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tie {
    Never,
    Alive,
    /// It is not alive, and ended last at this instant.
    Ended(Timestamp),
}

/// The newest thing said about a consent item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The number of the act.
    pub(crate) act: u32,
    /// When it was given, where some version lets the item run out.
    pub(crate) given: Option<Timestamp>,
    /// Until when, if it was limited.
    pub(crate) until: Option<Timestamp>,
}

/// A holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// The number of its kind.
    pub(crate) kind: u32,
    pub(crate) acquired: Timestamp,
}

/// What is known of one principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// When the last of the events happened.
    pub(crate) newest: Option<Timestamp>,
    pub(crate) is_registered: bool,
    /// Whether dates were finer than the seconds that are left of them.
    pub(crate) is_finer: bool,
    pub(crate) born: Option<Date>,
    /// By relationship: whether a registration called its past unknown.
    pub(crate) unknown: Vec<bool>,
    /// By relationship.
    pub(crate) ties: Vec<Tie>,
    /// By choice.
    pub(crate) declined: Vec<bool>,
    /// By item.
    pub(crate) will: Vec<Option<Standing>>,
    /// By occasion: the last acquisition.
    pub(crate) occasions: Vec<Option<Timestamp>>,
    /// In the order of their acquisition; of several that no rule tells apart, the oldest, and the newest where that counts.
    pub(crate) held: Vec<Held>,
    /// The number of the set of categories that were ever erased.
    pub(crate) erased: u32,
    /// The number of the list of restrictions that stand.
    pub(crate) stops: u32,
}
