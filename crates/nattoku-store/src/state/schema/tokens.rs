//! Tokens as rows of the schema.

use std::collections::BTreeMap;

use jiff::Timestamp;
use postgres::Row;

use crate::decode::instant;
use crate::error::StoreError;
use crate::postgres::{Session, fixed};
use crate::state::Token;

/// Beginning of a question for tokens, with the columns that [`read`] reads.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, digest, applications, acts, note, created, expires, revoked, last_used
             from nattoku_state.tokens ",
            $rest
        )
    };
}

const ADD: &str = "
insert into nattoku_state.tokens (id, digest, applications, acts, note, created, expires, revoked, last_used)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id";
const THERE: &str = "select id from nattoku_state.tokens where id = $1 or digest = $2";
const REVOKE: &str = "
update nattoku_state.tokens set revoked = coalesce(revoked, $2) where id = $1 returning id";
/// Rows are locked in one order, so that two who note the same tokens do not wait for each other.
const USED: &str = "
with locked as (
    select id, at from nattoku_state.tokens join unnest($1::text[], $2::bigint[]) as used (id, at) using (id)
    order by id for update of tokens
)
update nattoku_state.tokens t set last_used = greatest(t.last_used, locked.at) from locked where t.id = locked.id";

pub(super) fn add(session: &mut Session, token: &Token) -> Result<(), StoreError> {
    let date = |date: Option<Timestamp>| date.map(Timestamp::as_microsecond);
    let digest = token.digest.as_slice();
    let added = session.query_durably(
        ADD,
        &[
            &token.id,
            &digest,
            &token.applications,
            &token.acts,
            &token.note,
            &token.created.as_microsecond(),
            &date(token.expires),
            &date(token.revoked),
            &date(token.last_used),
        ],
    )?;
    if !added.is_empty() {
        return Ok(());
    }
    let there = session.query(THERE, &[&token.id, &digest])?;
    let id = there.first().map(|row| row.try_get(0)).transpose()?;
    Err(StoreError::TokenThere { id: id.unwrap_or_else(|| token.id.clone()) })
}

pub(super) fn all(session: &mut Session) -> Result<Vec<Token>, StoreError> {
    session.query(select!("order by id collate \"C\""), &[])?.iter().map(read).collect()
}

pub(super) fn one(session: &mut Session, id: &str) -> Result<Option<Token>, StoreError> {
    session.query(select!("where id = $1"), &[&id])?.first().map(read).transpose()
}

pub(super) fn revoke(session: &mut Session, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(!session.query_durably(REVOKE, &[&id, &at.as_microsecond()])?.is_empty())
}

pub(super) fn used(session: &mut Session, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
    // Of a row that is told twice one change would be lost.
    let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
    for (id, at) in used {
        let at = at.as_microsecond();
        newest.entry(id).and_modify(|newest| *newest = at.max(*newest)).or_insert(at);
    }
    let (ids, dates): (Vec<&str>, Vec<i64>) = newest.into_iter().unzip();
    session.query_durably(USED, &[&ids, &dates]).map(drop)
}

fn read(row: &Row) -> Result<Token, StoreError> {
    let date = |column: &str| row.try_get::<_, Option<i64>>(column)?.map(instant).transpose();
    Ok(Token {
        id: row.try_get("id")?,
        digest: fixed(row.try_get("digest")?, "a token's digest")?,
        applications: row.try_get("applications")?,
        acts: row.try_get("acts")?,
        note: row.try_get("note")?,
        created: instant(row.try_get("created")?)?,
        expires: date("expires")?,
        revoked: date("revoked")?,
        last_used: date("last_used")?,
    })
}
