//! The pages through the real router, over the reference policy and a real store.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what these helpers miss is a failed test"
)]

mod acts;
mod api;
mod authzen;
mod decided;
mod demo_customers;
mod details;
mod every_page;
mod five_hundred;
mod hostile;
mod html;
mod log;
mod notice;
mod numbers;
mod oauth;
mod openapi;
mod package;
mod program;
mod receipts;
mod records;
mod refusals;
mod rendered;
mod sessions;
mod settings;
mod sign_in;
mod site;
mod stopped;
mod versions;
