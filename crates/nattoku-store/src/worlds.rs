//! Ledgers that vanish with a test, in a file and in a database, for what is tried from inside on both.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nattoku_kek::FileKek;
use nattoku_seal::Key;
use nattoku_testkit::postgresql::Postgresql;

use crate::append::Medium;
use crate::keys::{Kek, Keyring};
use crate::opening::{OpenMode, Settings};
use crate::place::Place;
use crate::postgres::{self, PostgresStore};
use crate::random::SeededRandomness;
use crate::sqlite::{self, SqliteStore};
use crate::store::Store;

/// Where one ledger is.
pub(crate) struct World {
    place: Place,
    kek: Kek,
}

impl World {
    /// The ledger as another program sees it.
    pub(crate) fn store(&self) -> Box<dyn Store> {
        let randomness = SeededRandomness::new(2);
        self.place.open(OpenMode::Create, randomness, Settings::default(), &self.kek).unwrap()
    }

    /// A connection that writes to the ledger, without a store around it, and the keys.
    pub(crate) fn medium(&self) -> (Box<dyn Medium>, Arc<Keyring>) {
        let (randomness, settings) = (SeededRandomness::new(1), Settings::default());
        match &self.place {
            Place::Sqlite(path) => {
                let mode = OpenMode::Create;
                let store = SqliteStore::open_sealed(path, mode, randomness, settings, &self.kek).unwrap();
                let (medium, keys) = sqlite::medium_of(&store);
                (Box::new(medium), keys)
            }
            Place::Postgres(address) => {
                let mode = OpenMode::Create;
                let store = PostgresStore::open(address, mode, randomness, settings, &self.kek).unwrap();
                let (medium, keys) = postgres::medium_of(&store);
                (Box::new(medium), keys)
            }
        }
    }
}

/// What holds wherever the ledger is.
pub(crate) type Promise = fn(&World);

/// Holds each promise over a file of its own.
pub(crate) fn in_files(promises: &[Promise]) {
    static N_FOLDERS: AtomicUsize = AtomicUsize::new(0);
    for promise in promises {
        let n = N_FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("nattoku-inside-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        promise(&World { place: Place::Sqlite(folder.join("ledger.sqlite")), kek: kek_in(&folder) });
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// Holds each promise over a database of its own, where there is a server.
pub(crate) fn in_databases(promises: &[Promise]) {
    let Some(server) = Postgresql::start("inside") else { return };
    let kek = kek_in(server.folder());
    for (n, promise) in promises.iter().enumerate() {
        let database = format!("ledger{n}");
        server.make_database(&database);
        promise(&World { place: Place::read(&server.address(&database)).unwrap(), kek: kek.clone() });
    }
}

/// A key-encryption key in a file of a folder, the same in every folder.
pub(crate) fn kek_in(folder: &Path) -> Kek {
    let path = folder.join("ledger.kek");
    FileKek::create(&path, [0x4b; 16], Key::new([0x5c; 32])).unwrap();
    Kek::Given(Arc::new(FileKek::open(path).unwrap()))
}
