//! What an append does in `PostgreSQL`: steps 2, 3 and 5 to 7 of [`crate::append`].
//!
//! Steps 5 to 7 are one statement, and so one transaction and one message to the server and back.

use std::collections::HashMap;
use std::time::Duration;

use nattoku_model::Revision;

use super::address::Address;
use super::lease::{self, Lease, Resting};
use super::nodes;
use super::read::decode_row;
use super::session::Session;
use crate::append::{
    EventRow, Found, FoundContent, Head, KnownPrincipal, Medium, NewPrincipal, Plan, StoredId, counts,
    reached,
};
use crate::decode::{column, number};
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;
use crate::nodes::KeptNode;

/// The connection that writes.
pub(super) struct Writing {
    address: Address,
    wait_max: Duration,
    state: State,
}

enum State {
    Away,
    Resting(Box<Resting>),
    Holds(Box<Lease>),
}

/// Ids and identifiers asked for at once.
const ASKED_AT_ONCE: usize = 10_000;
/// Events written by one statement.
const PART: usize = 10_000;

const FIND: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, p.identifier, e.event_id
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal
where e.event_id = any($1::bytea[])";
const PRINCIPALS: &str = "
select identifier, ordinal, id, commitment_key from nattoku.principals where identifier = any($1::text[])";
const NEWEST_EVENT: &str = "
select coalesce(max(e.revision), 0) from nattoku.events e join nattoku.principals p on p.ordinal = e.principal
where p.identifier = $1";
const NEWEST_ORDINAL: &str = "select coalesce(max(ordinal), 0) from nattoku.principals";
const COMMIT: &str = "
with moved as (
    update nattoku.head set epoch = $1, size = $2, frontier = $3, recorded_at = $4
    where only_row and epoch = $5 and size = $6 returning 1
), new_principals as (
    insert into nattoku.principals (ordinal, id, identifier, commitment_key)
    select * from unnest($7::bigint[], $8::bytea[], $9::text[], $10::bytea[]) where exists (select from moved)
), new_events as (
    insert into nattoku.events (revision, event_id, principal, at, recorded_at, leaf, leaf_hash)
    select * from unnest($11::bigint[], $12::bytea[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bytea[],
        $17::bytea[]) where exists (select from moved)
), new_payloads as (
    insert into nattoku.payloads (revision, payload)
    select * from unnest($18::bigint[], $19::bytea[]) where exists (select from moved)
), new_nodes as (
    insert into nattoku.nodes (place, hash)
    select * from unnest($22::bigint[], $23::bytea[]) where exists (select from moved)
), new_counts as (
    insert into nattoku.counts (event, events)
    select * from unnest($20::text[], $21::bigint[]) where exists (select from moved)
    on conflict (event) do update set events = counts.events + excluded.events
)
select count(*) from moved";

impl Writing {
    pub(super) const fn new(address: Address, wait_max: Duration) -> Self {
        Self { address, wait_max, state: State::Away }
    }

    fn session(&mut self) -> Result<&mut Session, StoreError> {
        match &mut self.state {
            State::Holds(lease) => Ok(&mut lease.session),
            State::Resting(_) | State::Away => Err(StoreError::Superseded),
        }
    }

    /// Gives the lease up. Where that fails the connection is dropped, which gives it up as well.
    fn give_up(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Away) {
            State::Holds(lease) => {
                lease.give_up().map_or(State::Away, |resting| State::Resting(Box::new(resting)))
            }
            state => state,
        };
    }

    /// Has the lease, and gives the head.
    fn hold(&mut self) -> Result<Head, StoreError> {
        if matches!(&self.state, State::Holds(lease) if lease.session.is_closed()) {
            self.state = State::Away;
        }
        if matches!(&self.state, State::Holds(lease) if lease.is_old()) {
            self.give_up();
        }
        let lease = match std::mem::replace(&mut self.state, State::Away) {
            State::Holds(lease) => *lease,
            State::Resting(mut before) => match before.session.take().filter(|kept| !kept.is_closed()) {
                Some(session) => match Lease::take(session, Some(&before)) {
                    Ok(lease) => lease,
                    Err(error @ StoreError::Held { .. }) => return Err(error),
                    // The server may have been restarted since.
                    Err(_) => Lease::take(lease::connect(&self.address, self.wait_max)?, None)?,
                },
                None => Lease::take(lease::connect(&self.address, self.wait_max)?, None)?,
            },
            State::Away => Lease::take(lease::connect(&self.address, self.wait_max)?, None)?,
        };
        let head = lease.head();
        self.state = State::Holds(Box::new(lease));
        Ok(head)
    }
}

impl Medium for Writing {
    fn begin(&mut self) -> Result<Head, StoreError> {
        self.hold()
    }

    fn find(&mut self, ids: &[&StoredId]) -> Result<HashMap<StoredId, Found>, StoreError> {
        let session = self.session()?;
        let mut found = HashMap::new();
        for ids in ids.chunks(ASKED_AT_ONCE) {
            let columns: Vec<Vec<u8>> = ids.iter().map(|id| id_column(id)).collect();
            for row in session.query(FIND, &[&columns])? {
                let id = id_of(row.try_get(6)?)?;
                let content = match &id {
                    StoredId::Given(_) => {
                        let there = decode_row(&row)?;
                        Some(FoundContent { at: there.at, event: there.event, principal: row.try_get(5)? })
                    }
                    StoredId::Derived(_) => None,
                };
                let revision = number(row.try_get(0)?)?;
                found.insert(id, Found { revision, recorded_at: row.try_get(2)?, content });
            }
        }
        Ok(found)
    }

    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
        let session = self.session()?;
        let mut found = Vec::new();
        for identifiers in identifiers.chunks(ASKED_AT_ONCE) {
            for row in session.query(PRINCIPALS, &[&identifiers])? {
                let principal = LedgerPrincipal {
                    id: fixed(row.try_get(2)?, "principals.id")?,
                    commitment_key: fixed(row.try_get(3)?, "principals.commitment_key")?,
                };
                found.push((row.try_get(0)?, KnownPrincipal { ordinal: row.try_get(1)?, principal }));
            }
        }
        Ok(found)
    }

    fn newest_event(&mut self, identifier: &str) -> Result<Revision, StoreError> {
        let rows = self.session()?.query(NEWEST_EVENT, &[&identifier])?;
        let newest: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
        number(newest.unwrap_or(0)).map(Revision)
    }

    fn newest_ordinal(&mut self) -> Result<i64, StoreError> {
        let rows = self.session()?.query(NEWEST_ORDINAL, &[])?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
    }

    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let State::Holds(lease) = &mut self.state else { return Err(StoreError::Superseded) };
        match write(&mut lease.session, lease.head.epoch, plan) {
            Ok(()) => lease.head = plan.head.clone(),
            Err(StoreError::Superseded) => {
                // Somebody has taken the ledger over; the lease that this writer believes in is none.
                self.state = State::Away;
                return Err(StoreError::Superseded);
            }
            Err(error) => return Err(error),
        }
        reached("append::head")
    }

    fn abandon(&mut self) {
        if matches!(&self.state, State::Holds(lease) if lease.session.is_closed()) {
            self.state = State::Away;
        }
    }

    fn rest(&mut self) {
        self.give_up();
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // So that the next writer need not wait for the server to see the connection close.
        self.give_up();
    }
}

/// Writes a plan. A plan that is too long for one message goes in parts, which one transaction holds together.
fn write(session: &mut Session, epoch_before: i64, plan: &Plan<'_>) -> Result<(), StoreError> {
    reached("append::rows")?;
    let (principals, events) = (plan.principals.as_slice(), plan.events.as_slice());
    if events.len() <= PART {
        let before = (epoch_before, plan.size_before);
        return write_part(session, before, plan, principals, &plan.nodes, events);
    }
    session.transaction(|session| {
        let mut before = (epoch_before, plan.size_before);
        // Of either there are no more than events.
        let (mut principals, mut nodes) = (principals.chunks(PART), plan.nodes.chunks(PART));
        for events in events.chunks(PART) {
            let (principals, nodes) =
                (principals.next().unwrap_or_default(), nodes.next().unwrap_or_default());
            write_part(session, before, plan, principals, nodes, events)?;
            before = (plan.head.epoch, events.last().map_or(before.1, |last| last.revision));
        }
        Ok(())
    })
}

/// Writes rows of a plan, and moves the head to behind them from the epoch and the size `before`.
fn write_part(
    session: &mut Session,
    before: (i64, u64),
    plan: &Plan<'_>,
    new: &[NewPrincipal<'_>],
    nodes: &[KeptNode],
    events: &[EventRow<'_>],
) -> Result<(), StoreError> {
    let (epoch_before, size_before) = (before.0, column(before.1)?);
    let size = column(events.last().map_or(before.1, |last| last.revision))?;
    let frontier = plan.head.frontier.to_bytes();
    let ordinals: Vec<i64> = new.iter().map(|new| new.row.ordinal).collect();
    let ids: Vec<&[u8]> = new.iter().map(|new| new.row.principal.id.as_slice()).collect();
    let identifiers: Vec<&str> = new.iter().map(|new| new.identifier).collect();
    let keys: Vec<&[u8]> = new.iter().map(|new| new.row.principal.commitment_key.as_slice()).collect();
    let revisions = events.iter().map(|row| column(row.revision)).collect::<Result<Vec<_>, _>>()?;
    let event_ids: Vec<Vec<u8>> = events.iter().map(|row| id_column(row.id)).collect();
    let principals: Vec<Option<i64>> = events.iter().map(|row| row.principal).collect();
    let ats: Vec<i64> = events.iter().map(|row| row.at).collect();
    let recorded: Vec<i64> = events.iter().map(|row| row.recorded_at).collect();
    let leaves: Vec<&[u8]> = events.iter().map(|row| row.leaf.as_slice()).collect();
    let hashes: Vec<&[u8]> = events.iter().map(|row| row.hash.0.as_slice()).collect();
    let with_payload = events.iter().zip(&revisions);
    let (payload_revisions, payloads): (Vec<i64>, Vec<&[u8]>) =
        with_payload.filter_map(|(row, revision)| Some((*revision, row.payload.as_deref()?))).unzip();
    let (places, node_hashes) = nodes::columns(nodes)?;
    let (names, counts): (Vec<&str>, Vec<i64>) = counts(events).into_iter().unzip();
    let rows = session.query(
        COMMIT,
        &[
            &plan.head.epoch,
            &size,
            &frontier,
            &plan.head.recorded_at,
            &epoch_before,
            &size_before,
            &ordinals,
            &ids,
            &identifiers,
            &keys,
            &revisions,
            &event_ids,
            &principals,
            &ats,
            &recorded,
            &leaves,
            &hashes,
            &payload_revisions,
            &payloads,
            &names,
            &counts,
            &places,
            &node_hashes,
        ],
    )?;
    // Where the head did not move, nothing was inserted either.
    let n_moved: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    if n_moved == Some(1) { Ok(()) } else { Err(StoreError::Superseded) }
}

/// An event's id as its column holds it: `00` and the text that its sender gave, or `01` and the derived bytes.
pub(super) fn id_column(id: &StoredId) -> Vec<u8> {
    match id {
        StoredId::Given(text) => [b"\x00", text.as_bytes()].concat(),
        StoredId::Derived(bytes) => [b"\x01", bytes.as_slice()].concat(),
    }
}

/// Reads what [`id_column`] wrote.
pub(super) fn id_of(column: &[u8]) -> Result<StoredId, StoreError> {
    match column.split_first() {
        Some((0, text)) => Ok(StoredId::Given(String::from_utf8_lossy(text).into_owned())),
        Some((1, bytes)) => Ok(StoredId::Derived(fixed(bytes, "events.event_id")?)),
        _ => Err(StoreError::Corrupt { what: "an event's id is of no known kind".to_owned() }),
    }
}

/// Bytes of which there must be so many.
pub(super) fn fixed<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        what: format!("{} bytes in {what}, where there must be {N}", bytes.len()),
    })
}
