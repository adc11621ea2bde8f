create schema nattoku;
create table nattoku.formats (format bigint primary key, since timestamptz not null default now());
create table nattoku.meta (name text primary key, value bytea not null);
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
    identifier text collate "C" not null unique,
    commitment_key bytea not null
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
create table nattoku.payloads (revision bigint primary key, payload bytea not null);
create table nattoku.counts (event text primary key, events bigint not null);
insert into nattoku.formats (format) values (1);
insert into nattoku.head (only_row, epoch, size, frontier) values (true, 1, 0, '');
