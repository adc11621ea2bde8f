//! The pages through the real router, over the reference policy and a real store.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what these helpers miss is a failed test"
)]

mod acts;
mod decided;
mod every_page;
mod html;
mod log;
mod notice;
mod openapi;
mod refusals;
mod rendered;
mod site;
