//! What the store answers with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nattoku_ledger::Hash;
use nattoku_model::{Recorded, Revision};

use crate::keys::Rotated;
use crate::transfer::PrincipalKeys;

/// What became of one event of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its position in the ledger.
    pub revision: Revision,
    /// When the ledger came to know it.
    pub recorded_at: Timestamp,
    /// Whether it had been stored before, so that nothing was added for it.
    pub already_there: bool,
}

/// What the ledger knows about one principal at one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalView {
    /// The revision of the ledger that was read.
    pub revision: Revision,
    /// When the ledger took in its newest event; nothing while it is empty.
    pub recorded_at: Option<Timestamp>,
    /// Whether any event names the principal.
    pub known: bool,
    /// The principal's events and those that concern everybody, by revision.
    pub events: Vec<Recorded>,
}

/// How far through the principals somebody is; the default is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageMark(pub(crate) i64);

impl PageMark {
    /// The mark as a number, for whoever goes on another time.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The mark that was given as a number.
    #[must_use]
    pub const fn of_number(number: i64) -> Self {
        Self(number)
    }
}

/// One principal of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalEvents {
    /// The principal's identifier.
    pub identifier: String,
    /// The random id under which the ledger's bytes know them.
    pub id: [u8; 16],
    /// The events about them, by revision; those that concern everybody are not among them.
    pub events: Vec<Recorded>,
}

/// Some principals, in the order in which the ledger first heard of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalsPage {
    /// The principals of whom something was known at the revision read.
    pub principals: Vec<PrincipalEvents>,
    /// From where to read on; nothing after the last page.
    pub next: Option<PageMark>,
}

/// An event that came since a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewerEvent {
    /// The random id of the principal it is about; none for events that concern everybody.
    pub principal: Option<[u8; 16]>,
    /// The event.
    pub recorded: Recorded,
}

/// What became of the ledger since a revision, of one look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The newest revision of the ledger at that look.
    pub revision: Revision,
    /// The events after the revision, in their order, as many as were asked for, without those about who is erased. None where there are no
    /// more.
    pub events: Vec<NewerEvent>,
    /// The random ids of those who are erased by now, and to whom something happened since.
    pub erased: Vec<[u8; 16]>,
}

/// Some principals by name, in the order in which the ledger first heard of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifiersPage {
    /// Each identifier, with the random id under which the ledger's bytes know it.
    pub principals: Vec<(String, [u8; 16])>,
    /// From where to read on; nothing after the last page.
    pub next: Option<PageMark>,
}

/// Some principals with their keys, in the order in which the ledger first heard of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalKeysPage {
    /// The principals.
    pub principals: Vec<PrincipalKeys>,
    /// From where to read on; nothing after the last page.
    pub next: Option<PageMark>,
}

/// A leaf with all that is needed to check what it commits to.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedLeaf {
    /// The leaf's bytes.
    pub leaf: Vec<u8>,
    /// What is personal of the event, if anything is.
    pub payload: Option<Vec<u8>>,
    /// The principal's identifier and the key of the commitments to their payloads; none for events that concern everybody, and
    /// none where the principal is erased.
    pub principal: Option<(String, [u8; 32])>,
}

/// A copy that was taken of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The newest revision in it.
    pub revision: Revision,
    /// The root of the tree over its events.
    pub root: Hash,
}

/// A principal who was erased from all that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The random id under which the ledger's bytes know them.
    pub id: [u8; 16],
    /// The event that says so.
    pub event: Appended,
    /// Whether what was deleted has left the files' logs. Otherwise somebody was reading, and it leaves them when they end; a server
    /// overwrites it when it will.
    pub logs_are_empty: bool,
}

/// Principals who were erased from every copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedEverywhere {
    /// Their random ids, each with the event that says so.
    pub principals: Vec<([u8; 16], Appended)>,
    /// The rotation that did it; nothing where nobody was waiting.
    pub rotated: Option<Rotated>,
}

/// A ledger of format 1 that was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// How many principals got keys.
    pub principals: u64,
    /// How many payloads were sealed.
    pub payloads: u64,
    /// How many events there are.
    pub events: u64,
    /// The root of the tree over them, which is what it was.
    pub root: Hash,
}

/// What a ledger's keys rest on, and how many of them there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStats {
    /// What the key-encryption key is called.
    pub kek: String,
    /// Its newest version.
    pub kek_version: u32,
    /// How many groups have keys.
    pub groups: u64,
    /// How many principals have keys.
    pub principals: u64,
    /// How many were erased from what is in use, and not yet everywhere.
    pub erased_live: u64,
    /// How many were erased everywhere.
    pub erased_everywhere: u64,
}

/// Numbers about the whole ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// How many events there are.
    pub events: u64,
    /// How many principals they are about.
    pub principals: u64,
    /// The newest revision; 0 while the ledger is empty.
    pub revision: Revision,
    /// The root of the tree over all events.
    pub root: Hash,
    /// How many events of each name there are; names without events are left out.
    pub events_by_name: BTreeMap<String, u64>,
}

/// A principal's own events and those that concern everybody in one list, by revision.
pub(crate) fn merge(own: Vec<Recorded>, general: &[Recorded]) -> Vec<Recorded> {
    let mut merged = own;
    merged.extend_from_slice(general);
    // The sort finds the two sorted runs and merges them.
    merged.sort_by_key(|event| event.revision);
    merged
}
