//! The tables, as `docs/reference/ledger-format.md` describes them.

/// The format of the tables.
pub(super) const FORMAT: i64 = 2;

/// Whether the schema is there, whether it is ours, and its format. One that is there without `formats` is somebody else's.
pub(super) const LOOK: &str = "
select exists (select from pg_namespace where nspname = 'nattoku'), to_regclass('nattoku.formats') is not null";

/// The newest format that the tables have been brought to.
pub(super) const NEWEST_FORMAT: &str = "select max(format)::bigint from nattoku.formats";

/// Makes the tables of format 2.
pub(super) const CREATE: &str = "
create schema nattoku;
create table nattoku.formats (
    format bigint primary key,
    since timestamptz not null default now()
);
create table nattoku.meta (
    name text primary key,
    value bytea not null
);
create table nattoku.head (
    only_row boolean primary key check (only_row),
    epoch bigint not null,
    size bigint not null,
    frontier bytea not null,
    recorded_at bigint
);
create table nattoku.principals (
    ordinal bigint primary key,
    id bytea not null unique,
    lookup bytea unique,
    identifier bytea
);
create table nattoku.events (
    revision bigint primary key,
    event_id bytea not null unique,
    principal bigint,
    at bigint not null,
    recorded_at bigint not null,
    leaf bytea not null,
    leaf_hash bytea not null
);
create index events_by_principal on nattoku.events (principal, revision);
create table nattoku.payloads (
    revision bigint primary key,
    payload bytea not null
);
create table nattoku.counts (
    event text primary key,
    events bigint not null
);
insert into nattoku.formats (format) values (2);
insert into nattoku.head (only_row, epoch, size, frontier) values (true, 1, 0, '');
";

/// Makes the table of kept nodes, which the first databases of format 1 had not.
pub(super) const CREATE_NODES: &str = "
create table nattoku.nodes (
    place bigint primary key,
    hash bytea not null
)";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Holds statements that make tables against the page of the ledger's format.
    pub(crate) fn are_in_the_reference(statements: &str) {
        are_in("ledger-format.md", statements);
    }

    /// Holds statements that make tables against the page that describes them.
    pub(crate) fn are_in(page: &str, statements: &str) {
        let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
        let page = pages.join(page);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = words(&std::fs::read_to_string(page).unwrap());
        let made = statements.split(';').map(words).filter(|statement| statement.starts_with("create"));
        let missing: Vec<_> = made.filter(|made| !page.contains(&format!("```sql {made} ```"))).collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn the_tables_in_the_reference_are_the_tables_that_are_made() {
        are_in_the_reference(CREATE);
        are_in_the_reference(CREATE_NODES);
    }
}
