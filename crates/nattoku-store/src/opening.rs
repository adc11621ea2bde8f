//! How a store is opened, and how it is to behave.

use std::time::Duration;

/// What may be found at the place of a store, and what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Write to the store there, or make a new one where there is nothing. The folder or the database must exist.
    Create,
    /// Write to the store there.
    Existing,
    /// Read the store there.
    ReadOnly,
}

/// How a store is to behave; the default is right for most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long to wait for another program that is writing.
    pub wait_for_lock_max: Duration,
    /// How many pages of 4,096 bytes a `SQLite` file may grow to; no limit but `SQLite`'s own when absent.
    pub pages_max: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { wait_for_lock_max: Duration::from_secs(5), pages_max: None }
    }
}
