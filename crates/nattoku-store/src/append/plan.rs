//! What a group comes to: rows, numbers and the tree's new edge, worked out in memory.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use nattoku_ledger::Hash;
use nattoku_model::Revision;

use super::request::cut;
use super::{Found, Head, KnownPrincipal, Request, StoredId};
use crate::decode::instant;
use crate::error::StoreError;
use crate::event_json::{EventError, NewEvent};
use crate::leaf::{self, LEAF_BYTES_MAX, LedgerPrincipal};
use crate::nodes::{self, KeptNode};
use crate::random::Randomness;
use crate::record::Appended;

/// A row of events.
#[derive(Debug)]
pub(crate) struct EventRow<'a> {
    pub(crate) revision: u64,
    pub(crate) id: &'a StoredId,
    /// The event as it was sent; none of what arrives from another store, and of what says that somebody is erased.
    pub(crate) sent: Option<&'a NewEvent>,
    /// The event's name.
    pub(crate) name: &'a str,
    /// The ordinal of the principal it is about.
    pub(crate) principal: Option<i64>,
    /// The random id of the principal.
    pub(crate) principal_id: Option<[u8; 16]>,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) leaf: Vec<u8>,
    pub(crate) hash: Hash,
    pub(crate) payload: Option<Payload>,
}

/// What is personal of an event.
#[derive(Debug)]
pub(crate) enum Payload {
    /// To be sealed.
    Open(Vec<u8>),
    /// Sealed already, where it came from.
    Sealed(Vec<u8>),
}

/// A row of principals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewPrincipal<'a> {
    pub(crate) identifier: &'a str,
    pub(crate) row: KnownPrincipal,
}

/// A leaf that was made elsewhere, with what stands beside it.
pub(crate) struct Made<'a> {
    pub(crate) name: &'a str,
    /// Ordinal and random id of whom it is about.
    pub(crate) principal: Option<(i64, [u8; 16])>,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) leaf: Vec<u8>,
    pub(crate) payload: Option<Payload>,
}

/// What was looked up for a group before it is planned.
#[derive(Debug, Default)]
pub(crate) struct LookedUp<'a> {
    /// The group's events that are there already.
    pub(crate) found: HashMap<StoredId, Found>,
    /// The newest event about the principals of requests that ask for it.
    pub(crate) newest: HashMap<&'a str, Revision>,
    /// The largest ordinal of a principal.
    pub(crate) newest_ordinal: i64,
}

/// Rows that are to be written, and the head after them.
pub(crate) struct Plan<'a> {
    /// The number of events before.
    pub(crate) size_before: u64,
    pub(crate) head: Head,
    pub(crate) events: Vec<EventRow<'a>>,
    pub(crate) principals: Vec<NewPrincipal<'a>>,
    /// The nodes to keep that the events complete.
    pub(crate) nodes: Vec<KeptNode>,
    /// The ordinals of principals of whom nothing but leaves is to stay.
    pub(crate) erased: Vec<i64>,
    known: &'a HashMap<String, KnownPrincipal>,
    looked_up: LookedUp<'a>,
    /// Where in `events` an id is.
    by_id: HashMap<&'a StoredId, usize>,
    /// The new principals by identifier.
    made: HashMap<&'a str, KnownPrincipal>,
}

impl<'a> Plan<'a> {
    /// A plan of nothing yet.
    pub(crate) fn new(
        head: Head,
        known: &'a HashMap<String, KnownPrincipal>,
        looked_up: LookedUp<'a>,
    ) -> Self {
        Self {
            size_before: head.frontier.size(),
            head,
            events: Vec::new(),
            principals: Vec::new(),
            nodes: Vec::new(),
            erased: Vec::new(),
            known,
            looked_up,
            by_id: HashMap::new(),
            made: HashMap::new(),
        }
    }

    /// Adds the events of a request: all of them, or none.
    pub(crate) fn add(
        &mut self,
        request: &'a Request,
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<Appended>, StoreError> {
        let (head, n_events, n_principals) = (self.head.clone(), self.events.len(), self.principals.len());
        let n_nodes = self.nodes.len();
        let added = self.add_all(request, randomness);
        if added.is_err() {
            self.head = head;
            self.nodes.truncate(n_nodes);
            for row in self.events.drain(n_events..) {
                self.by_id.remove(row.id);
            }
            for new in self.principals.drain(n_principals..) {
                self.made.remove(new.identifier);
            }
        }
        added
    }

    fn add_all(
        &mut self,
        request: &'a Request,
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<Appended>, StoreError> {
        if let (Some(newest), Some(event)) = (request.newest_known, request.events.first())
            && let Some(principal) = &event.principal
            && self.newest_event(principal) != newest
        {
            return Err(StoreError::Changed);
        }
        let numbered = request.events.iter().zip(&request.ids).enumerate();
        numbered.map(|(index, (new, id))| self.add_one(index, new, id, request, randomness)).collect()
    }

    /// The newest event about a principal, with what the plan adds.
    fn newest_event(&self, principal: &str) -> Revision {
        let planned = self
            .events
            .iter()
            .rev()
            .find(|row| row.sent.is_some_and(|sent| sent.principal.as_deref() == Some(principal)));
        let stored = self.looked_up.newest.get(principal).copied().unwrap_or_default();
        planned.map_or(stored, |row| Revision(row.revision))
    }

    fn add_one(
        &mut self,
        index: usize,
        new: &'a NewEvent,
        id: &'a StoredId,
        request: &Request,
        randomness: &mut dyn Randomness,
    ) -> Result<Appended, StoreError> {
        let refused = |error| StoreError::Refused { index, error };
        let at = cut(new.at);
        if let Some(there) = self.find(index, id, new, at)? {
            return Ok(there);
        }
        let recorded_at = self.recorded_at(new, request).map_err(refused)?;
        if at.as_microsecond() > recorded_at {
            return Err(refused(EventError::in_the_future(at, instant(recorded_at)?)));
        }
        let row = match &new.principal {
            Some(identifier) => Some(self.intern(identifier, randomness)?),
            None => None,
        };
        let principal = row.as_ref().map(|row| &row.principal);
        let leaf = leaf::encode(&new.event, principal, at, instant(recorded_at)?);
        if leaf.bytes.len() > LEAF_BYTES_MAX {
            return Err(refused(EventError::too_long(leaf.bytes.len())));
        }
        let (revision, hash) = self.number(&leaf.bytes, recorded_at);
        self.by_id.insert(id, self.events.len());
        self.events.push(EventRow {
            revision,
            id,
            sent: Some(new),
            name: new.event.name(),
            principal: row.map(|row| row.ordinal),
            principal_id: row.map(|row| row.principal.id),
            at: at.as_microsecond(),
            recorded_at,
            leaf: leaf.bytes,
            hash,
            payload: leaf.payload.map(Payload::Open),
        });
        Ok(Appended {
            revision: Revision(revision),
            recorded_at: instant(recorded_at)?,
            already_there: false,
        })
    }

    /// The next revision, and the hash of the leaf that stands there.
    fn number(&mut self, leaf: &[u8], recorded_at: i64) -> (u64, Hash) {
        let hash = Hash::of_leaf(leaf);
        nodes::append(&mut self.head.frontier, hash, &mut self.nodes);
        self.head.recorded_at = Some(recorded_at);
        (self.head.frontier.size(), hash)
    }

    /// Adds a leaf that was made elsewhere: of an event that arrives from another store, or that says that somebody is erased.
    pub(crate) fn add_leaf(&mut self, id: &'a StoredId, made: Made<'a>) -> Result<Appended, StoreError> {
        let Made { name, principal, at, recorded_at, leaf, payload } = made;
        let (revision, hash) = self.number(&leaf, recorded_at);
        self.events.push(EventRow {
            revision,
            id,
            sent: None,
            name,
            principal: principal.map(|(ordinal, _)| ordinal),
            principal_id: principal.map(|(_, id)| id),
            at,
            recorded_at,
            leaf,
            hash,
            payload,
        });
        Ok(Appended {
            revision: Revision(revision),
            recorded_at: instant(recorded_at)?,
            already_there: false,
        })
    }

    /// When the ledger comes to know an event: now, never before what it knows already, or as a migration says.
    fn recorded_at(&self, new: &NewEvent, request: &Request) -> Result<i64, EventError> {
        let newest = self.head.recorded_at;
        let now = request.now.max(newest.unwrap_or(request.now));
        let Some(given) = new.recorded_at.filter(|_| request.keep_recorded_at) else { return Ok(now) };
        let given = cut(given);
        if given.as_microsecond() > now {
            let now = Timestamp::from_microsecond(request.now).unwrap_or(given);
            return Err(EventError::recorded_in_the_future(given, now));
        }
        match newest.filter(|newest| given.as_microsecond() < *newest) {
            Some(newest) => {
                let newest = Timestamp::from_microsecond(newest).unwrap_or(given);
                Err(EventError::recorded_out_of_order(given, newest))
            }
            None => Ok(given.as_microsecond()),
        }
    }

    /// The row of a principal, made now if there is none.
    fn intern(
        &mut self,
        identifier: &'a str,
        randomness: &mut dyn Randomness,
    ) -> Result<KnownPrincipal, StoreError> {
        if let Some(row) = self.known.get(identifier).or_else(|| self.made.get(identifier)) {
            return Ok(*row);
        }
        let mut principal = LedgerPrincipal { id: [0; 16], commitment_key: [0; 32] };
        randomness.fill(&mut principal.id)?;
        randomness.fill(&mut principal.commitment_key)?;
        let newest = self.principals.last().map_or(self.looked_up.newest_ordinal, |new| new.row.ordinal);
        let row = KnownPrincipal { ordinal: newest + 1, principal };
        self.principals.push(NewPrincipal { identifier, row });
        self.made.insert(identifier, row);
        Ok(row)
    }

    /// The event if it is there already, or is planned. An id that its sender gave must then mean the same event.
    fn find(
        &self,
        index: usize,
        id: &StoredId,
        new: &NewEvent,
        at: Timestamp,
    ) -> Result<Option<Appended>, StoreError> {
        let conflict = |id: &String, revision| StoreError::Conflict { index, id: id.clone(), revision };
        let planned = self.by_id.get(id).and_then(|index| self.events.get(*index));
        let (revision, recorded_at) = if let Some(row) = planned {
            let same = row.sent.is_some_and(|sent| {
                (row.at, &sent.event, &sent.principal) == (at.as_microsecond(), &new.event, &new.principal)
            });
            match id {
                StoredId::Given(id) if !same => return Err(conflict(id, row.revision)),
                _ => (row.revision, row.recorded_at),
            }
        } else if let Some(found) = self.looked_up.found.get(id) {
            match (id, &found.content) {
                (StoredId::Given(id), Some(there))
                    if (there.at, &there.event, &there.principal) != (at, &new.event, &new.principal) =>
                {
                    return Err(conflict(id, found.revision));
                }
                _ => (found.revision, found.recorded_at),
            }
        } else {
            return Ok(None);
        };
        Ok(Some(Appended {
            revision: Revision(revision),
            recorded_at: instant(recorded_at)?,
            already_there: true,
        }))
    }
}

/// How many events of each name there are among rows.
pub(crate) fn counts<'a>(rows: &[EventRow<'a>]) -> BTreeMap<&'a str, i64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.name).or_default() += 1;
    }
    counts
}
