//! The pages through the real router, over the reference policy and a real store.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what these helpers miss is a failed test"
)]

mod access;
mod acts;
mod api;
mod authzen;
mod decided;
mod demo_customers;
mod details;
mod every_page;
mod five_hundred;
mod foot;
mod hostile;
mod html;
mod log;
mod messages;
mod nothing_yet;
mod notice;
mod numbers;
mod oauth;
mod openapi;
mod package;
mod places;
mod plain_words;
mod program;
mod reach;
mod reads;
mod receipts;
mod record;
mod records;
mod refusals;
mod rendered;
mod sessions;
mod settings;
mod sign_in;
mod signals;
mod site;
mod stopped;
mod transmissions;
mod versions;
mod watched;
