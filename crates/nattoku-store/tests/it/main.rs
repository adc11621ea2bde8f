//! What the store promises, tried on real files and a real server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says what it drew"
)]

mod backup;
mod contract;
mod crash;
mod damage;
mod documents;
mod erasing;
mod event_lines;
mod failures;
mod formats;
mod golden;
mod keys;
mod listening;
mod log;
mod opening;
mod postgresql;
mod sealing;
mod server_room;
mod server_turns;
mod standbys;
mod state;
mod support;
#[cfg(unix)]
mod tamper;
