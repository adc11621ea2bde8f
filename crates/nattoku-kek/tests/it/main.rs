//! Every keeper of a key-encryption key keeps the same promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod contract;
mod file;
mod pkcs11;
mod programs;
mod support;
mod transit;
