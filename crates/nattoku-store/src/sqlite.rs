//! The ledger in one `SQLite` file.
//!
//! One connection writes, a few read; all methods take `&self`, so one store serves a whole program. Several programs
//! may open the same file: each group of appends is one transaction that reads the head, numbers its events and moves the head.

use std::path::{Path, PathBuf};

mod append;
mod file_identity;
mod follow;
mod general;
mod head;
mod log;
mod nodes;
mod open;
mod pages;
mod principals;
mod read;
mod readers;
mod schema;
mod store;
mod transfer;
mod verify;

use append::Writing;
use file_identity::FileIdentity;
use readers::Readers;

use crate::append::Writer;
use crate::error::StoreError;
use crate::general::GeneralEvents;
use crate::opening::{OpenMode, Purpose, Settings};
use crate::random::Randomness;

/// A ledger of events in a `SQLite` file, with what is personal in private tables beside it.
pub struct SqliteStore {
    path: PathBuf,
    /// Which file it was that was opened there.
    identity: FileIdentity,
    settings: Settings,
    // Dropped in this order: the connection that writes goes last and folds SQLite's log into the file.
    readers: Readers,
    general: GeneralEvents,
    /// None where the store was opened for reading.
    writer: Option<Writer>,
}

impl SqliteStore {
    /// Opens the store at `path` with the default settings.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NoFolder`], [`StoreError::NotAStore`], [`StoreError::NewerFormat`]; in each
    /// of these cases nothing on disk was touched. Otherwise what `SQLite` answers.
    pub fn open(
        path: impl AsRef<Path>,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
    ) -> Result<Self, StoreError> {
        Self::open_with(path, mode, randomness, Settings::default())
    }

    /// Opens the store at `path`.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(
        path: impl AsRef<Path>,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        Self::open_for(path.as_ref(), mode, &Purpose::Use, randomness, settings)
    }

    pub(crate) fn open_for(
        path: &Path,
        mode: OpenMode,
        purpose: &Purpose,
        randomness: impl Randomness + 'static,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let mut randomness = Box::new(randomness);
        let connection = open::open(&path, mode, purpose, &settings, randomness.as_mut())?;
        let identity = FileIdentity::of(&path).ok_or_else(|| StoreError::Moved { path: path.clone() })?;
        let writer = match mode {
            OpenMode::ReadOnly => None,
            OpenMode::Create | OpenMode::Existing => {
                let id_key =
                    connection
                        .query_row("select value from meta where name = 'id_key'", [], |row| row.get(0))?;
                Some(Writer::start(Box::new(Writing::new(connection)), randomness, id_key)?)
            }
        };
        let readers = Readers::new(path.clone(), settings);
        Ok(Self { path, identity, settings, readers, general: GeneralEvents::default(), writer })
    }

    /// Where the store is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        self.writer.as_ref().ok_or(StoreError::ReadOnly)
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}
