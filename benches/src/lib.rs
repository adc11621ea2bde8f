//! Measurements of Nattoku, in `benches/benches/`; `cargo xtask bench` runs them and `docs/design/benches.md` keeps figures.
//! Here is what several of them share: a clock of processor time, customers of the reference policy, and what is asked of them.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a measurement stops at the first surprise"
)]

pub mod carrier;
pub mod cpu;
pub mod deciding;
pub mod http;
pub mod pages;
pub mod people;
mod program;
pub mod report;
pub mod scale;
pub mod start;
pub mod store;
pub mod writes;
mod wrk;
