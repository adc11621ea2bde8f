//! What a group comes to: rows, numbers and the tree's new edge, worked out in memory.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use nattoku_ledger::Hash;
use nattoku_model::Revision;

use super::{Found, Head, KnownPrincipal, Prepared, Request, StoredId};
use crate::decode::instant;
use crate::error::StoreError;
use crate::event_json::EventError;
use crate::leaf::{self, LEAF_BYTES_MAX, LedgerPrincipal};
use crate::nodes::{self, KeptNode};
use crate::random::Randomness;
use crate::record::Appended;

/// A row of events.
#[derive(Debug)]
pub(crate) struct EventRow<'a> {
    pub(crate) revision: u64,
    pub(crate) id: &'a StoredId,
    /// The event as it was handed over; none of what arrives from another store, and of what says that somebody is erased.
    pub(crate) prepared: Option<&'a Prepared>,
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
    pub(crate) payload: Option<Payload<'a>>,
}

/// What is personal of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Payload<'a> {
    /// To be sealed.
    Open(&'a [u8]),
    /// Sealed already, where it came from.
    Sealed(&'a [u8]),
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
    pub(crate) payload: Option<Payload<'a>>,
}

/// What was looked up for a group before it is planned.
#[derive(Debug, Default)]
pub(crate) struct LookedUp<'a> {
    /// The group's events that are there already.
    pub(crate) found: HashMap<StoredId, Found>,
    /// The group's principals that are known.
    pub(crate) known: HashMap<&'a str, KnownPrincipal>,
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
    looked_up: LookedUp<'a>,
    /// Where in `events` an id is.
    by_id: HashMap<&'a StoredId, usize>,
    /// The new principals by identifier.
    made: HashMap<&'a str, KnownPrincipal>,
    /// The instant that was written last, in microseconds since 1970, and as text.
    instant: (i64, String),
}

impl<'a> Plan<'a> {
    /// A plan of nothing yet.
    pub(crate) fn new(head: Head, looked_up: LookedUp<'a>) -> Self {
        Self {
            size_before: head.frontier.size(),
            head,
            events: Vec::new(),
            principals: Vec::new(),
            nodes: Vec::new(),
            erased: Vec::new(),
            looked_up,
            by_id: HashMap::new(),
            made: HashMap::new(),
            instant: (0, String::new()),
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
        if let (Some(newest), Some(event)) = (request.newest_known(), request.events().first())
            && let Some(principal) = &event.principal
            && self.newest_event(principal) != newest
        {
            return Err(StoreError::Changed);
        }
        let numbered = request.events().iter().enumerate();
        numbered.map(|(index, event)| self.add_one(index, event, request, randomness)).collect()
    }

    /// The newest event about a principal, with what the plan adds.
    fn newest_event(&self, principal: &str) -> Revision {
        let planned = self
            .events
            .iter()
            .rev()
            .find(|row| row.prepared.is_some_and(|event| event.principal.as_deref() == Some(principal)));
        let stored = self.looked_up.newest.get(principal).copied().unwrap_or_default();
        planned.map_or(stored, |row| Revision(row.revision))
    }

    fn add_one(
        &mut self,
        index: usize,
        event: &'a Prepared,
        request: &Request,
        randomness: &mut dyn Randomness,
    ) -> Result<Appended, StoreError> {
        let refused = |error| StoreError::Refused { index, error };
        if let Some(there) = self.find(index, event)? {
            return Ok(there);
        }
        let recorded_at = self.recorded_at(event, request).map_err(refused)?;
        let told = instant(recorded_at)?;
        if event.at.as_microsecond() > recorded_at {
            return Err(refused(EventError::in_the_future(event.at, told)));
        }
        let row = match &event.principal {
            Some(identifier) => Some(self.intern(identifier, randomness)?),
            None => None,
        };
        let leaf = event.draft.fill(row.as_ref().map(|row| &row.principal), self.written(recorded_at, told));
        if leaf.len() > LEAF_BYTES_MAX {
            return Err(refused(EventError::too_long(leaf.len())));
        }
        let (revision, hash) = self.number(&leaf, recorded_at);
        self.by_id.insert(&event.id, self.events.len());
        self.events.push(EventRow {
            revision,
            id: &event.id,
            prepared: Some(event),
            name: event.name,
            principal: row.map(|row| row.ordinal),
            principal_id: row.map(|row| row.principal.id),
            at: event.at.as_microsecond(),
            recorded_at,
            leaf,
            hash,
            payload: event.draft.payload.as_deref().map(Payload::Open),
        });
        Ok(Appended { revision: Revision(revision), recorded_at: told, already_there: false })
    }

    /// An instant as text. Events of one group mostly have one.
    fn written(&mut self, microseconds: i64, instant: Timestamp) -> &str {
        if self.instant.0 != microseconds || self.instant.1.is_empty() {
            self.instant = (microseconds, instant.to_string());
        }
        &self.instant.1
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
            prepared: None,
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
    fn recorded_at(&self, event: &Prepared, request: &Request) -> Result<i64, EventError> {
        let newest = self.head.recorded_at;
        let now = request.now().max(newest.unwrap_or(request.now()));
        let Some(given) = event.recorded_at else { return Ok(now) };
        if given.as_microsecond() > now {
            let now = Timestamp::from_microsecond(request.now()).unwrap_or(given);
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
        if let Some(row) = self.looked_up.known.get(identifier).or_else(|| self.made.get(identifier)) {
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
    fn find(&self, index: usize, event: &Prepared) -> Result<Option<Appended>, StoreError> {
        let planned = self.by_id.get(&event.id).and_then(|index| self.events.get(*index));
        let (revision, recorded_at, is_same) = if let Some(row) = planned {
            let is_same = row.prepared.is_some_and(|planned| planned.content == event.content);
            (row.revision, row.recorded_at, is_same)
        } else if let Some(found) = self.looked_up.found.get(&event.id) {
            let there = found.content.as_ref();
            let content =
                there.map(|there| leaf::content_of(&there.event, there.principal.as_deref(), there.at));
            (found.revision, found.recorded_at, content.is_none() || content == event.content)
        } else {
            return Ok(None);
        };
        match &event.id {
            StoredId::Given(id) if !is_same => Err(StoreError::Conflict { index, id: id.clone(), revision }),
            _ => Ok(Some(Appended {
                revision: Revision(revision),
                recorded_at: instant(recorded_at)?,
                already_there: true,
            })),
        }
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
