//! What is to be recorded of a provision, and how long the record is kept (APPI-29-3, APPI-29-4).

use std::collections::BTreeSet;

use crate::language::Text;
use crate::law::{Grounds, Route, Start, Term};

/// One thing to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordItem {
    /// Its name: `recipient`.
    pub name: String,
    /// Its name in words.
    pub title: Text,
    /// The routes for which it is recorded; all that are recorded at all when none is named.
    pub routes: BTreeSet<Route>,
    /// What it rests on.
    pub grounds: Grounds,
}

/// How long a kind of record is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRetention {
    /// The kind of record: `single`, `batch`, `contract`.
    pub name: String,
    /// The kind in words.
    pub title: Text,
    /// How long.
    pub term: Term,
    /// From when.
    pub after: Start,
    /// What it rests on.
    pub grounds: Grounds,
}

/// What a law says of the records of provision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// What is recorded.
    pub items: Vec<RecordItem>,
    /// How long records are kept.
    pub retentions: Vec<RecordRetention>,
    /// The routes of which nothing need be recorded (APPI-29-2).
    pub exempt: BTreeSet<Route>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Records {
    /// What is to be recorded of a provision by a route; nothing where the route is exempt.
    pub fn items_of(&self, route: Route) -> impl Iterator<Item = &RecordItem> {
        let is_exempt = self.exempt.contains(&route);
        let is_asked = move |item: &&RecordItem| item.routes.is_empty() || item.routes.contains(&route);
        self.items.iter().filter(move |item| !is_exempt && is_asked(item))
    }
}
