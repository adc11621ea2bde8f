//! The table of kept nodes ([`crate::nodes`]).

use nattoku_ledger::{Frontier, Hash};

use super::append::fixed;
use super::open::MAKING;
use super::read::PAGE;
use super::schema::CREATE_NODES;
use super::session::Session;
use crate::decode::number;
use crate::error::StoreError;
use crate::nodes::{self, KeptNode, place};

const ARE_THERE: &str = "select to_regclass('nattoku.nodes') is not null";
/// A role that was let read before there was such a table may not read this one.
const ARE_READABLE: &str =
    "select coalesce(has_table_privilege(to_regclass('nattoku.nodes'), 'select'), false)";
/// One statement, and so one state of the database.
const REACH: &str = "
select size, (select max(place) from nattoku.nodes where place < $1) from nattoku.head where only_row";
const HASHES: &str = "
select revision, leaf_hash from nattoku.events where revision > $1 order by revision limit $2";
const INSERT: &str = "
insert into nattoku.nodes (place, hash) select * from unnest($1::bigint[], $2::bytea[])";

pub(super) fn are_there(session: &mut Session) -> Result<bool, StoreError> {
    is(session, ARE_THERE)
}

pub(super) fn are_readable(session: &mut Session) -> Result<bool, StoreError> {
    is(session, ARE_READABLE)
}

fn is(session: &mut Session, sql: &'static str) -> Result<bool, StoreError> {
    let rows = session.query(sql, &[])?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

/// Nodes as columns.
pub(super) fn columns(nodes: &[KeptNode]) -> Result<(Vec<i64>, Vec<&[u8]>), StoreError> {
    let places = nodes.iter().map(KeptNode::place).collect::<Result<Vec<_>, StoreError>>()?;
    Ok((places, nodes.iter().map(|node| node.hash.0.as_slice()).collect()))
}

/// Makes and fills the table in a database of a version that had none, or that such a version has written to since: all in one
/// transaction, for which whoever appends waits.
pub(super) fn add_to_older(session: &mut Session) -> Result<(), StoreError> {
    if are_whole(session)? {
        return Ok(());
    }
    session.transaction(|session| {
        session.run(MAKING)?;
        // Nobody moves the head while this is held.
        session.run("lock table nattoku.head in share mode")?;
        if are_whole(session)? {
            return Ok(());
        }
        if are_there(session)? {
            session.run("delete from nattoku.nodes")?;
        } else {
            session.run(CREATE_NODES)?;
        }
        fill(session)
    })
}

fn fill(session: &mut Session) -> Result<(), StoreError> {
    let (mut tree, mut after) = (Frontier::new(), i64::MIN);
    loop {
        let rows = session.query(HASHES, &[&after, &PAGE])?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0)?;
        let mut kept = Vec::new();
        for row in &rows {
            nodes::append(&mut tree, Hash(fixed(row.try_get(1)?, "events.leaf_hash")?), &mut kept);
        }
        let (places, hashes) = columns(&kept)?;
        session.query(INSERT, &[&places, &hashes])?;
    }
}

/// Whether the table is there and reaches as far as the events do.
fn are_whole(session: &mut Session) -> Result<bool, StoreError> {
    if !are_there(session)? {
        return Ok(false);
    }
    let rows = session.query(REACH, &[&place(2, 0)?])?;
    let Some(row) = rows.first() else { return Ok(true) };
    let last: Option<i64> = row.try_get(1)?;
    Ok(last >= nodes::newest(number(row.try_get(0)?)?)?)
}
