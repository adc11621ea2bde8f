//! A few connections for reading, lent out one call at a time.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::open;
use crate::error::StoreError;
use crate::opening::Settings;

/// Most connections kept open for the next call.
const IDLE_MAX: usize = 8;

pub(super) struct Readers {
    path: PathBuf,
    settings: Settings,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) const fn new(path: PathBuf, settings: Settings) -> Self {
        Self { path, settings, idle: Mutex::new(Vec::new()) }
    }

    /// Runs `read` in one transaction, so that it sees one revision of the ledger throughout.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(&self.path, &self.settings)?,
        };
        // As statements that are kept: most reads are short, and each would compile both anew.
        let run = |statement| connection.prepare_cached(statement).and_then(|mut run| run.execute([]));
        run("begin")?;
        let answer = read(&connection);
        // A transaction that only read has nothing to commit; ending it lets the log be folded in.
        if run("rollback").is_ok() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < IDLE_MAX {
                idle.push(connection);
            }
        }
        answer
    }
}
