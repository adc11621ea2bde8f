//! Keys in a schema of their own of the database in which a ledger is.

use std::path::PathBuf;

use postgres::Row;

use super::Tombstone;
use super::place::{KeyPlace, Owner, WrappedGroup, WrappedKeys};
use crate::error::StoreError;
use crate::postgres::{Address, Session, fixed};

/// The format of the tables.
const FORMAT: i64 = 1;

/// Whether the schema is there, and whether it is ours.
const LOOK: &str = "
select exists (select from pg_namespace where nspname = 'nattoku_keys'), to_regclass('nattoku_keys.formats') is not null";
/// Held while keys are changed, so that writers take turns. It ends with the transaction.
const CHANGING: &str = "select pg_advisory_xact_lock(x'4e54544b'::int, 2)";

/// Makes the tables of format 1.
pub(super) const CREATE: &str = "
create schema nattoku_keys;
create table nattoku_keys.formats (
    format bigint primary key,
    since timestamptz not null default now()
);
create table nattoku_keys.meta (
    name text primary key,
    value bytea not null
);
create table nattoku_keys.secrets (
    kind bigint primary key,
    wrapped bytea not null
);
create table nattoku_keys.groups (
    number bigint primary key,
    version bigint not null,
    wrapped bytea not null
);
create table nattoku_keys.principals (
    id bytea primary key,
    wrapped bytea not null
);
create table nattoku_keys.tombstones (
    id bytea primary key,
    live_at bigint not null,
    everywhere_at bigint
);
insert into nattoku_keys.formats (format) values (1);
";

/// The schema of the keys.
pub(super) struct KeySchema {
    address: Address,
    session: Session,
    is_changing: bool,
}

impl KeySchema {
    /// Connects to the keys of the ledger at an address. Tells whether there are no tables yet.
    pub(super) fn open(address: &Address) -> Result<(Self, bool), StoreError> {
        let mut session = address.connect()?;
        let is_there = is_there(&mut session, address)?;
        Ok((Self { address: address.clone(), session, is_changing: false }, !is_there))
    }

    /// Asks. A connection that has gone stale, as when the server was restarted, is made anew where nothing is being changed.
    fn ask(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn postgres::types::ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        if self.is_changing {
            return self.session.query(sql, parameters);
        }
        if !self.session.is_closed() {
            let answer = self.session.query(sql, parameters);
            if !self.session.is_closed() {
                return answer;
            }
        }
        self.session = self.address.connect()?;
        self.session.query(sql, parameters)
    }
}

/// The schema and its database, for people.
fn shown(address: &Address) -> String {
    format!("{address} (nattoku_keys)")
}

fn is_there(session: &mut Session, address: &Address) -> Result<bool, StoreError> {
    let rows = session.query(LOOK, &[])?;
    let Some(row) = rows.first() else { return Ok(false) };
    match (row.try_get(0)?, row.try_get(1)?) {
        (false, _) => Ok(false),
        (true, true) => Ok(true),
        (true, false) => Err(StoreError::NotAStore { path: PathBuf::from(shown(address)) }),
    }
}

fn wrapped_keys(rows: &[Row]) -> Result<Vec<WrappedKeys>, StoreError> {
    let keys = rows.iter().map(|row| Ok((fixed(row.try_get(0)?, "a principal's id")?, row.try_get(1)?)));
    keys.collect()
}

fn wrapped_groups(rows: &[Row]) -> Result<Vec<WrappedGroup>, StoreError> {
    let groups =
        rows.iter().map(|row| Ok((small(row.try_get(0)?)?, small(row.try_get(1)?)?, row.try_get(2)?)));
    groups.collect()
}

/// A small number out of a column.
fn small<T: TryFrom<i64>>(column: i64) -> Result<T, StoreError> {
    T::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("{column} in the keys") })
}

impl KeyPlace for KeySchema {
    fn shown(&self) -> String {
        shown(&self.address)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        // Asked first, so that a connection that has gone stale is made anew.
        self.ask("select", &[])?;
        self.session.run("begin")?;
        self.is_changing = true;
        self.session.run(CHANGING)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.is_changing = false;
        self.session.commit()
    }

    fn rollback(&mut self) {
        if std::mem::take(&mut self.is_changing) {
            // Where the connection is gone the server rolls back by itself.
            let _ = self.session.run("rollback");
        }
    }

    fn make(&mut self, ledger: [u8; 16], kek: [u8; 16]) -> Result<bool, StoreError> {
        if is_there(&mut self.session, &self.address)? {
            return Ok(false);
        }
        self.session.run(CREATE)?;
        for (name, value) in [("ledger_id", ledger), ("kek", kek)] {
            self.ask(
                "insert into nattoku_keys.meta (name, value) values ($1, $2)",
                &[&name, &value.as_slice()],
            )?;
        }
        Ok(true)
    }

    fn owner(&mut self) -> Result<Owner, StoreError> {
        let rows = self.ask("select max(format)::bigint from nattoku_keys.formats", &[])?;
        let format: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?.flatten();
        if let Some(format) = format.filter(|format| *format > FORMAT) {
            let (path, format) = (PathBuf::from(self.shown()), small(format)?);
            return Err(StoreError::NewerFormat { path, format, supported: small(FORMAT)? });
        }
        let mut meta = |name: &str| -> Result<Option<[u8; 16]>, StoreError> {
            let rows = self.ask("select value from nattoku_keys.meta where name = $1", &[&name])?;
            rows.first().map(|row| fixed(row.try_get(0)?, name)).transpose()
        };
        Ok((meta("ledger_id")?, meta("kek")?))
    }

    fn secret(&mut self, kind: u8) -> Result<Option<Vec<u8>>, StoreError> {
        let rows =
            self.ask("select wrapped from nattoku_keys.secrets where kind = $1", &[&i64::from(kind)])?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
    }

    fn put_secret(&mut self, kind: u8, wrapped: &[u8]) -> Result<(), StoreError> {
        self.ask(
            "insert into nattoku_keys.secrets (kind, wrapped) values ($1, $2)
             on conflict (kind) do update set wrapped = excluded.wrapped",
            &[&i64::from(kind), &wrapped],
        )
        .map(drop)
    }

    fn group(&mut self, number: u16) -> Result<Option<(u32, Vec<u8>)>, StoreError> {
        let rows = self.ask(
            "select version, wrapped from nattoku_keys.groups where number = $1",
            &[&i64::from(number)],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((small(row.try_get(0)?)?, row.try_get(1)?)))
    }

    fn groups(&mut self) -> Result<Vec<WrappedGroup>, StoreError> {
        let rows =
            self.ask("select number, version, wrapped from nattoku_keys.groups order by number", &[])?;
        wrapped_groups(&rows)
    }

    fn groups_of(&mut self, numbers: &[u16]) -> Result<Vec<WrappedGroup>, StoreError> {
        let numbers: Vec<i64> = numbers.iter().copied().map(i64::from).collect();
        let rows = self.ask(
            "select number, version, wrapped from nattoku_keys.groups where number = any($1::bigint[])",
            &[&numbers],
        )?;
        wrapped_groups(&rows)
    }

    fn put_group(&mut self, number: u16, version: u32, wrapped: &[u8]) -> Result<(), StoreError> {
        self.ask(
            "insert into nattoku_keys.groups (number, version, wrapped) values ($1, $2, $3)
             on conflict (number) do update set version = excluded.version, wrapped = excluded.wrapped",
            &[&i64::from(number), &i64::from(version), &wrapped],
        )
        .map(drop)
    }

    fn principals(&mut self, ids: &[[u8; 16]]) -> Result<Vec<WrappedKeys>, StoreError> {
        let ids: Vec<&[u8]> = ids.iter().map(<[u8; 16]>::as_slice).collect();
        let rows =
            self.ask("select id, wrapped from nattoku_keys.principals where id = any($1::bytea[])", &[&ids])?;
        wrapped_keys(&rows)
    }

    fn principals_between(
        &mut self,
        first: [u8; 16],
        last: [u8; 16],
    ) -> Result<Vec<WrappedKeys>, StoreError> {
        let rows = self.ask(
            "select id, wrapped from nattoku_keys.principals where id between $1 and $2",
            &[&first.as_slice(), &last.as_slice()],
        )?;
        wrapped_keys(&rows)
    }

    fn put_principals(&mut self, keys: &[WrappedKeys]) -> Result<(), StoreError> {
        let (ids, wrapped): (Vec<&[u8]>, Vec<&[u8]>) =
            keys.iter().map(|(id, wrapped)| (id.as_slice(), wrapped.as_slice())).unzip();
        self.ask(
            "insert into nattoku_keys.principals (id, wrapped) select * from unnest($1::bytea[], $2::bytea[])
             on conflict (id) do update set wrapped = excluded.wrapped",
            &[&ids, &wrapped],
        )
        .map(drop)
    }

    fn bury(&mut self, erased: &[([u8; 16], i64)]) -> Result<(), StoreError> {
        let (ids, dates): (Vec<&[u8]>, Vec<i64>) = erased.iter().map(|(id, at)| (id.as_slice(), *at)).unzip();
        self.ask("delete from nattoku_keys.principals where id = any($1::bytea[])", &[&ids])?;
        self.ask(
            "insert into nattoku_keys.tombstones (id, live_at) select * from unnest($1::bytea[], $2::bigint[])
             on conflict (id) do nothing",
            &[&ids, &dates],
        )
        .map(drop)
    }

    fn bury_everywhere(&mut self, ids: &[[u8; 16]], at: i64) -> Result<(), StoreError> {
        let ids: Vec<&[u8]> = ids.iter().map(<[u8; 16]>::as_slice).collect();
        self.ask(
            "update nattoku_keys.tombstones set everywhere_at = $2 where id = any($1::bytea[])",
            &[&ids, &at],
        )
        .map(drop)
    }

    fn tombstones(&mut self) -> Result<Vec<Tombstone>, StoreError> {
        let rows =
            self.ask("select id, live_at, everywhere_at from nattoku_keys.tombstones order by id", &[])?;
        let tombstones = rows.iter().map(|row| {
            Ok(Tombstone {
                id: fixed(row.try_get(0)?, "tombstones.id")?,
                live_at: row.try_get(1)?,
                everywhere_at: row.try_get(2)?,
            })
        });
        tombstones.collect()
    }

    fn has_tombstone(&mut self, id: &[u8; 16]) -> Result<bool, StoreError> {
        let rows = self.ask("select 1 from nattoku_keys.tombstones where id = $1", &[&id.as_slice()])?;
        Ok(!rows.is_empty())
    }

    fn counts(&mut self) -> Result<(i64, i64), StoreError> {
        let rows = self.ask(
            "select (select count(*) from nattoku_keys.groups), (select count(*) from nattoku_keys.principals)",
            &[],
        )?;
        let Some(row) = rows.first() else { return Ok((0, 0)) };
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// The server overwrites what was deleted when it will; what is left of it until then is sealed.
    fn empty_log(&mut self) -> Result<bool, StoreError> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_in_the_reference_are_the_tables_that_are_made() {
        crate::postgres::are_in_the_reference(CREATE);
    }
}
