//! What sealing promises: its bytes, that they open where they belong and nowhere else, and the public vectors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod golden;
mod places;
mod secrecy;
mod support;
mod wycheproof;
