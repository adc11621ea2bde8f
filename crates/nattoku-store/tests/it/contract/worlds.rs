//! Folders of files, and databases of a server.

use std::time::Duration;

use nattoku_store::{Kek, OpenMode, Place, RandomnessError, SeededRandomness, Settings, Store, StoreError};
use nattoku_testkit::postgresql::Postgresql;

use super::World;
use crate::support::{Folder, kek_in};

/// Ledgers in files of a folder.
pub(crate) struct Files(Folder);

impl Files {
    pub(crate) fn new() -> Self {
        Self(Folder::new())
    }
}

impl World for Files {
    fn place(&self, ledger: &str) -> Place {
        Place::Sqlite(self.0.path(&format!("{ledger}.sqlite")))
    }

    fn open(&self, ledger: &str, mode: OpenMode, seed: u64) -> Result<Box<dyn Store>, StoreError> {
        self.place(ledger).open(mode, SeededRandomness::new(seed), Settings::default(), &self.kek())
    }

    fn kek(&self) -> Kek {
        kek_in(&self.0.path(""))
    }

    fn impatient(&self) -> Box<dyn Store> {
        let (place, randomness) = (self.place("ledger"), SeededRandomness::new(2));
        place.open(OpenMode::Create, randomness, impatient(), &self.kek()).unwrap()
    }

    fn change_keys(&self, sql: &str) {
        rusqlite::Connection::open(self.0.path("ledger.sqlite.keys")).unwrap().execute_batch(sql).unwrap();
    }

    fn dry(&self, mode: OpenMode) -> Box<dyn Store> {
        self.place("ledger").open(mode, dry, Settings::default(), &self.kek()).unwrap()
    }
}

/// Long enough for whoever is alone.
fn impatient() -> Settings {
    Settings { wait_for_lock_max: Duration::from_millis(100), ..Settings::default() }
}

fn dry(_: &mut [u8]) -> Result<(), RandomnessError> {
    Err(RandomnessError("dry".to_owned()))
}

/// A server of the test's own.
pub(crate) struct Server(pub(crate) Postgresql);

impl Server {
    pub(crate) fn start() -> Option<Self> {
        Postgresql::start("store").map(Self)
    }

    /// Databases whose names begin with that of a promise.
    pub(crate) fn world(&self, promise: &str) -> Databases<'_> {
        Databases { server: &self.0, promise: promise.to_owned() }
    }
}

/// Ledgers in databases of a server.
pub(crate) struct Databases<'a> {
    server: &'a Postgresql,
    promise: String,
}

impl Databases<'_> {
    /// What the database of a ledger is called.
    pub(crate) fn database(&self, ledger: &str) -> String {
        format!("{}_{ledger}", self.promise)
    }

    /// The address of the database of a ledger, which is made if it is not there.
    pub(crate) fn address(&self, ledger: &str) -> String {
        let database = self.database(ledger);
        self.server.make_database(&database);
        self.server.address(&database)
    }
}

impl World for Databases<'_> {
    fn place(&self, ledger: &str) -> Place {
        Place::read(&self.address(ledger)).unwrap()
    }

    fn open(&self, ledger: &str, mode: OpenMode, seed: u64) -> Result<Box<dyn Store>, StoreError> {
        let place = self.place(ledger);
        place.open(mode, SeededRandomness::new(seed), Settings::default(), &self.kek())
    }

    fn kek(&self) -> Kek {
        kek_in(self.server.folder())
    }

    fn impatient(&self) -> Box<dyn Store> {
        let (place, randomness) = (self.place("ledger"), SeededRandomness::new(2));
        place.open(OpenMode::Create, randomness, impatient(), &self.kek()).unwrap()
    }

    fn change_keys(&self, sql: &str) {
        let database = format!("{}_ledger", self.promise);
        self.server.ask(&database, &format!("set search_path = nattoku_keys; {sql}"));
    }

    fn dry(&self, mode: OpenMode) -> Box<dyn Store> {
        let place = Place::read(&self.address("ledger")).unwrap();
        place.open(mode, dry, Settings::default(), &self.kek()).unwrap()
    }
}
