//! A node within this program beside a server of the same deployment, over a file and over PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what these helpers miss is a failed test"
)]

mod answers;
mod asynchronous;
mod deployment;
mod ending;
mod policies;
mod promises;
mod quick_start;
mod refusals;
