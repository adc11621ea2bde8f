//! The ledger in one `SQLite` file.
//!
//! One connection writes, a few read; all methods take `&self`, so one store serves a whole program. Several programs
//! may open the same file: each group of appends is one transaction that reads the head, numbers its events and moves the head.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

mod append;
mod erase;
mod file_identity;
mod follow;
mod general;
mod head;
mod log;
mod migrate;
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

pub use transfer::backup_in_progress;

use append::Writing;
pub(crate) use erase::empty_log;
pub(crate) use file_identity::FileIdentity;
pub(crate) use open::{Header, create_file, header};
use readers::Readers;
pub(crate) use transfer::copy_file;

use crate::append::Writer;
use crate::error::StoreError;
use crate::general::GeneralEvents;
use crate::keys::{Kek, Keyring, Of, Opening, Shared};
use crate::opening::{OpenMode, Purpose, Settings};
use crate::random::{Randomness, SharedRandomness};

/// A ledger of events in a `SQLite` file, with what is personal in private tables beside it.
pub struct SqliteStore {
    path: PathBuf,
    /// Which file it was that was opened there.
    identity: FileIdentity,
    settings: Settings,
    // Dropped in this order: the connection that writes goes last and folds SQLite's log into the file.
    readers: Readers,
    /// Whether the inner nodes of the tree are kept.
    has_nodes: bool,
    general: GeneralEvents,
    keys: Arc<Keyring>,
    /// None where the store was opened for reading.
    writer: Option<Writer>,
}

impl SqliteStore {
    /// Opens the store at `path` with the default settings, its key-encryption key in a file beside it.
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
        Self::open_sealed(path, mode, randomness, settings, &Kek::Beside)
    }

    /// Opens the store at `path`, whose keys rest on a key-encryption key. Keys are made where the ledger has no principals
    /// yet. An erasure that broke off, or that a restore undid, is done before anything else.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], and [`StoreError::Keys`] where the keys are not to be had.
    pub fn open_sealed(
        path: impl AsRef<Path>,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Self, StoreError> {
        Self::open_for(path.as_ref(), mode, &Purpose::Use, randomness, settings, kek)
    }

    pub(crate) fn open_for(
        path: &Path,
        mode: OpenMode,
        purpose: &Purpose,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let randomness: Shared = Arc::new(Mutex::new(Box::new(randomness)));
        let mut for_store = SharedRandomness(Arc::clone(&randomness));
        let connection = open::open(&path, mode, purpose, &settings, &mut for_store)?;
        let identity = FileIdentity::of(&path).ok_or_else(|| StoreError::Moved { path: path.clone() })?;
        let (ledger, has_principals) = connection.query_row(
            "select value, exists (select 1 from principals) from meta where name = 'ledger_id'",
            [],
            |row| Ok((row.get(0)?, row.get::<_, bool>(1)?)),
        )?;
        let has_nodes = nodes::are_there(&connection)?;
        let is_read_only = mode == OpenMode::ReadOnly;
        let keys = Arc::new(Keyring::open(Opening {
            of: Of::File(&path),
            ledger,
            kek,
            absent: purpose.absent_keys(is_read_only || has_principals),
            is_read_only,
            wait_for_lock_max: settings.wait_for_lock_max,
            randomness,
        })?);
        let writer = if is_read_only {
            None
        } else {
            let mut medium = Writing::new(connection, Arc::clone(&keys));
            if !purpose.is_arrival() {
                crate::erase::reapply(&mut medium, &keys)?;
            }
            let (randomness, id_key) = (Box::new(for_store), keys.event_id_key());
            Some(Writer::start(Box::new(medium), randomness, id_key, settings.rests_after)?)
        };
        let readers = Readers::new(path.clone(), settings);
        let general = GeneralEvents::default();
        Ok(Self { path, identity, settings, readers, has_nodes, general, keys, writer })
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

/// A connection that writes to a new ledger in a file, without a store around it.
#[cfg(test)]
pub(crate) fn medium(path: &Path) -> impl crate::append::Medium + 'static {
    let randomness = crate::random::SeededRandomness::new(1);
    SqliteStore::open(path, OpenMode::Create, randomness).unwrap().second_writer().unwrap()
}

/// A connection that writes to the ledger of a store, and its keys.
#[cfg(test)]
pub(crate) fn medium_of(store: &SqliteStore) -> (impl crate::append::Medium + use<>, Arc<Keyring>) {
    (store.second_writer().unwrap(), Arc::clone(&store.keys))
}

/// What ids of events are derived with in the ledger in a file.
#[cfg(test)]
pub(crate) fn id_key(path: &Path) -> [u8; 32] {
    let randomness = crate::random::SeededRandomness::new(2);
    SqliteStore::open(path, OpenMode::ReadOnly, randomness).unwrap().keys.event_id_key()
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}
