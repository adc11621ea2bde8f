//! What this crate gives and takes, held against other people's and against our own frozen ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops at the first surprise, and says when it is skipped"
)]

mod checkpoints;
mod ed25519;
mod golden;
mod keys;
mod ml_dsa;
mod notes;
mod others;
mod proofs;
mod random;
mod receipts;
mod rfc6962;
mod support;
mod tessera;
mod tiles;
mod vectors;
mod witness;
