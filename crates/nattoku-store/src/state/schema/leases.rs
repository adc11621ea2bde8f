//! Leases as rows of the schema, by the clock of the server.
//!
//! It is a clock that can be set. Set forward, it ends leases too soon: it must not jump by more than the lengths that are registered
//! have in reserve. Set back, it would have leases go on for ever: what would go on for longer than its length is cut to that.

use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;

use crate::decode::{column, instant, number};
use crate::error::StoreError;
use crate::postgres::{Session, fixed};
use crate::state::{KEPT_AFTER, NodeLease, length_column};

/// Microseconds since 1970 by the server's clock, which goes on within a statement.
macro_rules! now {
    () => {
        "(extract(epoch from clock_timestamp()) * 1000000)::bigint"
    };
}

pub(super) use now;

/// Others' rows are removed where nobody is about to change them, so that nodes do not wait for each other.
const REGISTER: &str = concat!(
    "with removed as (
        delete from nattoku_state.leases where node in (
            select node from nattoku_state.leases where node <> $1 and ends_at < ",
    now!(),
    " - $4::bigint for update skip locked)
    )
    insert into nattoku_state.leases as held (node, ends_at, length, applied) values ($1, ",
    now!(),
    " + $2::bigint, $2::bigint, $3)
    on conflict (node) do update set
        ends_at = least(greatest(held.ends_at, excluded.ends_at), ",
    now!(),
    " + greatest(held.length, excluded.length)),
        length = case when held.ends_at > ",
    now!(),
    " then greatest(held.length, excluded.length) else excluded.length end,
        applied = excluded.applied"
);
const CLOCK: &str = concat!("select ", now!());
/// Not waited for until it is on disk: what a crash of the server takes back was true, and is told again with the lease. Until then
/// somebody may wait for a node in vain, and nobody is told too soon that there is none to wait for.
const APPLIED: &str = "
update nattoku_state.leases set applied = greatest(applied, $2)
where node = $1 and set_config('synchronous_commit', 'off', true) is not null";
const END: &str = "delete from nattoku_state.leases where node = $1";
/// The clock is asked once, so that what is left is more than nothing.
const ALL: &str = concat!(
    "with clock as (select ",
    now!(),
    " as now)
    select node, least(ends_at - now, length), applied, ends_at - now > length
    from nattoku_state.leases, clock where ends_at > now order by node"
);
const CUT: &str = concat!(
    "update nattoku_state.leases set ends_at = ",
    now!(),
    " + length where node in (
        select node from nattoku_state.leases where ends_at > ",
    now!(),
    " + length for update skip locked)"
);

/// What the clock says, by which leases are counted.
pub(super) fn clock(session: &mut Session) -> Result<Timestamp, StoreError> {
    let rows = session.query(CLOCK, &[])?;
    let row =
        rows.first().ok_or_else(|| StoreError::Corrupt { what: "the clock of the server".to_owned() })?;
    instant(row.try_get(0)?)
}

pub(super) fn register(
    session: &mut Session,
    node: &[u8; 16],
    length: Duration,
    applied: Revision,
) -> Result<(), StoreError> {
    let (node, length, applied) = (node.as_slice(), length_column(length), column(applied.0)?);
    session.query_durably(REGISTER, &[&node, &length, &applied, &KEPT_AFTER]).map(drop)
}

pub(super) fn applied(session: &mut Session, node: &[u8; 16], applied: Revision) -> Result<(), StoreError> {
    session.query(APPLIED, &[&node.as_slice(), &column(applied.0)?]).map(drop)
}

pub(super) fn end(session: &mut Session, node: &[u8; 16]) -> Result<(), StoreError> {
    session.query_durably(END, &[&node.as_slice()]).map(drop)
}

pub(super) fn all(session: &mut Session) -> Result<Vec<NodeLease>, StoreError> {
    let rows = session.query(ALL, &[])?;
    let (mut leases, mut is_ahead) = (Vec::with_capacity(rows.len()), false);
    for row in &rows {
        leases.push(NodeLease {
            node: fixed(row.try_get(0)?, "a node's id")?,
            remaining: Duration::from_micros(number(row.try_get(1)?)?),
            applied: Revision(number(row.try_get(2)?)?),
        });
        is_ahead |= row.try_get::<_, bool>(3)?;
    }
    if is_ahead {
        session.query(CUT, &[])?;
    }
    Ok(leases)
}
