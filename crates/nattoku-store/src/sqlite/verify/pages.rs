//! Sees that the file's pages hang together: no row where a search for it would not come by, no page lost or used twice.

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::StoreError;

/// Asks `SQLite` to look through all pages of all tables and indexes.
pub(super) fn check(tx: &Connection) -> Result<(), StoreError> {
    match first_fault(tx, false)? {
        None => Ok(()),
        Some(what) => Err(StoreError::Corrupt { what }),
    }
}

/// The first fault that `SQLite` itself finds, with the table or the index that it is in; with indexes held against their tables
/// row by row where asked.
pub(super) fn first_fault(tx: &Connection, with_indexes: bool) -> Result<Option<String>, StoreError> {
    let sql = if with_indexes { "pragma integrity_check(1)" } else { "pragma quick_check(1)" };
    let told: String = tx.query_row(sql, [], |row| row.get(0))?;
    if told == "ok" {
        return Ok(None);
    }
    let told = told.trim_start_matches("*** in database main ***\n").to_owned();
    // "Tree 7 page 12 cell 3: …", where the number is that of a root page.
    let tree = told.strip_prefix("Tree ").and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok());
    let Some(tree) = tree else { return Ok(Some(told)) };
    let named =
        tx.query_row("select type || ' ' || name from sqlite_schema where rootpage = ?1", [tree], |row| {
            row.get::<_, String>(0)
        });
    Ok(Some(named.optional()?.map_or_else(|| told.clone(), |name| format!("the {name}: {told}"))))
}
