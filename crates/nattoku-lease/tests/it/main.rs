//! The protocol in every state of a small world, and in a few thousand larger ones.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and says what it has seen"
)]

#[cfg(test)]
mod every_state;
#[cfg(test)]
mod simulation;
