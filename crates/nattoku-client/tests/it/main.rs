//! The clients against a real server: the router of the program, over a socket.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what these helpers miss is a failed test"
)]

mod cases;
mod layer;
mod quick_start;
mod server;
mod waiting;
