//! The table of kept nodes ([`crate::nodes`]).

use nattoku_ledger::{Frontier, Hash};
use rusqlite::{Connection, TransactionBehavior};

use super::head::read_head;
use super::schema::CREATE_NODES;
use crate::error::StoreError;
use crate::nodes::{self, KeptNode, place};

pub(super) fn insert(connection: &Connection, nodes: &[KeptNode]) -> Result<(), StoreError> {
    if nodes.is_empty() {
        return Ok(());
    }
    let mut insert = connection.prepare_cached("insert into nodes (place, hash) values (?1, ?2)")?;
    for node in nodes {
        insert.execute((node.place()?, node.hash.0))?;
    }
    Ok(())
}

pub(super) fn are_there(connection: &Connection) -> Result<bool, StoreError> {
    let mut select = connection.prepare_cached(
        "select exists (select 1 from sqlite_schema where type = 'table' and name = 'nodes')",
    )?;
    Ok(select.query_one([], |row| row.get(0))?)
}

/// Makes and fills the table in a file of a version that had none, or that such a version has written to since: all in one
/// transaction.
pub(super) fn add_to_older(connection: &mut Connection) -> Result<(), StoreError> {
    if are_whole(connection)? {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !are_whole(&tx)? {
        tx.execute_batch("drop table if exists nodes")?;
        tx.execute_batch(CREATE_NODES)?;
        let mut select = tx.prepare("select leaf_hash from events order by revision")?;
        let mut rows = select.query([])?;
        let (mut tree, mut kept) = (Frontier::new(), Vec::new());
        while let Some(row) = rows.next()? {
            nodes::append(&mut tree, Hash(row.get(0)?), &mut kept);
            insert(&tx, &kept)?;
            kept.clear();
        }
    }
    tx.commit()?;
    Ok(())
}

/// Whether the table is there and reaches as far as the events do.
fn are_whole(connection: &Connection) -> Result<bool, StoreError> {
    if !are_there(connection)? {
        return Ok(false);
    }
    let wanted = nodes::newest(read_head(connection)?.frontier.size())?;
    let mut select = connection.prepare_cached("select max(place) from nodes where place < ?1")?;
    let last: Option<i64> = select.query_one([place(2, 0)?], |row| row.get(0))?;
    Ok(last >= wanted)
}
