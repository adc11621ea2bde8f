//! What the store promises, tried on real files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod append;
mod damage;
mod documents;
mod event_lines;
mod failures;
mod golden;
mod handles;
mod migration;
mod opening;
mod reading;
mod support;
