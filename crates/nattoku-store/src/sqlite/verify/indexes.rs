//! Holds each index against its table: the same entries, in their order.
//!
//! An index that lacks an entry, or has one in the wrong place, hides a row from whoever looks for it.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::pages;
use crate::check::Found;
use crate::check::{Entries, Hashing, PrincipalRow, id_kind};
use crate::error::StoreError;

/// An index by name, with its table, its column and the row's number.
struct Index {
    name: &'static str,
    table: &'static str,
    column: &'static str,
    row: &'static str,
    /// Whether no two rows may have the same in it, nothing excepted.
    is_unique: bool,
}

const IDS: Index = Index {
    name: "sqlite_autoindex_events_1",
    table: "events",
    column: "event_id",
    row: "revision",
    is_unique: true,
};
const BY_PRINCIPAL: Index = Index {
    name: "events_by_principal",
    table: "events",
    column: "principal",
    row: "revision",
    is_unique: false,
};
const PRINCIPAL_IDS: Index = Index {
    name: "sqlite_autoindex_principals_1",
    table: "principals",
    column: "id",
    row: "ordinal",
    is_unique: true,
};
const LOOKUPS: Index = Index {
    name: "sqlite_autoindex_principals_2",
    table: "principals",
    column: "lookup",
    row: "ordinal",
    is_unique: true,
};

/// Holds the indexes of events against the rows that were read.
pub(super) fn check_events(tx: &Connection, hashing: &Hashing, found: &Found) -> Result<(), StoreError> {
    check(tx, &BY_PRINCIPAL, hashing, found.principals)?;
    check(tx, &IDS, hashing, found.ids)
}

/// What the indexes of principals must have.
#[derive(Default)]
pub(super) struct OfPrincipals {
    ids: Entries,
    lookups: Entries,
}

impl OfPrincipals {
    pub(super) fn add(&mut self, hashing: &Hashing, row: &PrincipalRow<'_>) {
        self.ids.add(hashing, (id_kind::DERIVED, row.id.as_slice()), row.ordinal);
        match row.lookup {
            Some(lookup) => self.lookups.add(hashing, (id_kind::DERIVED, lookup), row.ordinal),
            None => self.lookups.add(hashing, None::<i64>, row.ordinal),
        }
    }

    pub(super) fn check(&self, tx: &Connection, hashing: &Hashing) -> Result<(), StoreError> {
        check(tx, &PRINCIPAL_IDS, hashing, self.ids)?;
        check(tx, &LOOKUPS, hashing, self.lookups)
    }
}

fn check(tx: &Connection, index: &Index, hashing: &Hashing, wanted: Entries) -> Result<(), StoreError> {
    let Index { name, table, column, row, is_unique } = index;
    let sql = format!("select {column}, {row} from {table} indexed by {name} order by {column}, {row}");
    let mut select = tx.prepare(&sql)?;
    let mut rows = select.query([])?;
    let (mut entries, mut before, mut key) = (Entries::default(), Key::default(), Key::default());
    while let Some(row) = rows.next()? {
        key.read(row.get_ref(0)?, row.get(1)?);
        if key <= before {
            return Err(wrong(tx, index, "has entries out of their order"));
        }
        if *is_unique && key.has_the_same(&before) {
            return Err(wrong(tx, index, "has the same twice"));
        }
        key.add_to(&mut entries, hashing);
        std::mem::swap(&mut key, &mut before);
    }
    if entries == wanted { Ok(()) } else { Err(wrong(tx, index, "does not have what the table has")) }
}

fn wrong(tx: &Connection, index: &Index, why: &str) -> StoreError {
    let (name, table) = (index.name, index.table);
    // SQLite knows which row, if slowly.
    let where_ =
        pages::first_fault(tx, true).ok().flatten().map_or_else(String::new, |told| format!(": {told}"));
    StoreError::Corrupt { what: format!("the index {name} of the table {table} {why}{where_}") }
}

/// An entry, in the order in which `SQLite` has entries: nothing, numbers, texts, bytes. The first of all is none.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: u8,
    number: i64,
    bytes: Vec<u8>,
    row: i64,
}

impl Key {
    fn read(&mut self, value: ValueRef<'_>, row: i64) {
        self.bytes.clear();
        (self.number, self.row) = (0, row);
        self.kind = match value {
            ValueRef::Null => 1,
            ValueRef::Integer(number) => {
                self.number = number;
                2
            }
            ValueRef::Real(_) => 3,
            ValueRef::Text(text) => {
                self.bytes.extend_from_slice(text);
                4
            }
            ValueRef::Blob(bytes) => {
                self.bytes.extend_from_slice(bytes);
                5
            }
        };
    }

    /// Whether both are of the same, which nothing is not.
    fn has_the_same(&self, other: &Self) -> bool {
        (self.kind, self.number, &self.bytes) == (other.kind, other.number, &other.bytes) && self.kind > 1
    }

    /// As the rows of the tables are added.
    fn add_to(&self, entries: &mut Entries, hashing: &Hashing) {
        let bytes = self.bytes.as_slice();
        match self.kind {
            1 => entries.add(hashing, None::<i64>, self.row),
            2 => entries.add(hashing, Some(self.number), self.row),
            4 => entries.add(hashing, (id_kind::GIVEN, bytes), self.row),
            5 if bytes.len() == 8 => entries.add(hashing, (id_kind::ERASED, bytes), self.row),
            5 => entries.add(hashing, (id_kind::DERIVED, bytes), self.row),
            // There are no others; one more entry than there must be is one that does not fit.
            _ => entries.add(hashing, self.kind, self.row),
        }
    }
}
