//! Steps 5 to 7 of an append in `PostgreSQL`: one statement, and so one transaction and one message to the server and back. It also
//! notifies those who listen ([`super::listen`]).
//!
//! The keys of new principals lie in the same database, and are written by the same statement: both are there or neither.
//! Where a rotation came in between, nothing is written, and the keys are made anew.

use postgres::types::ToSql;

use super::columns::{Events, People};
use super::erase::erase_rows;
use super::lease::awaited;
use super::listen::told;
use super::nodes;
use super::session::Session;
use crate::append::{EventRow, NewPrincipal, Plan, counts, reached};
use crate::decode::column;
use crate::error::StoreError;
use crate::keys::{Keyring, Prepared, WrappedKeys};
use crate::nodes::KeptNode;

/// Events written by one statement.
const PART: usize = 10_000;
/// How often keys are made anew for one plan. Rotations are rare, and each takes long.
const PREPARES_MAX: u32 = 4;

/// Columns of events, payloads, nodes and counts, where the head moved.
macro_rules! rows {
    () => {
        "new_events as (
    insert into nattoku.events (revision, event_id, principal, at, recorded_at, leaf, leaf_hash)
    select * from unnest($7::bigint[], $8::bytea[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[],
        $13::bytea[]) where exists (select from moved)
), new_payloads as (
    insert into nattoku.payloads (revision, payload)
    select * from unnest($14::bigint[], $15::bytea[]) where exists (select from moved)
), new_nodes as (
    insert into nattoku.nodes (place, hash)
    select * from unnest($16::bigint[], $17::bytea[]) where exists (select from moved)
), new_counts as (
    insert into nattoku.counts (event, events)
    select * from unnest($18::text[], $19::bigint[]) where exists (select from moved)
    on conflict (event) do update set events = counts.events + excluded.events
)
select (select count(*) from moved), "
    };
}
/// Moves the head on the condition that it is where this writer believes it to be.
macro_rules! moves {
    () => {
        "update nattoku.head set epoch = $1, size = $2, frontier = $3, recorded_at = $4
    where only_row and epoch = $5 and size = $6"
    };
}

const COMMIT: &str =
    concat!("with moved as (", moves!(), " returning size), ", rows!(), awaited!(), ", true, ", told!());

/// The lock keeps those out who change keys, to the end of the transaction. Where one was at it when the statement began, the row
/// is looked at anew once it is locked, and no longer holds what was read of it.
const COMMIT_WITH_KEYS: &str = concat!(
    "with held as materialized (
    select 1 from nattoku_keys.secrets s, (select pg_advisory_xact_lock_shared(x'4e54544b'::int, 2)) locked
    where s.kind = 5 and s.wrapped = $20 and cardinality($21::bigint[]) = (
        select count(*) from unnest($21::bigint[], $22::bigint[]) used (number, version)
        join nattoku_keys.groups using (number, version))
    for share of s
), moved as (",
    moves!(),
    " and exists (select from held) returning size
), new_groups as (
    insert into nattoku_keys.groups (number, version, wrapped)
    select * from unnest($23::bigint[], $24::bigint[], $25::bytea[]) where exists (select from moved)
), new_keys as (
    insert into nattoku_keys.principals (id, wrapped)
    select * from unnest($26::bytea[], $27::bytea[]) where exists (select from moved)
), new_principals as (
    insert into nattoku.principals (ordinal, id, lookup, identifier)
    select * from unnest($28::bigint[], $26::bytea[], $29::bytea[], $30::bytea[]) where exists (select from moved)
), ",
    rows!(),
    awaited!(),
    ", exists (select from held), ",
    told!()
);

/// Writes a plan, and tells whether somebody else waits to write. A plan that is too long for one message goes in parts, which
/// one transaction holds together.
pub(super) fn write(
    session: &mut Session,
    epoch_before: i64,
    plan: &Plan<'_>,
    keys: &Keyring,
) -> Result<bool, StoreError> {
    reached("append::rows")?;
    let new = plan.principals.iter().map(|new| (new.row.principal.id, new.row.principal.commitment_key));
    let new: Vec<_> = new.collect();
    for _ in 0..PREPARES_MAX {
        let prepared = keys.prepare(&new)?;
        let sending = Sending { plan, keys, prepared: &prepared };
        match sending.write(session, (epoch_before, plan.size_before)) {
            Ok(is_awaited) => {
                keys.keep(prepared);
                return Ok(is_awaited);
            }
            Err(StoreError::KeysChanged) => keys.forget_groups(),
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Locked)
}

/// A plan on its way, with the keys of its new principals.
struct Sending<'a> {
    plan: &'a Plan<'a>,
    keys: &'a Keyring,
    prepared: &'a Prepared,
}

/// Rows of a plan that go in one statement.
struct Part<'a> {
    events: &'a [EventRow<'a>],
    new: &'a [NewPrincipal<'a>],
    new_keys: &'a [WrappedKeys],
    /// Those of groups go with the first part.
    groups: Option<&'a Prepared>,
    nodes: &'a [KeptNode],
}

impl Sending<'_> {
    /// Writes all of it, and moves the head from the epoch and the size `before`.
    fn write(&self, session: &mut Session, before: (i64, u64)) -> Result<bool, StoreError> {
        let Self { plan, prepared, .. } = self;
        if plan.events.len() <= PART && plan.erased.is_empty() {
            let (events, new, nodes) = (&plan.events, &plan.principals, &plan.nodes);
            let part = Part { events, new, new_keys: &prepared.principals, groups: Some(*prepared), nodes };
            return self.write_part(session, before, &part);
        }
        session.transaction(|session| {
            let (mut before, mut is_awaited, mut groups) = (before, false, Some(*prepared));
            // Of none there are more than events, and nobody comes after the first event about them.
            let mut new = plan.principals.chunks(PART);
            let (mut new_keys, mut nodes) = (prepared.principals.chunks(PART), plan.nodes.chunks(PART));
            for events in plan.events.chunks(PART) {
                let (new, new_keys) = (new.next().unwrap_or_default(), new_keys.next().unwrap_or_default());
                let nodes = nodes.next().unwrap_or_default();
                let part = Part { events, new, new_keys, groups: groups.take(), nodes };
                is_awaited = self.write_part(session, before, &part)?;
                before = (plan.head.epoch, events.last().map_or(before.1, |last| last.revision));
            }
            plan.erased.iter().try_for_each(|ordinal| erase_rows(session, *ordinal))?;
            Ok(is_awaited)
        })
    }

    /// Writes rows, and moves the head to behind them from the epoch and the size `before`.
    fn write_part(
        &self,
        session: &mut Session,
        before: (i64, u64),
        part: &Part<'_>,
    ) -> Result<bool, StoreError> {
        let head = &self.plan.head;
        let (epoch_before, size_before) = (before.0, column(before.1)?);
        let size = column(part.events.last().map_or(before.1, |last| last.revision))?;
        let frontier = head.frontier.to_bytes();
        let people = if part.new.is_empty() { None } else { Some(self.people(part)?) };
        let events = Events::of(part.events, self.keys, self.prepared)?;
        let (places, hashes) = nodes::columns(part.nodes)?;
        let (names, counts): (Vec<&str>, Vec<i64>) = counts(part.events).into_iter().unzip();
        let mut parameters: Vec<&(dyn ToSql + Sync)> =
            vec![&head.epoch, &size, &frontier, &head.recorded_at, &epoch_before, &size_before];
        parameters.extend(events.columns());
        parameters.extend([&places as &(dyn ToSql + Sync), &hashes, &names, &counts]);
        parameters.extend(people.iter().flat_map(People::columns));
        let sql = if people.is_some() { COMMIT_WITH_KEYS } else { COMMIT };
        let rows = session.query_durably(sql, &parameters)?;
        let Some(row) = rows.first() else { return Err(StoreError::Superseded) };
        let (n_moved, is_awaited, keys_hold): (i64, bool, bool) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match (n_moved, keys_hold) {
            (1, _) => Ok(is_awaited),
            // Where the head did not move, nothing was inserted either.
            (_, true) => Err(StoreError::Superseded),
            (_, false) => Err(StoreError::KeysChanged),
        }
    }

    fn people<'a>(&'a self, part: &Part<'a>) -> Result<People<'a>, StoreError> {
        People::of((part.new, part.new_keys), part.groups, self.prepared, self.keys)
    }
}
