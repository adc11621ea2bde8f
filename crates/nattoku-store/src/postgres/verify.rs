//! Recomputes the whole ledger and compares it with what is kept beside it.

use postgres::Row;

use super::append::fixed;
use super::lease::read_head;
use super::read::PAGE;
use super::session::Session;
use super::{PostgresStore, nodes};
use crate::check::{Recomputed, StoredRow, check_counts};
use crate::error::StoreError;
use crate::leaf::LedgerPrincipal;
use crate::record::Stats;

const ROWS: &str = "
select e.revision, e.at, e.recorded_at, e.leaf, y.payload, e.leaf_hash, p.id, p.commitment_key
from nattoku.events e left join nattoku.payloads y using (revision)
left join nattoku.principals p on p.ordinal = e.principal
where e.revision > $1 order by e.revision limit $2";

impl PostgresStore {
    /// Reads every event, and checks that it is whole.
    pub(super) fn recompute_all(&self) -> Result<Stats, StoreError> {
        let tree = self.pool.read(|session| {
            session.snapshot(|session| {
                let head = read_head(session)?;
                recompute(session)?.matches(&head)
            })
        })?;
        check_counts(self.read_stats()?, tree.size())
    }
}

fn recompute(session: &mut Session) -> Result<Recomputed, StoreError> {
    let mut recomputed = Recomputed::new();
    let has_nodes = nodes::are_there(session)?;
    let mut after = i64::MIN;
    loop {
        let rows = session.query(ROWS, &[&after, &PAGE])?;
        for row in &rows {
            add(&mut recomputed, row)?;
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

fn add(recomputed: &mut Recomputed, row: &Row) -> Result<(), StoreError> {
    let (id, key): (Option<&[u8]>, Option<&[u8]>) = (row.try_get(6)?, row.try_get(7)?);
    let principal = match (id, key) {
        (Some(id), Some(key)) => Some(LedgerPrincipal {
            id: fixed(id, "principals.id")?,
            commitment_key: fixed(key, "principals.commitment_key")?,
        }),
        _ => None,
    };
    recomputed.add(&StoredRow {
        revision: row.try_get(0)?,
        at: row.try_get(1)?,
        recorded_at: row.try_get(2)?,
        leaf: row.try_get(3)?,
        payload: row.try_get(4)?,
        leaf_hash: row.try_get(5)?,
        principal,
    })
}
