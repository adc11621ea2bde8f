//! Sees that the tables are those that this version makes, to the letter: a reader goes by what `SQLite` is told of them.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::super::schema::{CREATE, CREATE_INDEX, CREATE_NODES};
use crate::error::StoreError;

/// What `SQLite` keeps of a table or an index: its kind, its name, its table, and the statement that makes it.
type Made = (String, String, String, Option<String>);

/// Holds the tables and indexes of a file against those that are made in a new one.
pub(super) fn check(tx: &Connection) -> Result<(), StoreError> {
    let new = Connection::open_in_memory()?;
    new.execute_batch(CREATE)?;
    new.execute_batch(CREATE_NODES)?;
    new.execute_batch(CREATE_INDEX)?;
    let (wanted, found) = (made(&new)?, made(tx)?);
    let wrong = |made: &Made, why: &str| {
        let (kind, name, ..) = made;
        Err(StoreError::Corrupt { what: format!("the schema, {kind} {name}: {why}") })
    };
    // The first files had no kept nodes.
    if let Some(missing) = wanted.iter().find(|made| !found.contains(*made) && made.1 != "nodes") {
        return wrong(missing, "it is not there as it was made");
    }
    // Statistics that `analyze` leaves are no part of the ledger, and do no harm.
    let is_foreign = |made: &&Made| !wanted.contains(*made) && !made.1.starts_with("sqlite_stat");
    found.iter().find(is_foreign).map_or(Ok(()), |foreign| wrong(foreign, "no ledger has one like it"))
}

fn made(connection: &Connection) -> Result<BTreeSet<Made>, StoreError> {
    let mut select = connection.prepare("select type, name, tbl_name, sql from sqlite_schema")?;
    let rows = select.query_map([], |row| {
        let sql: Option<String> = row.get(3)?;
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, sql.as_deref().map(normal)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A statement as it would be written today: a migration leaves tables that it has renamed in quotes and with other line breaks,
/// and files made earlier tell `SQLite` of references.
fn normal(sql: &str) -> String {
    let words: Vec<&str> = sql.split([' ', '\n']).filter(|word| !word.is_empty()).collect();
    words
        .join(" ")
        .replace("\"principals\"", "principals")
        .replace("\"payloads\"", "payloads")
        .replace(" references principals (ordinal)", "")
        .replace(" references events (revision)", "")
}
