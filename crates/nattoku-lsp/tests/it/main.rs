//! The server as an editor talks to it, byte by byte, in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at the first surprise"
)]
#![allow(clippy::needless_pass_by_value, reason = "a message is written where it is sent")]

mod diagnostics;
mod editor;
mod features;
mod nonsense;
mod order;
