//! Numbers that nobody else draws. They are no secrets: they only have to be another each time, in every process.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A key that is random for each process.
static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The next: what a count becomes under the key. It asks the system for nothing, and allocates nothing.
pub(crate) fn next() -> u64 {
    KEY.hash_one(COUNT.fetch_add(1, Ordering::Relaxed))
}
