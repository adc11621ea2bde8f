//! The ledger in a database of a `PostgreSQL` server.
//!
//! Reading goes over a few connections, each call in one snapshot. Writing goes over one: the writer holds the ledger's
//! *lease*, a lock of the server that ends with the writer's session, whatever becomes of the writer. Several programs may serve
//! one ledger; whoever wants to append while another holds the lease waits for it, and a holder gives it up when it rests and
//! at the latest after a second.

use crate::append::Writer;
use crate::error::StoreError;
use crate::general::GeneralEvents;
use crate::opening::{OpenMode, Purpose, Settings};
use crate::random::Randomness;

mod address;
mod append;
mod error;
mod follow;
mod lease;
mod log;
mod nodes;
mod open;
mod pages;
mod pool;
mod read;
mod schema;
mod session;
mod store;
mod tls;
mod transfer;
mod verify;

pub use address::Address;

use append::Writing;
use pool::Pool;

/// A ledger of events in a `PostgreSQL` database.
pub struct PostgresStore {
    address: Address,
    pool: Pool,
    general: GeneralEvents,
    /// Whether the database keeps nodes of the tree that this store may read.
    has_nodes: bool,
    /// None where the store was opened for reading.
    writer: Option<Writer>,
}

impl PostgresStore {
    /// Opens the ledger in the database at `address` with the default settings.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the database has no ledger, [`StoreError::NotAStore`] and [`StoreError::NewerFormat`] where
    /// it has something else; then nothing was touched. Otherwise what the server answers.
    pub fn open(
        address: &Address,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
    ) -> Result<Self, StoreError> {
        Self::open_with(address, mode, randomness, Settings::default())
    }

    /// Opens the ledger in the database at `address`.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub fn open_with(
        address: &Address,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        Self::open_for(address, mode, &Purpose::Use, randomness, settings)
    }

    pub(crate) fn open_for(
        address: &Address,
        mode: OpenMode,
        purpose: &Purpose,
        randomness: impl Randomness + 'static,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let mut randomness = Box::new(randomness);
        let mut session = address.connect()?;
        open::open(&mut session, address, mode, purpose, randomness.as_mut())?;
        transfer::check_purpose(&mut session, address, mode, purpose)?;
        if mode != OpenMode::ReadOnly {
            nodes::add_to_older(&mut session)?;
        }
        let has_nodes = nodes::are_readable(&mut session)?;
        let id_key = read::meta::<32>(&mut session, "id_key")?;
        let pool = Pool::new(address.clone());
        pool.give_back(session);
        let writer = match mode {
            OpenMode::ReadOnly => None,
            OpenMode::Create | OpenMode::Existing => {
                let medium = Writing::new(address.clone(), settings.wait_for_lock_max);
                Some(Writer::start(Box::new(medium), randomness, id_key)?)
            }
        };
        Ok(Self { address: address.clone(), pool, general: GeneralEvents::default(), has_nodes, writer })
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        self.writer.as_ref().ok_or(StoreError::ReadOnly)
    }
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").field("address", &self.address.to_string()).finish_non_exhaustive()
    }
}
