//! Time is an argument.

use jiff::Timestamp;

/// Tells the time. The program's edge passes the real one in; tests pass one that they set.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}
