//! Receivers of events as rows of the file.

use jiff::Timestamp;
use nattoku_model::Revision;
use rusqlite::{Connection, Row, params};

use super::tokens::{json, list};
use crate::decode::{column, instant, number};
use crate::error::StoreError;
use crate::state::{DeadLetter, SigningSecret, Subscription};

pub(super) fn add(tx: &Connection, one: &Subscription) -> Result<bool, StoreError> {
    let sql =
        "insert into subscriptions (name, url, events, secret, created, created_by, cursor, paused, why)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict do nothing";
    let n_added = tx.prepare_cached(sql)?.execute(params![
        one.name,
        one.url,
        json(&one.events),
        one.secret.bytes(),
        one.created.as_microsecond(),
        one.created_by,
        column(one.cursor.0)?,
        one.paused.as_ref().map(|(at, _)| at.as_microsecond()),
        one.paused.as_ref().map(|(_, why)| why),
    ])?;
    Ok(n_added > 0)
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Subscription>, StoreError> {
    let sql = "select name, url, events, secret, created, created_by, cursor, paused, why from subscriptions order by name";
    let mut select = connection.prepare_cached(sql)?;
    let (mut rows, mut found) = (select.query([])?, Vec::new());
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Subscription, StoreError> {
    let paused: Option<i64> = row.get("paused")?;
    let why: Option<String> = row.get("why")?;
    Ok(Subscription {
        name: row.get("name")?,
        url: row.get("url")?,
        events: list(row, "events")?,
        secret: SigningSecret::new(row.get("secret")?),
        created: instant(row.get("created")?)?,
        created_by: row.get("created_by")?,
        cursor: Revision(number(row.get("cursor")?)?),
        paused: paused.map(instant).transpose()?.map(|at| (at, why.unwrap_or_default())),
    })
}

pub(super) fn remove(tx: &Connection, name: &str) -> Result<bool, StoreError> {
    tx.prepare_cached("delete from dead_letters where subscription = ?1")?.execute([name])?;
    Ok(tx.prepare_cached("delete from subscriptions where name = ?1")?.execute([name])? > 0)
}

pub(super) fn pause(
    tx: &Connection,
    name: &str,
    paused: Option<&(Timestamp, String)>,
) -> Result<bool, StoreError> {
    let (at, why) = (paused.map(|(at, _)| at.as_microsecond()), paused.map(|(_, why)| why));
    let sql = "update subscriptions set paused = ?2, why = ?3 where name = ?1";
    Ok(tx.prepare_cached(sql)?.execute((name, at, why))? > 0)
}

pub(super) fn move_cursor(
    tx: &Connection,
    name: &str,
    from: Option<Revision>,
    to: Revision,
) -> Result<bool, StoreError> {
    let from = from.map(|from| column(from.0)).transpose()?;
    let sql = "update subscriptions set cursor = ?3 where name = ?1 and (?2 is null or cursor = ?2)";
    Ok(tx.prepare_cached(sql)?.execute((name, from, column(to.0)?))? > 0)
}

pub(super) fn bury(tx: &Connection, letter: &DeadLetter) -> Result<(), StoreError> {
    let sql = "insert or replace into dead_letters (subscription, revision, died, attempts, why, again)
        select ?1, ?2, ?3, ?4, ?5, ?6 where exists (select 1 from subscriptions where name = ?1)";
    tx.prepare_cached(sql)?.execute(params![
        letter.subscription,
        column(letter.revision.0)?,
        letter.died.as_microsecond(),
        letter.attempts,
        letter.why,
        letter.again,
    ])?;
    Ok(())
}

pub(super) fn dead(connection: &Connection) -> Result<Vec<DeadLetter>, StoreError> {
    let sql = "select subscription, revision, died, attempts, why, again from dead_letters order by 1, 2";
    let mut select = connection.prepare_cached(sql)?;
    let (mut rows, mut found) = (select.query([])?, Vec::new());
    while let Some(row) = rows.next()? {
        found.push(DeadLetter {
            subscription: row.get(0)?,
            revision: Revision(number(row.get(1)?)?),
            died: instant(row.get(2)?)?,
            attempts: row.get(3)?,
            why: row.get(4)?,
            again: row.get(5)?,
        });
    }
    Ok(found)
}

pub(super) fn revive(tx: &Connection, name: &str) -> Result<u64, StoreError> {
    let sql = "update dead_letters set again = 1 where subscription = ?1";
    let n_revived = tx.prepare_cached(sql)?.execute([name])?;
    Ok(u64::try_from(n_revived).unwrap_or(u64::MAX))
}

pub(super) fn forget(tx: &Connection, name: &str, revision: Revision) -> Result<(), StoreError> {
    let sql = "delete from dead_letters where subscription = ?1 and revision = ?2";
    tx.prepare_cached(sql)?.execute((name, column(revision.0)?))?;
    Ok(())
}
