//! What receivers may rely on, tried with a real one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod couriers;
mod deliverers;
mod nats;
mod receiver;
mod shop;
