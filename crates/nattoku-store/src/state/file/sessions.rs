//! Sessions of people as rows of the file.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::decode::{column, instant};
use crate::error::StoreError;
use crate::state::OwnSession;
use crate::state::signed_in::{Kept, KeptSignIn};

pub(super) fn begin(tx: &Connection, kept: &Kept, sign_in: &KeptSignIn) -> Result<(), StoreError> {
    let mut insert =
        tx.prepare_cached("insert into sessions (digest, sealed, opened, seen) values (?1, ?2, ?3, ?4)")?;
    insert.execute(params![kept.digest, kept.sealed, kept.opened, kept.seen])?;
    let mut insert =
        tx.prepare_cached("insert into sign_ins (digest, owner, provider, proved) values (?1, ?2, ?3, ?4)")?;
    insert.execute(params![kept.digest, sign_in.owner, sign_in.is_by_provider, kept.proved])?;
    Ok(())
}

pub(super) fn one(connection: &Connection, digest: &[u8; 32]) -> Result<Option<Kept>, StoreError> {
    let sql = "select digest, sealed, opened, seen, proved from sessions left join sign_ins using (digest)
               where digest = ?1";
    connection.prepare_cached(sql)?.query([digest])?.next()?.map(read).transpose()
}

pub(super) fn seen(tx: &Connection, digest: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
    let sql = "update sessions set seen = max(seen, ?2) where digest = ?1";
    tx.prepare_cached(sql)?.execute((digest, at.as_microsecond()))?;
    Ok(())
}

pub(super) fn end(tx: &Connection, digest: &[u8; 32]) -> Result<(), StoreError> {
    tx.prepare_cached("delete from sessions where digest = ?1")?.execute([digest])?;
    Ok(())
}

pub(super) fn of(connection: &Connection, owner: &[u8; 16]) -> Result<Vec<OwnSession>, StoreError> {
    let sql = "select digest, provider, opened, seen from sign_ins join sessions using (digest)
               where owner = ?1 order by seen desc, opened desc, digest";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([owner])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(OwnSession {
            number: row.get("digest")?,
            is_by_provider: row.get("provider")?,
            opened: instant(row.get("opened")?)?,
            seen: instant(row.get("seen")?)?,
        });
    }
    Ok(all)
}

pub(super) fn end_of(tx: &Connection, owner: &[u8; 16], digest: &[u8; 32]) -> Result<bool, StoreError> {
    let sql =
        "delete from sessions where digest = ?2 and digest in (select digest from sign_ins where owner = ?1)";
    Ok(tx.prepare_cached(sql)?.execute(params![owner, digest])? > 0)
}

pub(super) fn end_unused(tx: &Connection, owner: &[u8; 16], digest: &[u8; 32]) -> Result<bool, StoreError> {
    let sql = "delete from sessions where digest = ?2 and seen = opened
               and digest in (select digest from sign_ins where owner = ?1)";
    Ok(tx.prepare_cached(sql)?.execute(params![owner, digest])? > 0)
}

pub(super) fn end_all_of(tx: &Connection, owner: &[u8; 16]) -> Result<(), StoreError> {
    let sql = "delete from sessions where digest in (select digest from sign_ins where owner = ?1)";
    tx.prepare_cached(sql)?.execute([owner])?;
    Ok(())
}

pub(super) fn end_some(
    tx: &Connection,
    seen: Timestamp,
    opened: Timestamp,
    most: u64,
) -> Result<(), StoreError> {
    tx.prepare_cached("delete from sessions where seen < ?1 or opened < ?2")?
        .execute([seen.as_microsecond(), opened.as_microsecond()])?;
    let sql = "delete from sessions where digest in
               (select digest from sessions order by seen desc limit -1 offset ?1)";
    tx.prepare_cached(sql)?.execute([column(most)?])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Kept, StoreError> {
    Ok(Kept {
        digest: row.get("digest")?,
        sealed: row.get("sealed")?,
        opened: row.get("opened")?,
        seen: row.get("seen")?,
        proved: row.get("proved")?,
    })
}
