//! The crate's tests against whole policies.

mod carrier;
