//! Policies and who is ready for them as rows of the file.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use crate::decode::instant;
use crate::error::StoreError;
use crate::state::KeptPolicy;

pub(super) fn keep(tx: &Connection, policy: &KeptPolicy) -> Result<(), StoreError> {
    // After all others, whatever the clock says.
    let sql = "insert into policies (digest, kept)
               values (?1, max(?2, (select coalesce(max(kept), 0) + 1 from policies where digest <> ?1)))
               on conflict (digest) do update set kept = max(kept, excluded.kept)";
    tx.prepare_cached(sql)?.execute((policy.digest, policy.kept.as_microsecond()))?;
    tx.prepare_cached("delete from policy_files where digest = ?1")?.execute([policy.digest])?;
    let sql = "insert into policy_files (digest, path, bytes) values (?1, ?2, ?3)";
    let mut insert = tx.prepare_cached(sql)?;
    for (path, bytes) in &policy.files {
        insert.execute((policy.digest, path, bytes))?;
    }
    Ok(())
}

pub(super) fn one(connection: &Connection, digest: &[u8; 32]) -> Result<Option<KeptPolicy>, StoreError> {
    // Both within one state of the file.
    let tx = connection.unchecked_transaction()?;
    let kept: Option<i64> = tx
        .prepare_cached("select kept from policies where digest = ?1")?
        .query_row([digest], |row| row.get(0))
        .optional()?;
    let Some(kept) = kept else { return Ok(None) };
    let mut select =
        tx.prepare_cached("select path, bytes from policy_files where digest = ?1 order by path")?;
    let files = select.query_map([digest], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(KeptPolicy { digest: *digest, kept: instant(kept)?, files: files.collect::<Result<_, _>>()? }))
}

pub(super) fn all(connection: &Connection) -> Result<Vec<([u8; 32], Timestamp)>, StoreError> {
    let mut select = connection.prepare_cached("select digest, kept from policies order by kept, digest")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| row.map_err(StoreError::from).and_then(|(digest, kept)| Ok((digest, instant(kept)?))))
        .collect()
}

pub(super) fn ready_for(tx: &Connection, node: &[u8; 16], digest: &[u8; 32]) -> Result<(), StoreError> {
    tx.prepare_cached("delete from ready where node not in (select node from leases)")?.execute([])?;
    let sql = "insert into ready (node, digest) values (?1, ?2) on conflict (node) do update set digest = excluded.digest";
    tx.prepare_cached(sql)?.execute((node, digest))?;
    Ok(())
}

pub(super) fn nodes_ready(connection: &Connection, digest: &[u8; 32]) -> Result<Vec<[u8; 16]>, StoreError> {
    let mut select = connection.prepare_cached("select node from ready where digest = ?1 order by node")?;
    let rows = select.query_map([digest], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
