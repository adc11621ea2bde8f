//! Recomputes the whole ledger and compares it with what is kept beside it: the rows of all tables, the indexes, and the pages
//! that they lie in.

use std::collections::BTreeMap;
use std::thread;

use nattoku_model::Revision;
use rusqlite::{Connection, OptionalExtension as _};

use super::SqliteStore;
use super::head::read_head;
use super::nodes;
use crate::append::Head;
use crate::check::{
    self, Found, Hashing, Meta, People, PrincipalRow, check_buried, check_counts, check_erased, check_head,
    check_meta, within,
};
use crate::decode::number;
use crate::error::StoreError;
use crate::record::Stats;

mod indexes;
mod pages;
mod rows;
mod schema;

impl SqliteStore {
    /// Reads everything, and checks that it is whole. The events are recomputed by several threads, while another looks through
    /// principals and pages.
    pub(super) fn recompute_all(&self, progress: &mut dyn FnMut(u64)) -> Result<Stats, StoreError> {
        let (people, hashing) = (People::new(&self.keys), Hashing::new());
        let (stats, found) = thread::scope(|scope| {
            let beside = scope.spawn(|| {
                self.readers.read(|tx| {
                    let principals = check_principals(tx, &people, &hashing);
                    principals.and_then(|()| pages::check(tx))
                })
            });
            let events = self.readers.read(|tx| check_events(tx, &people, &hashing, progress));
            let beside = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            events.and_then(|events| beside.map(|()| events))
        })?;
        self.readers.read(|tx| check_gone(tx, &found.gone))?;
        check_buried(&self.keys, &found.erased, self.settings.wait_for_lock_max)?;
        Ok(stats)
    }
}

/// Holds the events, and what follows from them, against one state of the ledger.
fn check_events(
    tx: &Connection,
    people: &People<'_>,
    hashing: &Hashing,
    progress: &mut dyn FnMut(u64),
) -> Result<(Stats, Found), StoreError> {
    schema::check(tx)?;
    let head = read_head(tx).map_err(|error| within("head", error))?;
    let has_nodes = nodes::are_there(tx)?;
    let recomputed = check::recompute(people, hashing, |feed| rows::read(tx, feed, has_nodes, progress))?;
    if has_nodes {
        recomputed.check_number_of_nodes(count(tx, "select count(*) from nodes")?)?;
    }
    recomputed.check_number_of_payloads(count(tx, "select count(*) from payloads")?)?;
    recomputed.matches(&head)?;
    check_head(&head, &recomputed)?;
    check_only_head(tx, &head)?;
    let stats = stats(tx, &head)?;
    check_counts(&stats.events_by_name, &recomputed.found.events_by_name)?;
    let erased = number(count(tx, "select count(*) from principals where lookup is null")?)?;
    check_erased(erased, &recomputed)?;
    check_meta(&meta(tx)?, people.keys.ledger(), erased)?;
    indexes::check_events(tx, hashing, &recomputed.found)?;
    Ok((stats, recomputed.found))
}

fn count(connection: &Connection, sql: &str) -> Result<i64, StoreError> {
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// There is one head, of the first epoch: nothing raises it in a file.
fn check_only_head(connection: &Connection, head: &Head) -> Result<(), StoreError> {
    let heads = count(connection, "select count(*) from head")?;
    if heads == 1 && head.epoch == 1 {
        return Ok(());
    }
    let what = format!("the table head has {heads} rows, and its epoch is {}", head.epoch);
    Err(StoreError::Corrupt { what })
}

fn meta(connection: &Connection) -> Result<Meta, StoreError> {
    let mut select = connection.prepare("select name, value from meta")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn stats(connection: &Connection, head: &Head) -> Result<Stats, StoreError> {
    let mut select = connection.prepare("select event, events from counts")?;
    let mut rows = select.query([])?;
    let mut events_by_name = BTreeMap::new();
    while let Some(row) = rows.next()? {
        events_by_name.insert(row.get(0)?, number(row.get(1)?)?);
    }
    Ok(Stats {
        events: head.frontier.size(),
        principals: number(count(connection, "select count(lookup) from principals")?)?,
        revision: Revision(head.frontier.size()),
        root: head.frontier.root(),
        events_by_name,
    })
}

/// Holds the principals against the keys, and their indexes against them.
fn check_principals(tx: &Connection, people: &People<'_>, hashing: &Hashing) -> Result<(), StoreError> {
    let mut indexed = indexes::OfPrincipals::default();
    let mut select =
        tx.prepare("select ordinal, id, lookup, identifier from principals not indexed order by ordinal")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let blob = |column| {
            let value = row.get_ref(column)?.as_blob_or_null();
            value.map_err(|error| StoreError::from(rusqlite::Error::from(error)))
        };
        let row =
            PrincipalRow { ordinal: row.get(0)?, id: row.get(1)?, lookup: blob(2)?, identifier: blob(3)? };
        indexed.add(hashing, &row);
        row.check(people)?;
    }
    indexed.check(tx, hashing)
}

/// Sees that those whose keys were gone are erased in the ledger by now, and were not only so in the keys.
fn check_gone(tx: &Connection, gone: &BTreeMap<[u8; 16], i64>) -> Result<(), StoreError> {
    let mut select = tx.prepare("select lookup is null from principals where id = ?1")?;
    for (id, revision) in gone {
        if select.query_row([id], |row| row.get(0)).optional()? != Some(true) {
            return Err(check::gone(*revision));
        }
    }
    Ok(())
}
