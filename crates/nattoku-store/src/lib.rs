//! Durable state: the ledger in `SQLite` or `PostgreSQL`, and the JSON of events.
//!
//! [`event_json`] reads and writes one event as one line of JSON. A [`Store`] keeps events for good: it numbers them
//! without gaps, hashes them into a tree that outsiders can check, and gives back what happened to one principal.
//! What each byte on disk means stands in `docs/reference/ledger-format.md`. A [`State`] lies beside it: what a deployment remembers
//! and what is no fact about a principal.

mod append;
mod check;
mod decode;
mod erase;
mod error;
pub mod event_json;
mod general;
mod keys;
mod leaf;
mod listening;
mod log;
mod nodes;
mod opening;
mod place;
mod postgres;
mod random;
mod record;
mod sqlite;
mod state;
mod store;
pub mod transfer;
#[cfg(test)]
mod worlds;

pub use error::StoreError;
pub use event_json::{EventError, EventId, ExportLine, NewEvent};
pub use keys::{Kek, Rotated};
pub use leaf::LEAF_BYTES_MAX;
pub use listening::Listening;
pub use nodes::NodeRange;
pub use opening::{OpenMode, Settings};
pub use place::{NotAPlace, Place};
pub use postgres::{Address, NotAnAddress, PostgresStore};
pub use random::{Randomness, RandomnessError, SeededRandomness};
pub use record::{
    Appended, Copied, Erased, ErasedEverywhere, IdentifiersPage, KeyStats, Migrated, NewerEvent, News,
    OpenedLeaf, PageMark, PrincipalEvents, PrincipalKeysPage, PrincipalView, PrincipalsPage, Stats,
};
pub use sqlite::{SqliteStore, backup_in_progress};
pub use state::{
    DeadLetter, KeptPolicy, NoClock, NodeLease, OwnSession, SignedIn, SigningSecret, State, Subscription,
    Token, session_number, time_since_boot,
};
pub use store::{Decide, Store};
