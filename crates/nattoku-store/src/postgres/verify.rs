//! Recomputes the whole ledger and compares it with what is kept beside it.

use postgres::Row;

use super::lease::read_head;
use super::read::{PAGE, event, expect_all, id_in, joined};
use super::session::Session;
use super::{PostgresStore, nodes};
use crate::check::{Recomputed, StoredRow, check_counts};
use crate::decode::number;
use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::LedgerPrincipal;
use crate::record::Stats;

const ROWS: &str = concat!(
    "select ",
    event!(),
    ", e.leaf_hash from ",
    joined!(),
    " where e.revision > $1 order by e.revision limit $2"
);

impl PostgresStore {
    /// Reads every event, and checks that it is whole.
    pub(super) fn recompute_all(&self) -> Result<Stats, StoreError> {
        let tree = self.pool.read(|session| {
            session.snapshot(|session| {
                let head = read_head(session)?;
                recompute(session, &self.keys)?.matches(&head)
            })
        })?;
        check_counts(self.read_stats()?, tree.size())
    }
}

fn recompute(session: &mut Session, keys: &Keyring) -> Result<Recomputed, StoreError> {
    let mut recomputed = Recomputed::new();
    let has_nodes = nodes::are_there(session)?;
    let mut after = i64::MIN;
    loop {
        let rows = session.query(ROWS, &[&after, &PAGE])?;
        expect_all(&rows, keys)?;
        for row in &rows {
            add(&mut recomputed, row, keys)?;
        }
        if has_nodes {
            nodes::check(session, &mut recomputed)?;
        }
        match rows.last() {
            Some(last) => after = last.try_get(0)?,
            None if has_nodes => {
                return nodes::check_number(session, &recomputed).map(|()| recomputed);
            }
            None => return Ok(recomputed),
        }
    }
}

fn add(recomputed: &mut Recomputed, row: &Row, keys: &Keyring) -> Result<(), StoreError> {
    let revision: i64 = row.try_get(0)?;
    let sealed: Option<&[u8]> = row.try_get(4)?;
    let stored = |payload, principal| {
        Ok::<_, StoreError>(StoredRow {
            revision,
            at: row.try_get(1)?,
            recorded_at: row.try_get(2)?,
            leaf: row.try_get(3)?,
            payload,
            leaf_hash: row.try_get(7)?,
            principal,
        })
    };
    let Some(id) = id_in(row)? else { return recomputed.add(&stored(sealed, None)?) };
    // What is erased while this reads is as if it had been before.
    let known = if row.try_get(6)? { None } else { keys.of(&id)? };
    let Some(known) = known else { return recomputed.add_erased(&stored(sealed, None)?, &id) };
    let payload = match sealed {
        Some(sealed) => keys.open_payload(&id, number(revision)?, sealed)?,
        None => None,
    };
    let principal = LedgerPrincipal { id, commitment_key: *known.commitment_key().bytes() };
    recomputed.add(&stored(payload.as_deref(), Some(principal))?)
}
