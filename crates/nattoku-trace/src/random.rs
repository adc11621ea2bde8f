//! Numbers that nobody else draws. They are no secrets: they only have to be another each time, in every process.

use std::cell::Cell;
use std::hash::{BuildHasher as _, RandomState};

thread_local! {
    /// A key that is random for each thread, and how many were drawn by it: threads write nothing that others read.
    static DRAWN: (RandomState, Cell<u64>) = (RandomState::new(), Cell::new(0));
}

/// The next: what a count becomes under the key. It asks the system for nothing, and allocates nothing.
pub(crate) fn next() -> u64 {
    DRAWN.with(|(key, drawn)| {
        drawn.set(drawn.get().wrapping_add(1));
        key.hash_one(drawn.get())
    })
}
