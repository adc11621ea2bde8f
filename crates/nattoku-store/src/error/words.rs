//! What is said of each error, in both languages, and what to do about it.

use nattoku_model::Text;

use super::StoreError;
use crate::event_json::both;

mod keys;
mod moving;
mod place;
mod server;
mod state;
mod writing;

/// There is an arm for every error: one that is new has words before it compiles.
pub(super) fn of(error: &StoreError) -> Text {
    match error {
        StoreError::Missing { path } => place::missing(path),
        StoreError::NoFolder { folder } => place::no_folder(folder),
        StoreError::NotAStore { path } => place::not_a_store(path),
        StoreError::NewerFormat { path, format, supported } => place::newer_format(path, *format, *supported),
        StoreError::OlderFormat { place, format } => place::older_format(place, *format),
        StoreError::Moved { path } => place::moved(path),
        StoreError::ReadOnly => place::read_only(),
        StoreError::Locked => place::locked(),
        StoreError::Full => place::full(),
        StoreError::Unavailable { source } => place::unavailable(source),
        StoreError::Corrupt { what } => place::corrupt(what),
        StoreError::OldSqlite { version } => place::old_sqlite(version),
        StoreError::Keys(error) => both(error.ja.clone(), error.en.clone()),
        StoreError::KeysChanged => keys::changed(),
        StoreError::Randomness(error) => keys::no_randomness(error),
        StoreError::Held { process, program, machine } => server::held(*process, program, machine),
        StoreError::Unreachable { source } => server::unreachable(source),
        StoreError::NotAllowed { what } => server::not_allowed(what),
        StoreError::Untrusted { source } => server::untrusted(source),
        StoreError::NotUtf8 { place, encoding } => server::not_utf8(place, encoding),
        StoreError::Conflict { index, id, revision } => writing::conflict(*index, id, *revision),
        StoreError::Refused { index, error } => writing::refused(*index, error),
        StoreError::Changed => writing::changed(),
        StoreError::Superseded => writing::superseded(),
        StoreError::Uncertain { source } => writing::uncertain(source),
        StoreError::Stopped => writing::stopped(),
        StoreError::Busy => writing::busy(),
        StoreError::Arriving => moving::arriving(),
        StoreError::NotEmpty { place } => moving::not_empty(place),
        StoreError::NotAFile => moving::not_a_file(),
        StoreError::OtherLedger { place } => state::other_ledger(place),
        StoreError::TokenThere { id } => state::token_there(id),
        StoreError::NoCopy { place, source } => moving::no_copy(place, source),
    }
}
