//! The program as its users call it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops at the first surprise, and tells what it passes over"
)]

mod audience;
mod audience_compared;
mod audience_parquet;
mod audience_together;
mod bad_input;
mod clients;
mod commands;
mod demo;
mod deploy;
mod doctor;
mod ending;
mod filter;
mod fixing;
mod folders;
mod formats;
mod identity;
mod japanese;
mod log;
mod lsp;
mod nodes;
mod packs;
#[cfg(feature = "pdf")]
mod paper;
mod policy_export;
mod policy_impact;
mod policy_import;
mod postgresql;
mod proving;
mod readme;
mod receipts;
mod reloading;
mod render;
mod schema;
mod sealing;
mod served;
mod signing;
mod soak;
mod stopped;
mod stream;
mod subscriptions;
mod telling;
mod traces;
mod witness_http;
