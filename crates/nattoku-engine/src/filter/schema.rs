//! The tables of a snapshot, and the dialects of SQL.

use std::borrow::Cow;

use nattoku_model::name::EntrusterName;

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgresql,
    /// DuckDB.
    Duckdb,
    /// Spark SQL, and what is made of it.
    Spark,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Postgresql, Self::Duckdb, Self::Spark];

    /// The dialect's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgresql => "postgresql",
            Self::Duckdb => "duckdb",
            Self::Spark => "spark",
        }
    }

    /// Text as a literal.
    pub(crate) fn literal(self, text: &str) -> String {
        let inside = match self {
            // Otherwise a setting of the database's, `standard_conforming_strings`, decides what a backslash is.
            Self::Postgresql if text.contains('\\') => {
                return format!("E'{}'", text.replace('\\', r"\\").replace('\'', "''"));
            }
            Self::Postgresql | Self::Duckdb => text.replace('\'', "''"),
            // In Spark a backslash escapes, and two quotes in a row end one literal and begin another.
            Self::Spark => text.replace('\\', r"\\").replace('\'', r"\'"),
        };
        format!("'{inside}'")
    }

    /// The type of a column.
    #[must_use]
    pub const fn type_of(self, kind: ColumnKind) -> &'static str {
        match (kind, self) {
            (ColumnKind::Name, Self::Postgresql) => "TEXT",
            (ColumnKind::Name, Self::Duckdb) => "VARCHAR",
            (ColumnKind::Name, Self::Spark) => "STRING",
            (ColumnKind::Number | ColumnKind::Instant, _) => "BIGINT",
            (ColumnKind::Flag, _) => "BOOLEAN",
        }
    }
}

/// What a column holds. No column is ever empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A name, as the policy or the ledger has it.
    Name,
    /// A whole number.
    Number,
    /// Nanoseconds since 1970 in UTC; the greatest number stands for no end.
    Instant,
    /// True or false.
    Flag,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// A table of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// How many of the first columns tell one row from another.
    pub key: usize,
}

const fn name(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Name }
}

const fn number(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Number }
}

const fn instant(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Instant }
}

const fn flag(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Flag }
}

const fn table(name: &'static str, key: usize, columns: &'static [Column]) -> Table {
    Table { name, columns, key }
}

/// The snapshot itself: one row.
pub(crate) const SNAPSHOT: Table = table(
    "nattoku_snapshot",
    1,
    &[number("revision"), instant("newest_at"), name("policy_version"), name("vocabulary")],
);
pub(crate) const PRINCIPAL: Table = table("nattoku_principal", 1, &[name("id"), flag("is_registered")]);
pub(crate) const TIE: Table = table(
    "nattoku_tie",
    2,
    &[name("principal"), name("relationship"), flag("is_alive"), instant("ended_at")],
);
pub(crate) const PAST_UNKNOWN: Table =
    table("nattoku_past_unknown", 2, &[name("principal"), name("relationship")]);
pub(crate) const DECLINED: Table = table("nattoku_declined", 2, &[name("principal"), name("choice")]);
pub(crate) const CONSENT: Table = table(
    "nattoku_consent",
    2,
    &[
        name("principal"),
        name("item"),
        name("wording"),
        name("giver"),
        instant("given_at"),
        instant("until_at"),
    ],
);
pub(crate) const CONSENT_AGE: Table =
    table("nattoku_consent_age", 3, &[name("principal"), name("item"), name("zone"), number("age")]);
pub(crate) const OCCASION: Table =
    table("nattoku_occasion", 2, &[name("principal"), name("category"), instant("last_at")]);
pub(crate) const HOLDING: Table = table(
    "nattoku_holding",
    2,
    &[
        name("principal"),
        number("holding"),
        name("category"),
        name("source"),
        name("entrusted_from"),
        instant("acquired_at"),
    ],
);
pub(crate) const HOLDING_WITHOUT: Table =
    table("nattoku_holding_without", 3, &[name("principal"), number("holding"), name("category")]);
pub(crate) const ERASED: Table = table("nattoku_erased", 2, &[name("principal"), name("category")]);
pub(crate) const RESTRICTION: Table =
    table("nattoku_restriction", 3, &[name("principal"), name("action"), name("category")]);

/// Every table, in the order in which they are loaded.
pub const TABLES: [Table; 12] = [
    SNAPSHOT,
    PRINCIPAL,
    TIE,
    PAST_UNKNOWN,
    DECLINED,
    CONSENT,
    CONSENT_AGE,
    OCCASION,
    HOLDING,
    HOLDING_WITHOUT,
    ERASED,
    RESTRICTION,
];

/// Where a name stands for something that has none: data that are the controller's own.
const NONE: &str = "-";

/// Whose data they are, as the tables have it. A policy declares no name that begins so, but a ledger may hold any text: one
/// more of the mark goes before it, so that it is nobody's name and never the controller's own.
pub(crate) fn entruster(name: Option<&EntrusterName>) -> Cow<'_, str> {
    match name.map(EntrusterName::as_str) {
        None => NONE.into(),
        Some(name) if name.starts_with(NONE) => format!("{NONE}{name}").into(),
        Some(name) => name.into(),
    }
}

/// What a restriction of every category names. No category that can be asked about is called so, is under it, or is above it.
pub(crate) const EVERYTHING: &str = "*";

/// Who gave a consent.
pub(crate) const BY_PRINCIPAL: &str = "principal";
/// A guardian who was linked on the day.
pub(crate) const BY_GUARDIAN: &str = "guardian";
/// Somebody who said to be the guardian and was not linked.
pub(crate) const NOT_LINKED: &str = "guardian_not_linked";
/// An agent who showed nothing.
pub(crate) const UNPROVEN: &str = "agent_unproven";
