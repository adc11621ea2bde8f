//! Sessions of people as rows of the schema.

use jiff::Timestamp;
use postgres::Row;

use crate::decode::{column, instant};
use crate::error::StoreError;
use crate::postgres::{Session, fixed};
use crate::state::OwnSession;
use crate::state::signed_in::{Kept, KeptSignIn};

/// Asked once more over another connection, it finds its own.
const BEGIN: &str = "
with begun as (
    insert into nattoku_state.sessions (digest, sealed, opened, seen) values ($1, $2, $3, $4) on conflict do nothing)
insert into nattoku_state.sign_ins (digest, owner, provider, proved) values ($1, $5, $6, $7) on conflict do nothing";
const ONE: &str = "
select digest, sealed, opened, seen, proved
from nattoku_state.sessions left join nattoku_state.sign_ins using (digest) where digest = $1";
const SEEN: &str = "update nattoku_state.sessions set seen = greatest(seen, $2) where digest = $1";
const END: &str = "delete from nattoku_state.sessions where digest = $1";
const OF: &str = "
select digest, provider, opened, seen from nattoku_state.sign_ins join nattoku_state.sessions using (digest)
where owner = $1 order by seen desc, opened desc, digest";
const END_OF: &str = "
delete from nattoku_state.sessions where digest = $2
    and digest in (select digest from nattoku_state.sign_ins where owner = $1) returning 1";
const END_UNUSED: &str = "
delete from nattoku_state.sessions where digest = $2 and seen = opened
    and digest in (select digest from nattoku_state.sign_ins where owner = $1) returning 1";
const END_ALL_OF: &str = "
delete from nattoku_state.sessions where digest in (select digest from nattoku_state.sign_ins where owner = $1)";
/// What somebody else is about to end, or to note, is left to them. Those that are not to end are locked by neither: a sub-select of a
/// condition locks nothing.
const END_OVER: &str = "
delete from nattoku_state.sessions where digest in
    (select digest from nattoku_state.sessions where seen < $1 or opened < $2 for update skip locked)";
const END_BEYOND: &str = "
delete from nattoku_state.sessions where digest in
    (select digest from nattoku_state.sessions where digest in
        (select digest from nattoku_state.sessions order by seen desc offset $1) for update skip locked)";

pub(super) fn begin(session: &mut Session, kept: &Kept, sign_in: &KeptSignIn) -> Result<(), StoreError> {
    let (digest, sealed, owner) = (kept.digest.as_slice(), kept.sealed.as_slice(), sign_in.owner.as_slice());
    session
        .query_durably(
            BEGIN,
            &[&digest, &sealed, &kept.opened, &kept.seen, &owner, &sign_in.is_by_provider, &kept.proved],
        )
        .map(drop)
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

pub(super) fn of(session: &mut Session, owner: &[u8; 16]) -> Result<Vec<OwnSession>, StoreError> {
    let rows = session.query(OF, &[&owner.as_slice()])?;
    let read = |row: &Row| {
        Ok(OwnSession {
            number: fixed(row.try_get("digest")?, "a session's digest")?,
            is_by_provider: row.try_get("provider")?,
            opened: instant(row.try_get("opened")?)?,
            seen: instant(row.try_get("seen")?)?,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) fn end_of(session: &mut Session, owner: &[u8; 16], digest: &[u8; 32]) -> Result<bool, StoreError> {
    let rows = session.query_durably(END_OF, &[&owner.as_slice(), &digest.as_slice()])?;
    Ok(!rows.is_empty())
}

pub(super) fn end_unused(
    session: &mut Session,
    owner: &[u8; 16],
    digest: &[u8; 32],
) -> Result<bool, StoreError> {
    let rows = session.query_durably(END_UNUSED, &[&owner.as_slice(), &digest.as_slice()])?;
    Ok(!rows.is_empty())
}

pub(super) fn end_all_of(session: &mut Session, owner: &[u8; 16]) -> Result<(), StoreError> {
    session.query_durably(END_ALL_OF, &[&owner.as_slice()]).map(drop)
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
        proved: row.try_get("proved")?,
    })
}
