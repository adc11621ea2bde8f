//! The hashes and roots that this ledger gives, held against other people's and against our own frozen ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops at the first surprise, and says when it is skipped"
)]

mod golden;
mod rfc6962;
