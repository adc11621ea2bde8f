//! The tables, as `docs/reference/ledger-format.md` describes them.

/// `PRAGMA application_id`: the letters `NTTK`.
pub(super) const APPLICATION_ID: u32 = 0x4e54_544b;

/// `PRAGMA user_version`: the format of the file.
pub(super) const FORMAT: u32 = 2;

/// Makes the tables of format 2, without the index.
///
/// No foreign keys: one writer makes all rows, each reference would be looked up once more at every insert, and a check recomputes
/// what they would say.
pub(super) const CREATE: &str = "
create table meta (
    name text primary key not null,
    value blob not null
) strict, without rowid;
create table head (
    only_row integer primary key check (only_row = 1),
    epoch integer not null,
    size integer not null,
    frontier blob not null,
    recorded_at integer
) strict;
create table principals (
    ordinal integer primary key,
    id blob not null unique,
    lookup blob unique,
    identifier blob
) strict;
create table events (
    revision integer primary key,
    event_id any not null unique,
    principal integer,
    at integer not null,
    recorded_at integer not null,
    leaf blob not null,
    leaf_hash blob not null
) strict;
create table payloads (
    revision integer primary key,
    payload blob not null
) strict;
create table counts (
    event text primary key not null,
    events integer not null
) strict, without rowid;
insert into head (only_row, epoch, size, frontier) values (1, 1, 0, x'');
";

/// Makes the index of whom events are about. A ledger that arrives gets it once it is whole: made at once, it costs a fraction.
pub(super) const CREATE_INDEX: &str = "create index if not exists events_by_principal on events (principal)";

/// Makes the table of kept nodes, which the first files of format 1 had not.
pub(super) const CREATE_NODES: &str = "
create table nodes (
    place integer primary key,
    hash blob not null
) strict";
