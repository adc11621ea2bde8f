//! Sessions of people as rows of the schema.

use jiff::Timestamp;
use postgres::Row;

use crate::decode::column;
use crate::error::StoreError;
use crate::postgres::{Session, fixed};
use crate::state::signed_in::Kept;

/// Asked once more over another connection, it finds its own.
const BEGIN: &str = "
insert into nattoku_state.sessions (digest, sealed, opened, seen) values ($1, $2, $3, $4) on conflict do nothing";
const ONE: &str = "select digest, sealed, opened, seen from nattoku_state.sessions where digest = $1";
const SEEN: &str = "update nattoku_state.sessions set seen = greatest(seen, $2) where digest = $1";
const END: &str = "delete from nattoku_state.sessions where digest = $1";
/// What somebody else is about to end, or to note, is left to them. Those that are not to end are locked by neither: a sub-select of a
/// condition locks nothing.
const END_OVER: &str = "
delete from nattoku_state.sessions where digest in
    (select digest from nattoku_state.sessions where seen < $1 or opened < $2 for update skip locked)";
const END_BEYOND: &str = "
delete from nattoku_state.sessions where digest in
    (select digest from nattoku_state.sessions where digest in
        (select digest from nattoku_state.sessions order by seen desc offset $1) for update skip locked)";

pub(super) fn begin(session: &mut Session, kept: &Kept) -> Result<(), StoreError> {
    let (digest, sealed) = (kept.digest.as_slice(), kept.sealed.as_slice());
    session.query_durably(BEGIN, &[&digest, &sealed, &kept.opened, &kept.seen]).map(drop)
}

pub(super) fn one(session: &mut Session, digest: &[u8; 32]) -> Result<Option<Kept>, StoreError> {
    session.query(ONE, &[&digest.as_slice()])?.first().map(read).transpose()
}

pub(super) fn seen(session: &mut Session, digest: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
    session.query(SEEN, &[&digest.as_slice(), &at.as_microsecond()]).map(drop)
}

pub(super) fn end(session: &mut Session, digest: &[u8; 32]) -> Result<(), StoreError> {
    session.query_durably(END, &[&digest.as_slice()]).map(drop)
}

pub(super) fn end_some(
    session: &mut Session,
    seen: Timestamp,
    opened: Timestamp,
    most: u64,
) -> Result<(), StoreError> {
    session.query(END_OVER, &[&seen.as_microsecond(), &opened.as_microsecond()])?;
    session.query(END_BEYOND, &[&column(most)?]).map(drop)
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept {
        digest: fixed(row.try_get("digest")?, "a session's digest")?,
        sealed: row.try_get("sealed")?,
        opened: row.try_get("opened")?,
        seen: row.try_get("seen")?,
    })
}
