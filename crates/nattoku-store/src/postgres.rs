//! The ledger in a database of a `PostgreSQL` server.
//!
//! Reading goes over a few connections, each call in one snapshot. Writing goes over one: the writer holds the ledger's
//! *lease*, a lock of the server that ends with the writer's session, whatever becomes of the writer. Several programs may serve
//! one ledger; whoever wants to append while another holds the lease waits for it, and a holder gives it up when its commit
//! tells that somebody waits, when it rests, and at the latest after a second.

use std::sync::{Arc, Mutex};

use crate::append::{Medium as _, Writer};
use crate::error::StoreError;
use crate::general::GeneralEvents;
use crate::keys::{Kek, Keyring, Of, Opening, Shared};
use crate::opening::{OpenMode, Purpose, Settings};
use crate::random::{Randomness, SharedRandomness};

mod address;
mod append;
mod columns;
mod commit;
mod erase;
mod error;
mod follow;
mod ids;
mod known;
mod lease;
mod listen;
mod log;
mod migrate;
mod nodes;
mod open;
mod pages;
mod pool;
mod read;
mod schema;
mod session;
mod store;
#[cfg(test)]
mod tests;
mod tls;
mod transfer;
mod verify;
mod view;

pub use address::{Address, NotAnAddress};
pub(crate) use append::fixed;
pub(crate) use pool::Pool;
#[cfg(test)]
pub(crate) use schema::tests::{are_in, are_in_the_reference};
pub(crate) use session::Session;

use append::Writing;
use known::Known;

/// A ledger of events in a `PostgreSQL` database.
pub struct PostgresStore {
    address: Address,
    pool: Pool,
    general: Arc<GeneralEvents>,
    /// Whether the database keeps nodes of the tree that this store may read.
    has_nodes: bool,
    settings: Settings,
    keys: Arc<Keyring>,
    known: Arc<Known>,
    /// None where the store was opened for reading.
    writer: Option<Writer>,
}

impl PostgresStore {
    /// Opens the ledger in the database at `address`, whose keys rest on a key-encryption key. There is no place beside a database
    /// where one could lie, so it must be [given](Kek::Given). Keys are made where the ledger has no principals yet. An erasure that
    /// broke off, or that a restore undid, is done before anything else.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the database has no ledger, [`StoreError::NotAStore`] and [`StoreError::NewerFormat`] where
    /// it has something else; then nothing was touched. [`StoreError::Keys`] where the keys are not to be had. Otherwise what the
    /// server answers.
    pub fn open(
        address: &Address,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Self, StoreError> {
        Self::open_for(address, mode, &Purpose::Use, randomness, settings, kek)
    }

    pub(crate) fn open_for(
        address: &Address,
        mode: OpenMode,
        purpose: &Purpose,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Self, StoreError> {
        let randomness: Shared = Arc::new(Mutex::new(Box::new(randomness)));
        let mut for_store = SharedRandomness(Arc::clone(&randomness));
        let mut session = address.connect()?;
        open::open(&mut session, address, mode, purpose, &mut for_store, kek)?;
        transfer::check_purpose(&mut session, address, mode, purpose)?;
        if mode != OpenMode::ReadOnly {
            nodes::add_to_older(&mut session)?;
        }
        let has_nodes = nodes::are_readable(&mut session)?;
        let ledger = read::meta(&mut session, "ledger_id")?;
        let has_principals = read::has_principals(&mut session)?;
        let known = Arc::new(Known::of(&mut session, address)?);
        let is_read_only = mode == OpenMode::ReadOnly;
        let keys = Arc::new(Keyring::open(Opening {
            of: Of::Database(address),
            ledger,
            kek,
            absent: purpose.absent_keys(is_read_only || has_principals),
            is_read_only,
            wait_for_lock_max: settings.wait_for_lock_max,
            randomness,
        })?);
        let pool = Pool::new(address.clone());
        pool.give_back(session);
        let general = Arc::<GeneralEvents>::default();
        let writer = if is_read_only {
            None
        } else {
            let of_ledger = (Arc::clone(&known), Arc::clone(&keys), Arc::clone(&general));
            let mut medium = Writing::new(address.clone(), settings, of_ledger);
            if !purpose.is_arrival() {
                crate::erase::reapply(&mut medium, &keys)?;
                medium.rest();
            }
            let (randomness, id_key) = (Box::new(for_store), keys.event_id_key());
            Some(Writer::start(Box::new(medium), randomness, id_key, settings.rests_after)?)
        };
        Ok(Self { address: address.clone(), pool, general, has_nodes, settings, keys, known, writer })
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        self.writer.as_ref().ok_or(StoreError::ReadOnly)
    }
}

/// A connection that writes to the ledger of a store, and its keys.
#[cfg(test)]
pub(crate) fn medium_of(store: &PostgresStore) -> (impl crate::append::Medium + use<>, Arc<Keyring>) {
    (store.second_writer().unwrap(), Arc::clone(&store.keys))
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").field("address", &self.address.to_string()).finish_non_exhaustive()
    }
}
