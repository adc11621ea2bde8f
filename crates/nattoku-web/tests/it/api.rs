//! What programs call, through the real router: one file a family of endpoints.

mod events;
mod everybody;
mod feed;
mod principals;
mod problems;
mod questions;
mod running;
mod tokens;
mod wills;
