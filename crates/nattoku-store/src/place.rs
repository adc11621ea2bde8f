//! Where a ledger is, as somebody names it: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nattoku_model::Language;

use crate::error::StoreError;
use crate::keys::Kek;
use crate::opening::{OpenMode, Purpose, Settings};
use crate::postgres::{Address, NotAnAddress, PostgresStore};
use crate::random::Randomness;
use crate::record::Migrated;
use crate::sqlite::SqliteStore;
use crate::state::{self, State};
use crate::store::Store;

/// Where a ledger is. Shown without the password that may be in it.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a file.
    Sqlite(PathBuf),
    /// In a database of a `PostgreSQL` server.
    Postgres(Address),
}

/// The text names no place of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPlace {
    /// What can be told of the text, since there may be a password in it: the word before its first colon, and nothing
    /// where it does not begin with one.
    pub shown: String,
    /// What is wrong, where the text is an address of `PostgreSQL`.
    pub why: Option<NotAnAddress>,
}

impl fmt::Display for NotAPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown.as_str() {
            "" => f.write_str("the text names no store")?,
            shown => write!(f, "`{shown}` names no store")?,
        }
        self.why.as_ref().map_or(Ok(()), |why| write!(f, ": {}", why.message(Language::En)))
    }
}

impl std::error::Error for NotAPlace {}

impl Place {
    /// Reads `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    /// It is neither.
    pub fn read(text: &str) -> Result<Self, NotAPlace> {
        let refused = |scheme: &str, why| {
            let is_word = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_lowercase());
            let shown = if is_word { format!("{scheme}:…") } else { String::new() };
            Err(NotAPlace { shown, why })
        };
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some((scheme @ ("postgres" | "postgresql"), rest)) if rest.starts_with("//") => {
                match Address::read(text) {
                    Ok(address) => Ok(Self::Postgres(address)),
                    Err(why) => refused(scheme, Some(why)),
                }
            }
            Some((scheme, _)) => refused(scheme, None),
            None => refused("", None),
        }
    }

    /// The file, where the ledger is in one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Opens the ledger there, whose keys rest on a key-encryption key.
    ///
    /// # Errors
    /// As [`SqliteStore::open_sealed`] and [`PostgresStore::open`].
    pub fn open(
        &self,
        mode: OpenMode,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Box<dyn Store>, StoreError> {
        self.open_for(mode, &Purpose::Use, randomness, settings, kek)
    }

    /// Seals the ledger there, where it is of format 1. Nothing, where it is sealed already. `progress` is told how many
    /// principals and payloads are sealed.
    ///
    /// # Errors
    /// The ledger does not hold, or cannot be written; the keys are not to be had. Then it is of format 1 still.
    pub fn migrate(
        &self,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Option<Migrated>, StoreError> {
        match self {
            Self::Sqlite(path) => SqliteStore::migrate(path, randomness, settings, kek, progress),
            Self::Postgres(address) => PostgresStore::migrate(address, randomness, settings, kek, progress),
        }
    }

    /// Opens what is remembered beside the ledger there, or makes it. `ledger` is the [id](Store::ledger_id) of that ledger.
    ///
    /// # Errors
    /// [`StoreError::OtherLedger`] where it is that of another ledger, [`StoreError::NotAStore`] and [`StoreError::NewerFormat`]
    /// where something else is in its place; nothing was touched then. Otherwise what `SQLite` or the server answers.
    pub fn open_state(&self, ledger: [u8; 16], settings: Settings) -> Result<Box<dyn State>, StoreError> {
        match self {
            Self::Sqlite(path) => state::open_beside(path, ledger, settings),
            Self::Postgres(address) => state::open_in(address, ledger),
        }
    }

    /// What the clock says by which leases there are counted, where it is that of another machine.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(address) => state::clock_of(address).map(Some),
        }
    }

    pub(crate) fn open_for(
        &self,
        mode: OpenMode,
        purpose: &Purpose,
        randomness: impl Randomness + 'static,
        settings: Settings,
        kek: &Kek,
    ) -> Result<Box<dyn Store>, StoreError> {
        Ok(match self {
            Self::Sqlite(path) => {
                Box::new(SqliteStore::open_for(path, mode, purpose, randomness, settings, kek)?)
            }
            Self::Postgres(address) => {
                Box::new(PostgresStore::open_for(address, mode, purpose, randomness, settings, kek)?)
            }
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}
