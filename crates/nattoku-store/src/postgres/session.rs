//! One connection with the statements it has prepared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use postgres::error::{DbError, Severity};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use crate::error::StoreError;

/// Set for every connection. A commit is answered when it is durable, whatever the server's own default. And everything is looked
/// up by an index: how a statement is best done is found out when it is prepared, in a new ledger while the tables are empty and
/// reading all of them is quickest, and is not thought over while they grow. Most of what is looked up is a few rows, for which a bitmap
/// or a memory of what was looked up costs more than it spares.
const SETTINGS: &str = "
set client_min_messages = warning; set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off;
set enable_mergejoin = off; set enable_memoize = off; set jit = off;
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')";

/// What a server warned of last, until somebody looks.
#[derive(Debug, Clone, Default)]
pub(super) struct Warned(Arc<Mutex<Option<String>>>);

impl Warned {
    /// Hears a notice.
    pub(super) fn hear(&self, notice: &DbError) {
        if notice.parsed_severity() == Some(Severity::Warning) {
            let told = format!("{} ({})", notice.message(), notice.code().code());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        }
    }

    fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A connection.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    warned: Warned,
}

impl Session {
    pub(super) fn new(mut client: Client, warned: Warned) -> Result<Self, StoreError> {
        client.batch_execute(SETTINGS)?;
        Ok(Self { client, statements: HashMap::new(), warned })
    }

    /// Asks by a statement that is prepared once.
    pub(crate) fn query(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        let statement = if let Some(statement) = self.statements.get(sql) {
            statement.clone()
        } else {
            let statement = self.client.prepare(sql)?;
            self.statements.insert(sql, statement.clone());
            statement
        };
        Ok(self.client.query(&statement, parameters)?)
    }

    /// As [`Session::query`], where the statement commits something: an error where it may not be durable.
    pub(crate) fn query_durably(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        self.durably(|this| this.query(sql, parameters))
    }

    /// Commits the transaction that was begun: an error where it may not be durable.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.durably(|this| this.run("commit"))
    }

    /// A server that is told to stop waiting for its synchronous standbys commits all the same, answers as always, and warns. By
    /// which words depends on its language, so that every warning counts; there is hardly another.
    fn durably<T>(
        &mut self,
        commit: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.warned.take();
        let answer = commit(self)?;
        match self.warned.take() {
            None => Ok(answer),
            Some(told) => Err(StoreError::Unreachable { source: told.into() }),
        }
    }

    /// Runs statements that are not worth preparing.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// Runs `read` so that all its questions see one state of the database.
    pub(crate) fn snapshot<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run("begin isolation level repeatable read read only")?;
        let answer = read(self);
        let ended = self.run("rollback");
        let answer = answer?;
        ended.map(|()| answer)
    }

    /// Runs `write` in one transaction.
    pub(crate) fn transaction<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run("begin")?;
        match write(self) {
            Ok(answer) => self.commit().map(|()| answer),
            Err(error) => {
                // Where the connection is gone the server rolls back by itself.
                let _ = self.run("rollback");
                Err(error)
            }
        }
    }

    /// Waits for notifications, at most so long: what was told.
    pub(super) fn hear(&mut self, at_most: Duration) -> Result<Vec<String>, StoreError> {
        let mut notifications = self.client.notifications();
        let first = notifications.timeout_iter(at_most).next()?;
        let mut told: Vec<String> = first.into_iter().map(|one| one.payload().to_owned()).collect();
        let mut others = notifications.iter();
        while let Some(other) = others.next()? {
            told.push(other.payload().to_owned());
        }
        Ok(told)
    }

    /// Whether the connection is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
