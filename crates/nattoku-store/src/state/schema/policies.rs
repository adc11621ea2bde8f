//! Policies and who is ready for them as rows of the schema.

use jiff::Timestamp;

use crate::decode::instant;
use crate::error::StoreError;
use crate::postgres::{Session, fixed};
use crate::state::KeptPolicy;

/// One statement, and so all of it or nothing. It is kept after all others, whatever the clock says.
const KEEP: &str = "
with policy as (
    insert into nattoku_state.policies as there (digest, kept)
    values ($1, greatest($2, (select coalesce(max(kept), 0) + 1 from nattoku_state.policies where digest <> $1)))
    on conflict (digest) do update set kept = greatest(there.kept, excluded.kept)
), others as (
    delete from nattoku_state.policy_files where digest = $1 and path <> all($3::text[])
)
insert into nattoku_state.policy_files (digest, path, bytes)
select $1, * from unnest($3::text[], $4::bytea[]) on conflict (digest, path) do update set bytes = excluded.bytes";
/// A row for the policy, and one for each of its files.
const ONE: &str = "
select p.kept, f.path, f.bytes from nattoku_state.policies p left join nattoku_state.policy_files f using (digest)
where p.digest = $1 order by f.path collate \"C\"";
const ALL: &str = "select digest, kept from nattoku_state.policies order by kept, digest";
/// What somebody else is about to change is left to them.
const READY: &str = "
with removed as (
    delete from nattoku_state.ready where node in (
        select node from nattoku_state.ready where node <> $1 and node not in (select node from nattoku_state.leases)
        for update skip locked)
)
insert into nattoku_state.ready (node, digest) values ($1, $2) on conflict (node) do update set digest = excluded.digest";
const NODES_READY: &str = "select node from nattoku_state.ready where digest = $1 order by node";

pub(super) fn keep(session: &mut Session, policy: &KeptPolicy) -> Result<(), StoreError> {
    let (paths, bytes): (Vec<&str>, Vec<&[u8]>) =
        policy.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).unzip();
    let (digest, kept) = (policy.digest.as_slice(), policy.kept.as_microsecond());
    session.query_durably(KEEP, &[&digest, &kept, &paths, &bytes]).map(drop)
}

pub(super) fn one(session: &mut Session, digest: &[u8; 32]) -> Result<Option<KeptPolicy>, StoreError> {
    let rows = session.query(ONE, &[&digest.as_slice()])?;
    let Some(first) = rows.first() else { return Ok(None) };
    let kept = instant(first.try_get(0)?)?;
    let mut files = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(path) = row.try_get(1)? {
            files.push((path, row.try_get(2)?));
        }
    }
    Ok(Some(KeptPolicy { digest: *digest, kept, files }))
}

pub(super) fn all(session: &mut Session) -> Result<Vec<([u8; 32], Timestamp)>, StoreError> {
    let rows = session.query(ALL, &[])?;
    rows.iter()
        .map(|row| Ok((fixed(row.try_get(0)?, "a policy's digest")?, instant(row.try_get(1)?)?)))
        .collect()
}

pub(super) fn ready_for(session: &mut Session, node: &[u8; 16], digest: &[u8; 32]) -> Result<(), StoreError> {
    session.query_durably(READY, &[&node.as_slice(), &digest.as_slice()]).map(drop)
}

pub(super) fn nodes_ready(session: &mut Session, digest: &[u8; 32]) -> Result<Vec<[u8; 16]>, StoreError> {
    let rows = session.query(NODES_READY, &[&digest.as_slice()])?;
    rows.iter().map(|row| fixed(row.try_get(0)?, "a node's id")).collect()
}
