//! Durable state: the ledger in `SQLite`, and the JSON of events.
//!
//! [`event_json`] reads and writes one event as one line of JSON. A [`Store`] keeps events for good: it numbers them
//! without gaps, hashes them into a tree that outsiders can check, and gives back what happened to one principal.
//! What each byte on disk means stands in `docs/reference/ledger-format.md`.

mod append;
mod check;
mod decode;
mod error;
pub mod event_json;
mod general;
mod leaf;
mod random;
mod record;
mod sqlite;
mod store;

pub use error::StoreError;
pub use event_json::{EventError, EventId, ExportLine, NewEvent};
pub use leaf::LEAF_BYTES_MAX;
pub use random::{Randomness, RandomnessError, SeededRandomness};
pub use record::{
    Appended, IdentifiersPage, NewerEvent, PageMark, PrincipalEvents, PrincipalView, PrincipalsPage, Stats,
};
pub use sqlite::{OpenMode, Settings, SqliteStore};
pub use store::Store;
