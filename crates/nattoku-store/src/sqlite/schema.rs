//! The tables, as `docs/reference/ledger-format.md` describes them.

/// `PRAGMA application_id`: the letters `NTTK`.
pub(super) const APPLICATION_ID: u32 = 0x4e54_544b;

/// `PRAGMA user_version`: the format of the file.
pub(super) const FORMAT: u32 = 2;

/// Makes the tables of format 2.
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
    principal integer references principals (ordinal),
    at integer not null,
    recorded_at integer not null,
    leaf blob not null,
    leaf_hash blob not null
) strict;
create index events_by_principal on events (principal);
create table payloads (
    revision integer primary key references events (revision),
    payload blob not null
) strict;
create table counts (
    event text primary key not null,
    events integer not null
) strict, without rowid;
insert into head (only_row, epoch, size, frontier) values (1, 1, 0, x'');
";

/// Makes the table of kept nodes, which the first files of format 1 had not.
pub(super) const CREATE_NODES: &str = "
create table nodes (
    place integer primary key,
    hash blob not null
) strict";
