//! Receivers of events as rows of the schema.

use jiff::Timestamp;
use nattoku_model::Revision;
use postgres::Row;

use crate::decode::{column, instant, number};
use crate::error::StoreError;
use crate::postgres::Session;
use crate::state::{DeadLetter, SigningSecret, Subscription};

const ADD: &str = "
insert into nattoku_state.subscriptions (name, url, events, secret, created, created_by, cursor, paused, why)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning name";
const ALL: &str = "
select name, url, events, secret, created, created_by, cursor, paused, why
from nattoku_state.subscriptions order by name collate \"C\"";
/// Its dead letters go with it.
const REMOVE: &str = "
with letters as (delete from nattoku_state.dead_letters where subscription = $1)
delete from nattoku_state.subscriptions where name = $1 returning name";
const PAUSE: &str =
    "update nattoku_state.subscriptions set paused = $2, why = $3 where name = $1 returning name";
const MOVE: &str = "
update nattoku_state.subscriptions set cursor = $3
where name = $1 and ($2::bigint is null or cursor = $2) returning name";
const BURY: &str = "
insert into nattoku_state.dead_letters (subscription, revision, died, attempts, why, again)
select name, $2, $3, $4, $5, $6 from nattoku_state.subscriptions where name = $1
on conflict (subscription, revision) do update set
    died = excluded.died, attempts = excluded.attempts, why = excluded.why, again = excluded.again";
const DEAD: &str = "
select subscription, revision, died, attempts, why, again
from nattoku_state.dead_letters order by subscription collate \"C\", revision";
const REVIVE: &str = "
update nattoku_state.dead_letters set again = true where subscription = $1 returning revision";
const FORGET: &str = "delete from nattoku_state.dead_letters where subscription = $1 and revision = $2";

pub(super) fn add(session: &mut Session, one: &Subscription) -> Result<bool, StoreError> {
    let added = session.query_durably(
        ADD,
        &[
            &one.name,
            &one.url,
            &one.events,
            &one.secret.bytes(),
            &one.created.as_microsecond(),
            &one.created_by,
            &column(one.cursor.0)?,
            &one.paused.as_ref().map(|(at, _)| at.as_microsecond()),
            &one.paused.as_ref().map(|(_, why)| why.as_str()),
        ],
    )?;
    Ok(!added.is_empty())
}

pub(super) fn all(session: &mut Session) -> Result<Vec<Subscription>, StoreError> {
    session.query(ALL, &[])?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Subscription, StoreError> {
    let paused: Option<i64> = row.try_get("paused")?;
    let why: Option<String> = row.try_get("why")?;
    Ok(Subscription {
        name: row.try_get("name")?,
        url: row.try_get("url")?,
        events: row.try_get("events")?,
        secret: SigningSecret::new(row.try_get("secret")?),
        created: instant(row.try_get("created")?)?,
        created_by: row.try_get("created_by")?,
        cursor: Revision(number(row.try_get("cursor")?)?),
        paused: paused.map(instant).transpose()?.map(|at| (at, why.unwrap_or_default())),
    })
}

pub(super) fn remove(session: &mut Session, name: &str) -> Result<bool, StoreError> {
    Ok(!session.query_durably(REMOVE, &[&name])?.is_empty())
}

pub(super) fn pause(
    session: &mut Session,
    name: &str,
    paused: Option<&(Timestamp, String)>,
) -> Result<bool, StoreError> {
    let (at, why) = (paused.map(|(at, _)| at.as_microsecond()), paused.map(|(_, why)| why.as_str()));
    Ok(!session.query_durably(PAUSE, &[&name, &at, &why])?.is_empty())
}

pub(super) fn move_cursor(
    session: &mut Session,
    name: &str,
    from: Option<Revision>,
    to: Revision,
) -> Result<bool, StoreError> {
    let from = from.map(|from| column(from.0)).transpose()?;
    Ok(!session.query_durably(MOVE, &[&name, &from, &column(to.0)?])?.is_empty())
}

pub(super) fn bury(session: &mut Session, letter: &DeadLetter) -> Result<(), StoreError> {
    let (revision, died) = (column(letter.revision.0)?, letter.died.as_microsecond());
    let attempts = i64::from(letter.attempts);
    let parameters: [&(dyn postgres::types::ToSql + Sync); 6] =
        [&letter.subscription, &revision, &died, &attempts, &letter.why, &letter.again];
    session.query_durably(BURY, &parameters).map(drop)
}

pub(super) fn dead(session: &mut Session) -> Result<Vec<DeadLetter>, StoreError> {
    let rows = session.query(DEAD, &[])?;
    let letters = rows.iter().map(|row| {
        Ok(DeadLetter {
            subscription: row.try_get(0)?,
            revision: Revision(number(row.try_get(1)?)?),
            died: instant(row.try_get(2)?)?,
            attempts: u32::try_from(row.try_get::<_, i64>(3)?).unwrap_or(u32::MAX),
            why: row.try_get(4)?,
            again: row.try_get(5)?,
        })
    });
    letters.collect()
}

pub(super) fn revive(session: &mut Session, name: &str) -> Result<u64, StoreError> {
    Ok(u64::try_from(session.query_durably(REVIVE, &[&name])?.len()).unwrap_or(u64::MAX))
}

pub(super) fn forget(session: &mut Session, name: &str, revision: Revision) -> Result<(), StoreError> {
    session.query_durably(FORGET, &[&name, &column(revision.0)?]).map(drop)
}
