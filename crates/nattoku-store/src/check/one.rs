//! Everything that can be said of one row alone.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_ledger::Hash;
use nattoku_model::Event;

use super::people::{People, Person};
use super::rows::{Columns, Rows, Subject, id_kind};
use super::{Entries, Hashing, within, wrong};
use crate::append::derive_again;
use crate::decode::{instant, number};
use crate::error::StoreError;
use crate::event_json::EVENT_ID_CHARS_MAX;
use crate::leaf::{self, Beside, ERASED_LIVE};

/// What was found of some rows.
#[derive(Default)]
pub(crate) struct Checked {
    /// The rows up to the first that does not hold.
    pub(super) rows: Vec<CheckedRow>,
    /// The kept nodes that came with them.
    pub(super) nodes: Option<HashMap<i64, Vec<u8>>>,
    pub(super) found: Found,
}

/// What is needed of a row to go on with the tree.
pub(super) struct CheckedRow {
    pub(super) revision: i64,
    pub(super) at: i64,
    pub(super) recorded_at: i64,
    pub(super) hash: Result<Hash, StoreError>,
}

/// What rows tell beside the tree.
#[derive(Default)]
pub(crate) struct Found {
    /// How many events of each name there are.
    pub(crate) events_by_name: BTreeMap<String, u64>,
    /// How many have something personal beside them.
    pub(crate) payloads: u64,
    /// Who is erased, and whether an event says so.
    pub(crate) erased: BTreeMap<[u8; 16], bool>,
    /// Whose keys were gone where the row did not say that they are erased, with the first such row.
    pub(crate) gone: BTreeMap<[u8; 16], i64>,
    /// What the index of ids must have.
    pub(crate) ids: Entries,
    /// What the index of principals must have.
    pub(crate) principals: Entries,
}

impl Found {
    pub(super) fn join(&mut self, other: Self) {
        for (name, events) in other.events_by_name {
            *self.events_by_name.entry(name).or_default() += events;
        }
        for (id, is_told) in other.erased {
            *self.erased.entry(id).or_default() |= is_told;
        }
        for (id, revision) in other.gone {
            self.gone.entry(id).or_insert(revision);
        }
        self.payloads += other.payloads;
        self.ids.join(other.ids);
        self.principals.join(other.principals);
    }

    fn count(&mut self, name: &str) {
        match self.events_by_name.get_mut(name) {
            Some(events) => *events += 1,
            None => drop(self.events_by_name.insert(name.to_owned(), 1)),
        }
    }
}

/// Somebody who looks through rows.
pub(super) struct Checker<'a> {
    people: &'a People<'a>,
    hashing: &'a Hashing,
    id_key: [u8; 32],
    /// The instant of a row as it is written, and that of the last `recorded_at`: many rows have the same.
    at: String,
    recorded_at: (i64, String),
}

impl<'a> Checker<'a> {
    pub(super) fn new(people: &'a People<'a>, hashing: &'a Hashing) -> Self {
        Self {
            people,
            hashing,
            id_key: people.keys.event_id_key(),
            at: String::new(),
            recorded_at: (i64::MIN, String::new()),
        }
    }

    pub(super) fn check(&mut self, rows: &mut Rows) -> Checked {
        let mut checked = Checked { nodes: rows.nodes.take(), ..Checked::default() };
        checked.rows.reserve(rows.len());
        for row in rows.iter() {
            let hash = self.row(&row, &mut checked.found);
            let is_wrong = hash.is_err();
            let Columns { revision, at, recorded_at, .. } = row;
            checked.rows.push(CheckedRow { revision, at, recorded_at, hash });
            if is_wrong {
                break;
            }
        }
        checked
    }

    fn row(&mut self, row: &Columns<'_>, found: &mut Found) -> Result<Hash, StoreError> {
        if let Some((kind, id)) = row.event_id.split_first() {
            found.ids.add(self.hashing, (*kind, id), row.revision);
        }
        found.principals.add(self.hashing, row.ordinal, row.revision);
        found.payloads += u64::from(row.payload.is_some());
        let person = match (row.ordinal, row.subject) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(wrong(row.revision, "its principal is not in the table principals"));
            }
            (Some(_), Some(subject)) => match self.person(subject, row.revision)? {
                Some(person) => Some(person),
                None => return erased(row, subject, found),
            },
        };
        let payload = match (row.payload, &person) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(wrong(row.revision, "it has a personal part, and concerns everybody"));
            }
            (Some(sealed), Some(person)) => {
                let id = &person.principal.id;
                match self.people.keys.open_payload(id, number(row.revision)?, sealed)? {
                    Some(payload) => Some(payload),
                    // The keys were destroyed a moment ago.
                    None => {
                        return row.subject.map_or_else(|| hash(row), |subject| erased(row, subject, found));
                    }
                }
            }
        };
        let at = instant(row.at)?;
        let event = self.event(row, payload.as_deref(), person.as_deref(), at)?;
        found.count(event.name());
        self.check_id(row, &event, person.as_deref(), at)?;
        hash(row)
    }

    /// The principal of a row; none where they are erased.
    fn person(&self, subject: &Subject, revision: i64) -> Result<Option<Arc<Person>>, StoreError> {
        if subject.is_erased {
            return Ok(None);
        }
        if let Some(person) = subject.person.get() {
            return Ok(person.clone());
        }
        let opened = self.people.open(&subject.id, subject.identifier.as_deref());
        let opened = opened.map_err(|error| within(&format!("revision {revision}"), error))?;
        Ok(subject.person.get_or_init(|| opened).clone())
    }

    /// The event of a row, no byte of which could be otherwise.
    fn event(
        &mut self,
        row: &Columns<'_>,
        payload: Option<&[u8]>,
        person: Option<&Person>,
        at: Timestamp,
    ) -> Result<Event, StoreError> {
        if self.recorded_at.0 != row.recorded_at || self.recorded_at.1.is_empty() {
            self.recorded_at = (row.recorded_at, instant(row.recorded_at)?.to_string());
        }
        self.at.clear();
        let _ = write!(self.at, "{at}");
        let principal = person.map(|person| &person.principal);
        let beside = Beside { principal, at: &self.at, recorded_at: &self.recorded_at.1 };
        leaf::decode_exactly(row.leaf, payload, &beside).map_err(|why| wrong(row.revision, &why))
    }

    /// Holds the id of an event against its content, from which it is derived where its sender gave none.
    fn check_id(
        &self,
        row: &Columns<'_>,
        event: &Event,
        person: Option<&Person>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let is_right = match row.event_id.split_first() {
            Some((&id_kind::GIVEN, id)) => std::str::from_utf8(id)
                .is_ok_and(|id| !id.is_empty() && id.chars().count() <= EVENT_ID_CHARS_MAX),
            Some((&id_kind::DERIVED, id)) => {
                let principal = person.map(|person| person.identifier.as_str());
                derive_again(&self.id_key, event, principal, at) == id
            }
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        Err(wrong(row.revision, "its id in the table events is not what its content gives"))
    }
}

/// Checks a row of which nothing but the leaf is to be there.
fn erased(row: &Columns<'_>, subject: &Subject, found: &mut Found) -> Result<Hash, StoreError> {
    if subject.is_erased {
        if row.payload.is_some() {
            return Err(wrong(row.revision, "its principal is erased, and its personal part is not"));
        }
        let says_nothing = [&[id_kind::ERASED][..], &row.revision.to_be_bytes()].concat();
        if row.event_id != says_nothing {
            return Err(wrong(
                row.revision,
                "its principal is erased, and its id in the table events is not",
            ));
        }
    } else {
        // They are being erased: what is erased while this reads is as if it had been before.
        found.gone.entry(subject.id).or_insert(row.revision);
    }
    let name = leaf::check_erased(row.leaf, &subject.id, instant(row.at)?, instant(row.recorded_at)?)
        .map_err(|why| wrong(row.revision, &why))?;
    if subject.is_erased {
        *found.erased.entry(subject.id).or_default() |= name == ERASED_LIVE;
    }
    found.count(&name);
    hash(row)
}

/// The hash of a row's leaf, which must be the one that is kept.
fn hash(row: &Columns<'_>) -> Result<Hash, StoreError> {
    let hash = Hash::of_leaf(row.leaf);
    if row.leaf_hash == hash.0 {
        Ok(hash)
    } else {
        Err(wrong(row.revision, "its hash is not that of its bytes"))
    }
}
