//! One connection with the statements it has prepared.

use std::collections::HashMap;

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use crate::error::StoreError;

/// Set for every connection: a commit is answered when it is durable, whatever the server's own default.
const SETTINGS: &str = "
set client_min_messages = warning;
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')";

/// A connection.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    pub(crate) fn new(mut client: Client) -> Result<Self, StoreError> {
        client.batch_execute(SETTINGS)?;
        Ok(Self { client, statements: HashMap::new() })
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
            Ok(answer) => self.run("commit").map(|()| answer),
            Err(error) => {
                // Where the connection is gone the server rolls back by itself.
                let _ = self.run("rollback");
                Err(error)
            }
        }
    }

    /// Whether the connection is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
